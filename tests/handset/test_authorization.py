"""The host's own client before a handset that asks for keys."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from framework.contract.errors import HandsetError
from framework.handset.adbd import AdbdConnection
from framework.handset.keys import load_signer
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import virtual_handsets


@pytest.fixture(scope="module")
def asking() -> Iterator[VirtualEndpoint]:
    with virtual_handsets([VirtualRequest("asking", "xiaomi-13", auth="ask")]) as started:
        yield started.endpoint("asking")


def connect(endpoint: VirtualEndpoint, key: Path, timeout_s: float) -> AdbdConnection:
    signer = load_signer(key)  # made before the clock runs
    return AdbdConnection("asking", endpoint.adb, timeout_s, lambda: signer)


def test_it_is_unauthorized_until_somebody_accepts_and_then_for_good(asking: VirtualEndpoint, tmp_path: Path) -> None:
    """The error says what to do; doing it, even after the connection was given up, helps; other keys stay outside."""
    control, key = Control(asking.control), tmp_path / "adbkey"
    with pytest.raises(HandsetError, match=r"asking: unauthorized .*farm virtual auth asking accept"):
        connect(asking, key, 1)
    [request] = control.auth()["asking"]
    assert control.answer(allow=True, fingerprint=request["fingerprint"]) == request
    connect(asking, key, 5).close()
    assert control.auth() == {"policy": "ask", "asking": [], "remembered": [request]}
    with pytest.raises(HandsetError, match="unauthorized"):
        connect(asking, tmp_path / "other", 1)
    control.answer(allow=False)
    control.revoke()
    with pytest.raises(HandsetError, match="unauthorized"):
        connect(asking, key, 1)
    control.answer(allow=False)


def test_it_waits_for_the_answer(asking: VirtualEndpoint, tmp_path: Path) -> None:
    """Accepted while the client waits, it connects; `once` is for this connection only."""
    control, asked = Control(asking.control), threading.Event()

    def accept() -> None:
        while not asked.wait(0.02):
            if control.auth()["asking"]:
                control.answer(allow=True, always=False)
                return

    answering = threading.Thread(target=accept)
    answering.start()
    try:
        connect(asking, tmp_path / "adbkey", 20).close()
    finally:
        asked.set()
        answering.join()
    assert control.auth()["remembered"] == []
