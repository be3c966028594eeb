"""The lock screen: when it is there, what gets past it, and what the dumps say of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from framework.virtual.reboot import restart

if TYPE_CHECKING:
    from conftest import Bench, OnBench


async def cycle(bench: Bench) -> None:
    for key in ("SLEEP", "WAKEUP"):
        await bench.run("input", "keyevent", key)


def focus_of(dump: str) -> str:
    """The title of the window that has the focus."""
    found = re.search(r"mCurrentFocus=(?:Window\{[0-9a-f]+ u0 ([^}]+)\}|(null))", dump)
    assert found is not None
    return found[1] or found[2]


async def state(bench: Bench) -> tuple[str, bool, bool]:
    """The focused window, what Appium takes for a lock, and whether an activity is resumed."""
    window = (await bench.run("dumpsys", "window")).out
    activities = (await bench.run("dumpsys", "activity", "activities")).out
    return focus_of(window), "mShowingLockscreen=true" in window, "  ResumedActivity: null" not in activities


HOME = "com.miui.home/com.miui.home.launcher.Launcher"


@pytest.mark.parametrize(
    "opening",
    [
        "input swipe 540 1900 540 900 200",
        "wm dismiss-keyguard",
        "input keyevent 82",
    ],
)
def test_a_lock_screen_without_secret(on_bench: OnBench, opening: str) -> None:
    """It is there when the screen was off, and a swipe or a command takes it away."""

    async def script(bench: Bench) -> list[tuple[str, bool, bool]]:
        await cycle(bench)
        locked = await state(bench)
        await bench.sh(opening)
        return [locked, await state(bench)]

    assert on_bench(script) == [("NotificationShade", True, False), (HOME, False, True)]


def test_no_lock_screen(on_bench: OnBench) -> None:
    """`set-disabled true`: what was in front is there again."""

    async def script(bench: Bench) -> tuple[str, str, tuple[str, bool, bool]]:
        told = (await bench.sh("locksettings set-disabled true; locksettings get-disabled")).out
        await bench.run("input", "keyevent", "SLEEP")
        dark = focus_of((await bench.run("dumpsys", "window")).out)
        await bench.run("input", "keyevent", "WAKEUP")
        return told, dark, await state(bench)

    told, dark, after = on_bench(script)
    assert (told, dark, after) == ("Lock screen disabled set to true\ntrue\n", "null", (HOME, False, True))


def test_a_pin_keeps_out(on_bench: OnBench) -> None:
    """Home and a swipe do not get past it, a wrong PIN is told of, the right one opens."""

    async def script(bench: Bench) -> tuple[list[str], str, tuple[str, bool, bool]]:
        await bench.sh("locksettings set-pin 1234")
        await cycle(bench)
        fronts = []
        for command in ("input keyevent HOME", "input swipe 540 1900 540 900 200", "input text 9999"):
            await bench.sh(command)
            fronts.append((await state(bench))[0])
        await bench.sh("input keyevent ENTER")
        said = bench.device.screen.xml()
        key = bench.device.screen.tree().find("key4")
        assert key is not None
        await bench.sh("input text 123")
        assert 'text="•••"' in bench.device.screen.xml()
        bench.device.screen.tap(*key.bounds.center)
        await bench.sh("input keyevent 66")
        return fronts, said, await state(bench)

    fronts, said, after = on_bench(script)
    assert fronts == ["NotificationShade"] * 3
    assert "Wrong PIN" in said
    assert "com.android.systemui:id/pinEntry" in said
    assert after == (HOME, False, True)


def test_locksettings_wants_the_old_secret(on_bench: OnBench) -> None:
    """In the words that Appium looks for."""

    async def script(bench: Bench) -> list[str]:
        commands = (
            "verify",
            "set-pin 12",
            "set-pin 1234",
            "verify",
            "verify --old 1234",
            "set-password --old 1234 abcd",
        )
        commands += ("clear --old 1234", "clear --old abcd", "clear --old abcd", "get-disabled")
        return [(await bench.sh(f"locksettings {words}")).out for words in commands]

    assert on_bench(script) == [
        "Lock credential verified successfully\n",
        "New credential doesn't satisfy admin policies: Too short\n",
        "Pin set to '1234'\n",
        "Old password '' didn't match\n",
        "Lock credential verified successfully\n",
        "Password set to 'abcd'\n",
        "Old password '1234' didn't match\n",
        "Lock credential cleared\n",
        "Old password provided but user has no password\n",
        "false\n",
    ]


def test_a_started_handset_is_locked(on_bench: OnBench) -> None:
    """As when the key was pressed; unless the lock screen is none."""

    async def script(bench: Bench) -> list[bool]:
        seen = []
        for disabled in (False, True):
            bench.device.keyguard.disabled = disabled
            await restart(bench.device)
            seen.append(bench.device.keyguard.showing)
        return seen

    assert on_bench(script) == [True, False]
