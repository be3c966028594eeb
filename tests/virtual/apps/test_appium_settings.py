"""Appium's settings app takes the broadcasts that its driver sends, and answers in its words."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from framework.formats.apk import Component, IntentFilter
from framework.virtual.android.input_methods import committed
from framework.virtual.android.packages import Package
from framework.virtual.apps.appium_settings import FOREGROUND_SERVICE, LOCATION_SERVICE, PACKAGE, AppiumSettings

if TYPE_CHECKING:
    from conftest import Bench, OnBench


async def _start(bench: Bench) -> None:
    package = Package(PACKAGE, 192, "8.0.10", 24, 35, 10320, f"/data/app/{PACKAGE}", ("aa",), 0, 0)
    package.activities = (Component(AppiumSettings.main_class, exported=True, enabled=True),)
    package.services = (
        Component(FOREGROUND_SERVICE, exported=False, enabled=True),
        Component(LOCATION_SERVICE, exported=True, enabled=True),
    )
    bench.device.packages.add(package)
    await bench.run("am", "start", "-W", "-n", f"{PACKAGE}/.Settings")


async def _send(bench: Bench, action: str, *extras: str) -> str:
    """The last line that `am broadcast` prints."""
    sent = await bench.run("am", "broadcast", "-a", f"{PACKAGE}.{action}", *extras)
    return sent.out.splitlines()[-1]


def test_it_starts_its_service_and_leaves_the_screen(on_bench: OnBench) -> None:
    """Before, a broadcast has no result; then the service is in the foreground, and home is in front."""

    async def script(bench: Bench) -> None:
        assert await _send(bench, "clipboard.get") == "Broadcast completed: result=0"
        await _start(bench)
        listed = (await bench.run("dumpsys", "activity", "services", PACKAGE)).out
        assert "isForeground=true" in listed
        focused = bench.device.activities.focused
        assert focused is not None
        assert focused.package.name == "com.miui.home"
        await bench.run("am", "force-stop", PACKAGE)
        assert "(nothing)" in (await bench.run("dumpsys", "activity", "services", PACKAGE)).out

    on_bench(script)


def test_the_clipboard_is_read_by_the_input_method(on_bench: OnBench) -> None:
    """As base64; empty while another input method is the default."""

    async def script(bench: Bench) -> None:
        await _start(bench)
        bench.device.clipboard.put("你好")
        assert await _send(bench, "clipboard.get") == 'Broadcast completed: result=-1, data=""'
        bench.device.settings.put("secure", "default_input_method", f"{PACKAGE}/.AppiumIME")
        encoded = base64.b64encode("你好".encode()).decode()
        assert await _send(bench, "clipboard.get") == f'Broadcast completed: result=-1, data="{encoded}"'

    on_bench(script)


def test_settings_that_it_changes(on_bench: OnBench) -> None:
    """Animations, radios and the locale; what it does not understand is canceled."""

    async def script(bench: Bench) -> None:
        await _start(bench)
        settings = bench.device.settings
        assert await _send(bench, "animation", "--es", "setstatus", "disable") == "Broadcast completed: result=-1"
        assert settings.get("global", "window_animation_scale") == "0.0"
        assert await _send(bench, "wifi", "--es", "setstatus", "maybe") == "Broadcast completed: result=0"
        assert await _send(bench, "bluetooth", "--es", "setstatus", "disable") == "Broadcast completed: result=-1"
        assert settings.get("global", "bluetooth_on") == "0"
        chinese = ("--es", "lang", "zh", "--es", "country", "CN")
        assert await _send(bench, "locale", *chinese) == 'Broadcast completed: result=-1, data="zh_Hans_CN"'
        assert (await bench.run("getprop", "persist.sys.locale")).out == "zh-Hans-CN\n"
        unknown = await _send(bench, "locale", "--es", "lang", "xx", "--es", "country", "YY")
        assert unknown == 'Broadcast completed: result=0, data="The locale xx_YY is not known"'
        listed = (await _send(bench, "list_locales")).partition('data="')[2].rstrip('"')
        assert {"language": "zh", "country": "TW", "script": "Hant"} in json.loads(base64.b64decode(listed))["items"]

    on_bench(script)


def test_a_place_that_was_set_is_told(on_bench: OnBench) -> None:
    """None at first; then that of the location service, and the log says so where an update is forced."""

    async def script(bench: Bench) -> None:
        await _start(bench)
        assert await _send(bench, "location") == 'Broadcast completed: result=0, data=""'
        place = ("-e", "longitude", "105.8", "-e", "latitude", "21.03")
        await bench.run("am", "start-foreground-service", *place, f"{PACKAGE}/.LocationService")
        told = await _send(bench, "location", "--ez", "forceUpdate", "true")
        assert told == 'Broadcast completed: result=-1, data="21.0300000 105.8000000 0.0000000"'
        log = (await bench.run("logcat", "-d", "-s", "LocationTracker")).out
        assert "The current location has been successfully retrieved" in log

    on_bench(script)


def test_lists_are_json(on_bench: OnBench) -> None:
    """Messages, and notifications once it may listen; a path that is not there cannot be scanned."""

    async def script(bench: Bench) -> None:
        await _start(bench)
        assert await _send(bench, "sms.read") == 'Broadcast completed: result=-1, data="{"items": [], "total": 0}"'
        assert "no access" in await _send(bench, "notifications")
        await bench.run("cmd", "notification", "allow_listener", f"{PACKAGE}/.NLService")
        data = (await _send(bench, "notifications")).partition('data="')[2].removesuffix('"')
        assert [each["packageName"] for each in json.loads(data)["statusBarNotifications"]] == [PACKAGE]
        assert await _send(bench, "scan_media", "--es", "path", "/sdcard") == (
            'Broadcast completed: result=-1, data=""'
        )
        assert await _send(bench, "scan_media", "--es", "path", "/absent") == 'Broadcast completed: result=0, data=""'

    on_bench(script)


@pytest.mark.parametrize(
    ("method", "keys", "text"),
    [
        ("UnicodeIME", "&T2BZfQ-%sa&-b", "你好 a&b"),
        ("UnicodeIME", "&plain", "&plain"),
        ("AppiumIME", "x/done/", "x"),
        ("EmptyIME", "x", "x"),
    ],
)
def test_its_input_methods_make_text_of_keys(on_bench: OnBench, method: str, keys: str, text: str) -> None:
    """Modified UTF-7 becomes text, an action between slashes none."""

    async def script(bench: Bench) -> str:
        await _start(bench)
        package = bench.device.packages.get(PACKAGE)
        assert package is not None
        keyboard = IntentFilter(("android.view.InputMethod",), ())
        package.services += (Component(f"{PACKAGE}.{method}", exported=True, enabled=True, filters=(keyboard,)),)
        await bench.sh(f"ime enable {PACKAGE}/.{method}; ime set {PACKAGE}/.{method}")
        return committed(bench.device, keys.replace("%s", " "))

    assert on_bench(script) == text
