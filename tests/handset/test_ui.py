"""The UI through the Appium client, against a small server of the W3C protocol."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from support.adb_servers import answering, block

from framework.contract.build import Locator
from framework.contract.capabilities import Target
from framework.contract.errors import AssistantError, HandsetError
from framework.handset import ui as module
from framework.handset.ui import HandsetUi

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
INPUT = Locator(id="a.b:id/input")


class Screen:
    """What the server shows and was told."""

    def __init__(self) -> None:
        self.texts = {"e1": "first", "e2": "last"}
        self.matches: list[list[str]] = []
        """One list of element ids for each search; the last one stays."""
        self.calls: list[tuple[str, str, Any]] = []
        self.stale: set[str] = set()
        self.sessions = 0
        self.dropped = False
        self.locked = False
        self.error = ""
        """What every command but those for sessions fails with."""

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self.calls.append((method, "/".join(path.split("/")[3:]), body))
        if path == "/session":
            self.sessions += 1
            self.dropped = False
            return 200, {"sessionId": f"s{self.sessions}", "capabilities": {}}
        if self.dropped:
            return 404, {"error": "invalid session id", "message": "gone", "stacktrace": ""}
        if self.error and method != "DELETE":
            return 500, {"error": "unknown error", "message": self.error, "stacktrace": ""}
        return self._in_session(path.split("/")[3:])

    def _in_session(self, parts: list[str]) -> tuple[int, Any]:
        if parts == ["elements"]:
            found = self.matches.pop(0) if len(self.matches) > 1 else self.matches[0]
            return 200, [{ELEMENT: name} for name in found]
        if parts[:1] == ["element"] and parts[1] in self.stale:
            self.stale.remove(parts[1])
            return 404, {"error": "stale element reference", "message": "gone", "stacktrace": ""}
        if parts[:1] == ["element"] and parts[2] == "text":
            return 200, self.texts[parts[1]]
        picture = base64.b64encode(b"png").decode()
        values = {"screenshot": picture, "source": "<hierarchy/>", "execute": self.locked}
        return 200, values.get(parts[0] if parts else "")


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def ui(screen: Screen) -> Iterator[HandsetUi]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"null")
            status, value = screen.answer(self.command, self.path, body)
            content = json.dumps({"value": value}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = _serve  # noqa: N815

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        opened = HandsetUi(Target("phone", adbd="1.2.3.4:5555", appium_url=f"http://127.0.0.1:{server.server_port}"))
        yield opened
        opened.close()
        server.shutdown()
        thread.join()


def test_typing_replaces_what_was_there(ui: HandsetUi, screen: Screen) -> None:
    """The element is found by its id, cleared and written to."""
    screen.matches = [["e1"]]
    ui.type(INPUT, "天气?")
    assert [(method, path) for method, path, _ in screen.calls[1:]] == [
        ("POST", "elements"),
        ("POST", "element/e1/clear"),
        ("POST", "element/e1/value"),
    ]
    assert screen.calls[1][2] == {"using": "id", "value": "a.b:id/input"}
    assert screen.calls[3][2]["text"] == "天气?"


@pytest.mark.parametrize(
    ("locator", "using", "value"),
    [
        (Locator(id="x"), "id", "x"),
        (Locator(accessibility_id="x y"), "accessibility id", "x y"),
        (Locator(xpath="//a[1]"), "xpath", "//a[1]"),
    ],
)
def test_locators(ui: HandsetUi, screen: Screen, locator: Locator, using: str, value: str) -> None:
    """Each kind of locator is what Appium calls it."""
    screen.matches = [["e1"]]
    ui.tap(locator)
    assert screen.calls[1][2] == {"using": using, "value": value}
    assert screen.calls[2][:2] == ("POST", "element/e1/click")


def test_elements_are_awaited(ui: HandsetUi, screen: Screen) -> None:
    """An element that appears late, or is replaced under our hands, is found all the same."""
    screen.matches = [[], [], ["e1"], ["e2"]]
    screen.stale = {"e1"}
    ui.tap(INPUT)
    assert screen.calls[-1][:2] == ("POST", "element/e2/click")


def test_an_element_that_never_comes(ui: HandsetUi, screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the build's fault, and the locator is named."""
    monkeypatch.setattr(module, "FIND_S", 0.1)
    screen.matches = [[]]
    with pytest.raises(AssistantError, match=r"a\.b: nothing on its screen matches id 'a\.b:id/input'"):
        ui.tap(INPUT)


def test_a_locked_screen_is_the_labs(ui: HandsetUi, screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    """What its lock screen covers is not missing in the build."""
    monkeypatch.setattr(module, "FIND_S", 0.1)
    screen.matches, screen.locked = [[]], True
    with pytest.raises(HandsetError, match=r"phone: its screen is locked \(unlock it"):
        ui.tap(INPUT)


def test_the_last_text_counts(ui: HandsetUi, screen: Screen) -> None:
    """Of several matches the last is read; without any there is no text."""
    screen.matches = [["e1", "e2"], []]
    assert ui.text(INPUT) == "last"
    assert ui.text(INPUT) is None


def test_screenshot_and_source(ui: HandsetUi) -> None:
    """The PNG's bytes and the hierarchy as text."""
    assert ui.screenshot() == b"png"
    assert ui.source() == "<hierarchy/>"


def test_one_session_for_all(ui: HandsetUi, screen: Screen) -> None:
    """The session is opened at the first use with the handset's address, and only once."""
    for _ in range(3):
        ui.source()
    assert screen.sessions == 1
    wanted = screen.calls[0][2]["capabilities"]["alwaysMatch"]
    assert (wanted["platformName"], wanted["appium:automationName"]) == ("Android", "UiAutomator2")
    assert (wanted["appium:udid"], wanted["appium:noReset"]) == ("1.2.3.4:5555", True)


def test_a_dropped_session_is_opened_again(ui: HandsetUi, screen: Screen) -> None:
    """A server that has forgotten the session costs one more, not an error."""
    ui.source()
    screen.dropped = True
    assert ui.source() == "<hierarchy/>"
    assert screen.sessions == 2


def test_the_session_is_ended(ui: HandsetUi, screen: Screen) -> None:
    """Closing tells the server; closing twice is nothing."""
    ui.source()
    ui.close()
    ui.close()
    assert [call[0] for call in screen.calls].count("DELETE") == 1


def test_no_server_answers() -> None:
    """A dead server is a HandsetError with the handset's name."""
    ui = HandsetUi(Target("phone", adbd="1.2.3.4:5555", appium_url="http://127.0.0.1:9"))
    with pytest.raises(HandsetError, match="phone: its UI does not answer"):
        ui.screenshot()


def test_no_server_is_named() -> None:
    """Without an Appium server there is a way to name one."""
    with pytest.raises(HandsetError, match=r"no Appium server is named for it .give --appium"):
        HandsetUi(Target("phone", adbd="1.2.3.4:5555")).source()


def test_a_handset_on_tcp_is_connected_for_appium() -> None:
    """Before the session is asked for, to the adb server that Appium is told of; that one fails is told by itself."""
    refusal = "failed to connect to '1.2.3.4:5555': Connection refused"
    with answering({"host:connect:1.2.3.4:5555": b"OKAY" + block(refusal)}) as server:
        target = Target("phone", adbd="1.2.3.4:5555", appium_url="http://127.0.0.1:9", appium_adb=server.address)
        with pytest.raises(HandsetError, match=r"phone: failed to connect to '1\.2\.3\.4:5555'"):
            HandsetUi(target).source()
    wanted = module.capabilities(target)
    assert (wanted["appium:udid"], f"127.0.0.1:{wanted['appium:adbPort']}") == ("1.2.3.4:5555", server.address)
    assert wanted["appium:suppressKillServer"] is True


@pytest.mark.parametrize(("listed", "state"), [("phone1\toffline\n", "offline"), ("", "absent")])
def test_a_handset_that_its_adb_server_cannot_serve(listed: str, state: str) -> None:
    """It is told at once, with the mend, and Appium is not asked to look for it."""
    with answering({"host:devices": b"OKAY" + block(listed)}) as server:
        target = Target("phone", serial="phone1", appium_url="http://127.0.0.1:9", appium_adb=server.address)
        with pytest.raises(
            HandsetError, match=f"phone: the adb server at .* says that it is in state {state}"
        ) as caught:
            HandsetUi(target).source()
    assert "adb connect" in caught.value.mend


@pytest.mark.parametrize(
    ("message", "mend"),
    [
        ("Could not find a connected Android device in 20000ms", "adb connect"),
        ("Device X was not in the list of connected devices", "adb connect"),
        ("adb: failed to install settings_apk-debug.apk: Failure [INSTALL_FAILED_USER_RESTRICTED]", "Install via USB"),
        ("Injecting to another application requires INJECT_EVENTS permission", "USB debugging (Security settings)"),
        ("the instrumentation process is not running (probably crashed)", "another program"),
    ],
)
def test_what_appium_says(ui: HandsetUi, screen: Screen, message: str, mend: str) -> None:
    """Its words, and what to do about them."""
    screen.error = message
    with pytest.raises(HandsetError, match=r"phone: its UI does not answer: ") as caught:
        ui.source()
    assert message in caught.value.what
    assert mend in caught.value.mend


def test_an_adb_server_is_passed_on() -> None:
    """Appium must use the adb server that knows the handset."""
    wanted = module.capabilities(Target("phone", serial="S1", adb_server="10.0.0.1:5038"))
    assert (wanted["appium:udid"], wanted["appium:remoteAdbHost"], wanted["appium:adbPort"]) == (
        "S1",
        "10.0.0.1",
        5038,
    )


def test_importing_is_cheap() -> None:
    """Opening a handset does not import what it may never need: Appium, adbutils, numpy, cryptography."""
    heavy = ("appium", "selenium", "adbutils", "numpy", "cryptography", "PIL", "requests")
    code = f"import sys, framework.handset.handset; print([name for name in {heavy} if name in sys.modules])"
    root = Path(module.__file__).parents[2]
    printed = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True).stdout
    assert printed == b"[]\n"
