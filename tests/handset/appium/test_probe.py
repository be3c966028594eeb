"""What is said of servers that somebody else runs, before they are needed."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from framework.contract.errors import UsageError
from framework.handset.appium import probe as module
from framework.handset.appium.probe import Server, is_on_this_machine, look_at, without_secrets
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

WITHOUT_DRIVER = "Could not find a driver for automationName 'UiAutomator2' and platformName 'Android'."


@contextmanager
def serving(status: bytes, session: bytes = b'{"value": {"error": "session not created"}}') -> Iterator[str]:
    """A server with these answers to GET /status and POST /session; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            content = status if self.path == "/status" else session
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def status(build: dict[str, Any]) -> bytes:
    return json.dumps({"value": {"ready": True, "build": build}}).encode()


def test_one_that_will_do() -> None:
    """It is told by its version and place."""
    with serving(status({"version": "3.1.0"})) as url:
        assert look_at(url) == Server(f"Appium 3.1.0 at {url}", adb=True)


@pytest.mark.parametrize(
    ("answer", "session", "message"),
    [
        (
            status({"version": "2.19.0"}),
            b"{}",
            "is Appium 2.19.0, and the farm needs Appium 3: npm",
        ),
        (
            status({"version": "3.8.0"}),
            json.dumps({"value": {"message": WITHOUT_DRIVER}}).encode(),
            "has no uiautomator2 driver: appium driver install uiautomator2 there",
        ),
        (b"<html>It works</html>", b"{}", "answers, but is no Appium server: give the URL with its base path"),
        (b'{"value": {"ready": true}}', b"{}", "answers, but is no Appium server"),
        (b"[]", b"{}", "answers, but is no Appium server"),
    ],
)
def test_one_that_will_not_do(answer: bytes, session: bytes, message: str) -> None:
    """Each is told with what to do."""
    with serving(answer, session) as url, pytest.raises(UsageError) as caught:
        look_at(url)
    assert f"{url} {message}" in str(caught.value)


def test_none() -> None:
    """Where nothing listens, that is said, without the password."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UsageError) as caught:
            look_at(f"http://jin:secret@{place}/wd/hub")
    assert f"no Appium server answers at http://{place}/wd/hub (nothing listens there): start it" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_silent_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs no more than the deadline."""
    monkeypatch.setattr(module, "_ANSWER_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(UsageError, match=r"no answer within 0\.2 s"):
            look_at(url)


def test_the_endpoint_of_a_virtual_handset() -> None:
    """It is told as what it is, and needs no adb server; no session is left open there."""
    with virtual_handsets([VirtualRequest("one", "xiaomi-10")]) as started:
        url = started.endpoint("one").appium
        assert look_at(url) == Server(f"embedded endpoint at {url}", adb=False)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:4723", True),
        ("http://localhost:4723/wd/hub", True),
        ("http://[::1]:4723", True),
        ("http://jin:pw@10.0.0.7:4723", False),
        ("https://farm.example", False),
    ],
)
def test_places(url: str, expected: bool) -> None:
    """Whether it shares our loopback; what is told of it holds no password."""
    assert is_on_this_machine(url) == expected
    assert without_secrets(url) == url.replace("jin:pw@", "")
