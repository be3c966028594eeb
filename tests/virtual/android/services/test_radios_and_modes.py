"""Services that switch something: what they print, and that what they switched is so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, OnBench


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        (
            "cmd connectivity airplane-mode; cmd connectivity airplane-mode enable; cmd connectivity airplane-mode",
            "disabled\nenabled\n",
        ),
        ("cmd connectivity airplane-mode enable; settings get global wifi_on; settings get global nfc_on", "0\n1\n"),
        (
            "svc wifi disable; cmd connectivity airplane-mode enable; cmd connectivity airplane-mode disable; "
            "settings get global wifi_on; settings get global mobile_data",
            "0\n1\n",
        ),
        ("cmd -w wifi set-wifi-enabled disabled; cmd wifi status | head -n 1", "Wifi is disabled\n"),
        ("cmd phone data disable; settings get global mobile_data", "0\n"),
        (
            "cmd bluetooth_manager disable; cmd bluetooth_manager wait-for-state:STATE_ON; "
            "settings get global bluetooth_on",
            "disable: Success\nwait-for-state:STATE_ON: FAILED\n0\n",
        ),
        (
            "cmd uimode night; cmd uimode night yes; cmd uimode night; cmd uimode car",
            "Night mode: no\nNight mode: yes\nNight mode: yes\nCar mode: no\n",
        ),
        (
            "cmd location is-location-enabled; cmd location set-location-enabled false; "
            "cmd location is-location-enabled; "
            "settings get secure location_mode",
            "true\nfalse\n0\n",
        ),
        (
            "dumpsys SurfaceFlinger --display-id",
            'Display 0 (HWC display 0): port=0 pnpId=QCM displayName="Built-in Screen"\n',
        ),
        (
            "head -n 2 /proc/net/unix",
            "Num       RefCount Protocol Flags    Type St Inode Path\n"
            "0000000000000000: 00000002 00000000 00010000 0001 01 14000 /dev/socket/adbd\n",
        ),
    ],
)
def test_switches(on_bench: OnBench, script: str, printed: str) -> None:
    """Each command in the words of AOSP, and the setting behind it."""

    async def run(bench: Bench) -> str:
        return (await bench.sh(script)).out

    assert on_bench(run) == printed


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        (
            "appops set com.miui.home android:mock_location allow; appops get com.miui.home MOCK_LOCATION",
            "MOCK_LOCATION: allow\n",
        ),
        (
            "appops get com.miui.home CAMERA; appops get com.miui.home PROJECT_MEDIA",
            "No operations.\nDefault mode: allow\nNo operations.\nDefault mode: ignore\n",
        ),
        (
            "cmd appops set --user 0 com.miui.home CAMERA deny; cmd appops query-op CAMERA deny; "
            "cmd appops reset com.miui.home; "
            "cmd appops get com.miui.home",
            "com.miui.home\nReset all modes for: com.miui.home, all users\nNo operations.\n",
        ),
        ("appops set org.absent CAMERA allow 2>&1", "Error: No UID for org.absent in user 0\n"),
        ("appops set com.miui.home NONE allow 2>&1", "Error: Unknown operation string: NONE\n"),
        ("appops set com.miui.home CAMERA maybe 2>&1; echo $?", "Error: Mode maybe is not valid\n255\n"),
    ],
)
def test_app_ops(on_bench: OnBench, script: str, printed: str) -> None:
    """Modes are kept by package and operation; defaults are the operations' own."""

    async def run(bench: Bench) -> str:
        return (await bench.sh(script)).out

    assert on_bench(run) == printed


def test_what_an_intent_would_start(on_bench: OnBench) -> None:
    """A package alone is asked for its launcher activity; several are listed by name."""

    async def run(bench: Bench) -> list[str]:
        resolve = "cmd package resolve-activity --brief"
        lines = (
            f"{resolve} com.android.settings | tail -n 1",
            f"{resolve} org.absent",
            "cmd package resolve-activity -n com.android.settings/.Settings | head -n 3",
            "cmd package query-activities --brief -a android.intent.action.MAIN -c android.intent.category.HOME",
        )
        return [(await bench.sh(line)).out for line in lines]

    match = "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=true\n"
    assert on_bench(run) == [
        "com.android.settings/.Settings\n",
        "No activity found\n",
        f"{match}ActivityInfo:\n  name=com.android.settings.Settings\n",
        f"1 activities found:\n  {match}  com.miui.home/.launcher.Launcher\n",
    ]
