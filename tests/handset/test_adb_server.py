"""An adb server itself: where it is, what it lists, and what it is asked to do for a handset."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from support.adb_servers import answering, block

from framework.contract.errors import DeadlineError, HandsetError, UsageError
from framework.handset.adb_server import (
    SeenHandset,
    connect_handset,
    disconnect_handset,
    listed_devices,
    seen_handsets,
    server_address,
    server_version,
    state,
)

LISTED = (
    "X1\tdevice\n10.0.0.7:5555\toffline\n"
    "X2\tno permissions (missing udev rules? user is in the plugdev group); see [http://developer.android.com]\n"
    "X3\trecovery\n"
)


def test_handsets_are_listed() -> None:
    """Serial, state and the mend, as `adb devices` lists them; serials may have colons."""
    with answering({"host:devices": b"OKAY" + block(LISTED)}) as server:
        found = seen_handsets(server.address)
        assert state(server.address, "10.0.0.7:5555") == "offline"
        assert state(server.address, "X9") is None
    assert [(seen.serial, seen.state, bool(seen.mend)) for seen in found] == [
        ("X1", "device", False),
        ("10.0.0.7:5555", "offline", True),
        ("X2", "no permissions", True),
        ("X3", "recovery", True),
    ]
    assert found[0] == SeenHandset("X1", "device")


def test_nothing_asks_a_server_to_end() -> None:
    """Whatever its version: its user's other programs need it."""
    answers = {
        "host:version": b"OKAY" + block("0028"),
        "host:devices": b"OKAY" + block(LISTED),
        "host:connect:10.0.0.7:5555": b"OKAY" + block("already connected to 10.0.0.7:5555"),
        "host:disconnect:10.0.0.7:5555": b"OKAY" + block("disconnected 10.0.0.7:5555"),
    }
    with answering(answers) as server:
        assert server_version(server.address) == 40
        seen_handsets(server.address)
        connect_handset("rack", server.address, "10.0.0.7:5555")
        disconnect_handset(server.address, "10.0.0.7:5555")
        assert server.asked == list(answers)


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        ("failed to connect to '10.0.0.7:5555': Connection refused", "adb tcpip 5555"),
        ("failed to authenticate to 10.0.0.7:5555", "accept this computer's key"),
    ],
)
def test_handsets_that_cannot_be_connected(said: str, mend: str) -> None:
    """An adb server calls that OKAY; here it is an error in its words, with what to do."""
    with (
        answering({"host:connect:10.0.0.7:5555": b"OKAY" + block(said)}) as server,
        pytest.raises(HandsetError, match="rack: failed to") as caught,
    ):
        connect_handset("rack", server.address, "10.0.0.7:5555")
    assert mend in caught.value.mend


def test_servers_that_do_not_answer() -> None:
    """Silence costs no more than the deadline; a refusal and a hang-up are told in words."""
    answers = {"host:devices": b"FAIL" + block("no"), "host-serial:X1:reconnect": b""}
    with answering(answers) as server:
        with pytest.raises(DeadlineError, match=r"does not answer to 'host:version' within 0\.1 s"):
            server_version(server.address, timeout_s=0.1)
        with pytest.raises(HandsetError, match="host:devices: no"):
            seen_handsets(server.address)


@pytest.mark.parametrize(
    ("address", "environment", "expected"),
    [
        ("10.0.0.1:5038", {"ADB_SERVER_SOCKET": "tcp:localhost:1"}, ("10.0.0.1", 5038)),
        (None, {}, ("127.0.0.1", 5037)),
        (None, {"ANDROID_ADB_SERVER_PORT": "5099"}, ("127.0.0.1", 5099)),
        (None, {"ANDROID_ADB_SERVER_ADDRESS": "10.0.0.2", "ANDROID_ADB_SERVER_PORT": "5099"}, ("10.0.0.2", 5099)),
        (None, {"ADB_SERVER_SOCKET": "tcp:localhost:5100"}, ("localhost", 5100)),
        (None, {"ADB_SERVER_SOCKET": "tcp:5101"}, ("127.0.0.1", 5101)),
        (None, {"ADB_SERVER_SOCKET": "tcp:[::1]:5102"}, ("::1", 5102)),
        (None, {"ADB_SERVER_SOCKET": "tcp:farm:5103", "ANDROID_ADB_SERVER_PORT": "1"}, ("farm", 5103)),
    ],
)
def test_addresses(
    monkeypatch: pytest.MonkeyPatch, address: str | None, environment: Mapping[str, str], expected: tuple[str, int]
) -> None:
    """A given address counts, then what adb itself takes from the environment."""
    _set(monkeypatch, environment)
    assert server_address(address) == expected


@pytest.mark.parametrize(
    ("address", "environment", "message"),
    [
        ("localhost", {}, "'localhost' is no address of an adb server: expected HOST:PORT"),
        ("farm:0", {}, "is no address of an adb server"),
        (None, {"ANDROID_ADB_SERVER_PORT": "5o37"}, "ANDROID_ADB_SERVER_PORT is no address of an adb server"),
        (None, {"ADB_SERVER_SOCKET": "tcp:farm"}, "ADB_SERVER_SOCKET=tcp:farm is no address of an adb server"),
        (None, {"ADB_SERVER_SOCKET": "farm:5037"}, "ADB_SERVER_SOCKET=farm:5037: expected tcp:HOST:PORT"),
        (None, {"ADB_SERVER_SOCKET": "localabstract:adb"}, r"over TCP only; start one with `adb -L tcp:localhost:5037"),
        (None, {"ADB_SERVER_SOCKET": "localfilesystem:/run/adb"}, "over TCP only"),
    ],
)
def test_no_address(
    monkeypatch: pytest.MonkeyPatch, address: str | None, environment: Mapping[str, str], message: str
) -> None:
    """What is none is the caller's mistake, told with where it was found."""
    _set(monkeypatch, environment)
    with pytest.raises(UsageError, match=message):
        server_address(address)


def _set(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    for name in ("ADB_SERVER_SOCKET", "ANDROID_ADB_SERVER_PORT", "ANDROID_ADB_SERVER_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_the_list_with_all_details() -> None:
    """As `adb devices -l` prints it, for parsers."""
    row = "9A1F device product:x model:Y transport_id:3\n"
    with answering({"host:devices-l": b"OKAY" + block(row)}) as server:
        assert listed_devices(server.address) == f"List of devices attached\n{row}"
