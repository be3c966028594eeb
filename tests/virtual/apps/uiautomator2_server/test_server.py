"""The UiAutomator2 server on its device port: envelope, sessions, elements, gestures, and its end."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import TYPE_CHECKING, Any

from framework.formats.apk import Component, IntentFilter
from framework.formats.apk import Instrumentation as Declared
from framework.virtual.android.packages import Package
from framework.virtual.apps.uiautomator2_server.instrumentation import (
    PORT,
    POWER_DISCONNECTED,
    TARGET,
    UiAutomator2Server,
)
from framework.virtual.ui.automation.client import ELEMENT_KEY

if TYPE_CHECKING:
    from conftest import Bench, OnBench

COMPONENT = f"{UiAutomator2Server.package}/{UiAutomator2Server.runner}"
ASSISTANT = "org.pocketfarm.assistant"


class Server:
    """The server started on a handset, and one keep-alive connection to it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        for number, name in enumerate((TARGET, UiAutomator2Server.package)):
            bench.device.packages.add(
                Package(name, 278, "10.6.6", 26, 34, 10300 + number, f"/data/app/{name}", ("aa",), 0, 0)
            )
        package = bench.device.packages.get(TARGET)
        assert package is not None
        power = IntentFilter((POWER_DISCONNECTED,), ())
        package.receivers = (Component(f"{TARGET}.Power", exported=True, enabled=True, filters=(power,)),)
        package = bench.device.packages.get(UiAutomator2Server.package)
        assert package is not None
        package.instrumentations = (Declared(UiAutomator2Server.runner, TARGET),)
        self.running = bench.start("am", "instrument", "-w", "-e", "disableAnalytics", "true", COMPONENT)
        self.path = ""

    async def connect(self) -> None:
        await self.running.out.wait_for("AppiumUiAutomator2Server:")
        while not self.bench.device.ports.listening(PORT):
            await asyncio.sleep(0)
        self._reader, self._writer = self.bench.device.ports.connect(PORT)

    async def open(self) -> None:
        await self.connect()
        _, answer = await self.ask("POST", "/session", {"capabilities": {"firstMatch": [{}], "alwaysMatch": {}}})
        self.path = f"/session/{answer['sessionId']}"

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status and the whole answer."""
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:8200\r\nContent-Length: {len(data)}\r\n\r\n"
        await self._writer.write(head.encode() + data)
        status = int((await self._reader.readline()).split()[1])
        length = 0
        while (line := await self._reader.readline()).strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        answer = bytearray()
        while len(answer) < length:
            answer += await self._reader.read(length - len(answer))
        return status, json.loads(answer)

    async def value(self, method: str, path: str, body: Any = None) -> Any:
        """Of a command of the session that succeeds."""
        status, answer = await self.ask(method, self.path + path, body)
        assert status == 200, answer
        return answer["value"]

    async def find(self, strategy: str, selector: str) -> str:
        found = await self.value("POST", "/element", {"strategy": strategy, "selector": selector, "context": ""})
        assert found == {"ELEMENT": found[ELEMENT_KEY], ELEMENT_KEY: found[ELEMENT_KEY]}
        return str(found[ELEMENT_KEY])


def test_before_during_and_after_a_session(on_bench: OnBench) -> None:
    """Refused before it listens; ready; one session in the envelope; its end ends the instrumentation in peace."""

    async def script(bench: Bench) -> None:
        server = Server(bench)
        assert not bench.device.ports.listening(PORT)
        await server.connect()
        build = {"version": "10.6.6", "versionCode": 278}
        message = "UiAutomator2 Server is ready to accept commands"
        ready = {"sessionId": None, "value": {"ready": True, "message": message, "build": build}}
        assert await server.ask("GET", "/status") == (200, ready)
        assert await server.ask("GET", "/sessions") == (200, {"sessionId": None, "value": []})
        status, answer = await server.ask("GET", "/session/x/source")
        assert (status, answer["value"]["error"]) == (404, "invalid session id")
        await server.open()
        name = server.path.removeprefix("/session/")
        assert [each["id"] for each in (await server.ask("GET", "/sessions"))[1]["value"]] == [name]
        status, answer = await server.ask("DELETE", "/session/other")
        assert (status, answer["value"]["error"]) == (404, "invalid session id")
        assert await server.ask("DELETE", server.path) == (200, {"sessionId": name, "value": None})
        assert await server.running.task == 0
        assert server.running.out.text.endswith("\n\nOK (1 test)\n\n\n")
        assert not bench.device.ports.listening(PORT)
        assert TARGET not in (await bench.run("ps", "-A")).out

    on_bench(script)


def test_without_power_it_stops(on_bench: OnBench) -> None:
    """As on a phone, whose charger is taken out or said to be; not where the session's settings forbid it."""

    async def script(bench: Bench) -> None:
        server = Server(bench)
        await server.open()
        await server.value("POST", "/appium/settings", {"settings": {"shutdownOnPowerDisconnect": False}})
        bench.device.physics.power.plug(False)
        assert (await server.ask("GET", "/status"))[0] == 200
        bench.device.physics.power.plug(True)
        await server.value("POST", "/appium/settings", {"settings": {"shutdownOnPowerDisconnect": True}})
        await bench.run("dumpsys", "battery", "unplug")
        assert await server.running.task == 0
        assert "OK (1 test)" in server.running.out.text

    on_bench(script)


def test_the_handset_is_described(on_bench: OnBench) -> None:
    """Density, bars, size, information, battery, windows and displays agree with the profile and each other."""

    async def script(bench: Bench) -> None:
        server = Server(bench)
        await server.open()
        display = bench.device.screen.display
        assert await server.value("GET", "/appium/device/pixel_ratio") == display.density / 160
        assert await server.value("GET", "/appium/device/system_bars") == {"statusBar": display.px(28)}
        size = {"width": display.width, "height": display.height}
        assert await server.value("GET", "/window/current/size") == size
        info = await server.value("GET", "/appium/device/info")
        profile = bench.device.profile
        assert (info["apiVersion"], info["platformVersion"]) == (str(profile.build.sdk), profile.build.release)
        assert await server.value("GET", "/appium/device/battery_info") == {"level": 0.75, "status": 2}
        windows = await server.value("POST", "/appium/list_windows", {"filters": {"packageName": "com.miui.*"}})
        assert [(each["isFocused"], each["rect"]) for each in windows] == [(True, {"x": 0, "y": 0, **size})]
        [panel] = await server.value("POST", "/appium/list_displays", {})
        assert panel["metrics"]["densityDpi"] == await server.value("GET", "/appium/device/display_density")
        assert (await server.value("GET", "/appium/settings"))["waitForIdleTimeout"] == 10000
        await server.value("POST", "/appium/settings", {"settings": {"waitForIdleTimeout": 1, "unknown": 2}})
        changed = await server.value("GET", "/appium/settings")
        assert (changed["waitForIdleTimeout"], "unknown" in changed) == (1, False)

    on_bench(script)


def test_elements_are_found_and_used(on_bench: OnBench, assistant_apk: bytes) -> None:
    """Text goes into the field with the focus, replaced or added; keys, clear, attributes and errors."""

    async def script(bench: Bench) -> None:
        await _start_assistant(bench, assistant_apk)
        server = Server(bench)
        await server.open()
        field = await server.find("id", f"{ASSISTANT}:id/input")
        assert await server.value("POST", f"/element/{field}/value", {"text": "two", "replace": False}) is None
        await server.value("POST", "/keys", {"text": " words"})
        assert await server.value("GET", f"/element/{field}/text") == "two words"
        active = await server.value("GET", "/element/active")
        assert active[ELEMENT_KEY] == field
        await server.value("POST", f"/element/{field}/value", {"text": "one", "replace": True})
        await server.value("POST", "/appium/device/press_keycode", {"keycode": "67"})
        assert await server.value("GET", f"/element/{field}/attribute/text") == "on"
        await server.value("POST", f"/element/{field}/clear", {})
        assert await server.value("GET", f"/element/{field}/text") == "Message"
        rect = await server.value("GET", f"/element/{field}/rect")
        assert await server.value("GET", f"/element/{field}/size") == {name: rect[name] for name in ("width", "height")}
        assert await server.value("GET", f"/element/{field}/location") == {name: rect[name] for name in ("x", "y")}
        send = await server.find("accessibility id", "Send")
        assert await server.value("GET", f"/element/{send}/name") == "Send"
        status, answer = await server.ask("POST", f"{server.path}/element", {"strategy": "id", "selector": "absent"})
        assert (status, answer["value"]["error"], answer["value"]["stacktrace"]) == (404, "no such element", "")
        picture = base64.b64decode(await server.value("GET", f"/element/{send}/screenshot"))
        assert picture.startswith(b"\x89PNG")

    on_bench(script)


def test_gestures_come_in_parts(on_bench: OnBench, assistant_apk: bytes) -> None:
    """An element with an offset in it, and an area without one; what a gesture needs and lacks is told."""

    async def script(bench: Bench) -> None:
        await _start_assistant(bench, assistant_apk)
        server = Server(bench)
        await server.open()
        field = await server.find("id", f"{ASSISTANT}:id/input")
        origin = {ELEMENT_KEY: field, "ELEMENT": field}
        await server.value("POST", "/appium/gestures/click", {"origin": origin, "offset": {"x": 5, "y": 5}})
        assert (await server.value("GET", "/element/active"))[ELEMENT_KEY] == field
        area = {"left": 100, "top": 500, "width": 400, "height": 800}
        body = {"area": area, "direction": "down", "percent": 0.5}
        assert await server.value("POST", "/appium/gestures/scroll", body) is False
        status, answer = await server.ask("POST", f"{server.path}/appium/gestures/swipe", {"area": area})
        assert (status, answer["value"]["error"]) == (400, "invalid argument")
        await server.value("POST", "/appium/device/open_notifications", {})
        assert bench.device.shade.expanded
        await server.value("POST", "/back", {})
        assert not bench.device.shade.expanded

    on_bench(script)


def test_a_list_is_scrolled_until_a_view_shows(on_bench: OnBench, assistant_apk: bytes) -> None:
    """By description, class or UiSelector; another strategy, and what no list shows, are told."""

    async def script(bench: Bench) -> None:
        await _start_assistant(bench, assistant_apk)
        server = Server(bench)
        await server.open()
        field = await server.find("id", f"{ASSISTANT}:id/input")
        for number in range(30):
            await server.value("POST", f"/element/{field}/value", {"text": f"question {number}\n", "replace": True})
        assert (await _try_to_find(server, "question 0"))[0] == 404
        first = {"strategy": "-android uiautomator", "selector": 'new UiSelector().text("question 0")', "maxSwipes": 20}
        assert await server.value("POST", "/gestures/scroll_to", {"params": first}) is None
        assert (await _try_to_find(server, "question 0"))[0] == 200
        absent = {"strategy": "accessibility id", "selector": 'no "such" view', "maxSwipes": 2}
        status, answer = await server.ask("POST", f"{server.path}/gestures/scroll_to", {"params": absent})
        assert (status, answer["value"]["error"]) == (404, "no such element")
        status, answer = await server.ask(
            "POST", f"{server.path}/gestures/scroll_to", {"params": {"strategy": "id", "selector": "x"}}
        )
        assert (status, answer["value"]["error"]) == (400, "invalid argument")

    on_bench(script)


async def _try_to_find(server: Server, text: str) -> tuple[int, Any]:
    selector = f'new UiSelector().text("{text}")'
    return await server.ask(
        "POST", f"{server.path}/element", {"strategy": "-android uiautomator", "selector": selector}
    )


def test_scheduled_actions_are_repeated(on_bench: OnBench, assistant_apk: bytes) -> None:
    """In device time, with the newest result first; they stop as told, and a step that fails says why."""

    async def script(bench: Bench) -> None:
        await _start_assistant(bench, assistant_apk)
        server = Server(bench)
        await server.open()
        locator = {"strategy": "id", "selector": f"{ASSISTANT}:id/input"}
        click = {"type": "gesture", "name": "focus", "payload": {"subtype": "click", "locator": locator}}
        action = {"name": "twice", "steps": [click], "times": 2, "intervalMs": 500, "maxPass": None}
        await server.value("POST", "/appium/schedule_action", action)
        await bench.device.clock.sleep(5_000_000_000)
        history = await server.value("POST", "/appium/action_history", {"name": "twice"})
        (newer,), (older,) = history["stepResults"]
        assert (history["repeats"], newer["passed"], older["name"]) == (2, True, "focus")
        assert 500 <= newer["timestamp"] - older["timestamp"] < 1500
        assert (await server.value("GET", "/element/active"))[ELEMENT_KEY]
        wrong = {"type": "source", "name": "dump", "payload": {"subtype": "json"}}
        action = {"name": "never", "steps": [wrong], "times": 9, "intervalMs": 10, "maxFail": 3, "maxHistoryItems": 2}
        await server.value("POST", "/appium/schedule_action", action)
        await bench.device.clock.sleep(1_000_000_000)
        history = await server.value("POST", "/appium/unschedule_action", {"name": "never"})
        assert (history["repeats"], len(history["stepResults"])) == (3, 2)
        assert "no subtype 'json'" in history["stepResults"][0][0]["exception"]["message"]
        status, answer = await server.ask("POST", f"{server.path}/appium/action_history", {"name": "never"})
        assert (status, answer["value"]["error"]) == (400, "invalid argument")

    on_bench(script)


def test_the_screen_turns(on_bench: OnBench) -> None:
    """Orientation and rotation are two views of one state."""

    async def script(bench: Bench) -> None:
        server = Server(bench)
        await server.open()
        assert await server.value("POST", "/orientation", {"orientation": "LANDSCAPE"}) == "LANDSCAPE"
        assert await server.value("GET", "/rotation") == {"x": 0, "y": 0, "z": 90}
        await server.value("POST", "/rotation", {"x": 0, "y": 0, "z": 0})
        assert await server.value("GET", "/orientation") == "PORTRAIT"

    on_bench(script, profile="xiaomi-13")


def test_the_clipboard_is_the_handsets(on_bench: OnBench) -> None:
    """It takes what is set; only who has the focus or the default input method may read it."""

    async def script(bench: Bench) -> None:
        server = Server(bench)
        await server.open()
        content = base64.b64encode("你好".encode()).decode()
        await server.value("POST", "/appium/device/set_clipboard", {"content": content, "contentType": "plaintext"})
        assert await server.value("POST", "/appium/device/get_clipboard", {}) == ""
        assert bench.device.clipboard.get("com.miui.home") == "你好"
        bench.device.settings.put("secure", "default_input_method", f"{TARGET}/.Keyboard")
        assert await server.value("POST", "/appium/device/get_clipboard", {}) == content

    on_bench(script)


async def _start_assistant(bench: Bench, apk: bytes) -> None:
    assert (await bench.cmd("package", "install", "-S", str(len(apk)), stdin=apk)).status == 0
    await bench.run("am", "start", "-W", "-n", f"{ASSISTANT}/.ConversationActivity")
