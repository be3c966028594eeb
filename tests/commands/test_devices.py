"""`farm devices`: how each handset is, for people and for scripts."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.adb_servers import TheirServer, answering, block

from framework.cli import main
from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.handset.adb_server import connect_handset
from framework.handset.handset import open_handset
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

VIRTUAL = "handsets:\n  - {name: fold, kind: virtual, profile: xiaomi-mix-fold-3, tags: [flagship]}\n"


@pytest.fixture(scope="module")
def adbd() -> Iterator[str]:
    """HOST:PORT of a handset's adbd."""
    with virtual_handsets([VirtualRequest("rack", "xiaomi-12", speed=20)]) as started:
        yield started.endpoint("rack").adb


@pytest.fixture
def farm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the command is called."""
    (tmp_path / "devices.yaml").write_text(VIRTUAL)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def add_tcp(farm: Path, name: str, address: str) -> None:
    with (farm / "devices.yaml").open("a") as file:
        file.write(f"  - {{name: {name}, kind: tcp, address: '{address}'}}\n")


def test_free_and_leased(farm: Path, adbd: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A reachable handset is free, or leased and by whom; an emulated one is told without being started."""
    add_tcp(farm, "rack", adbd)
    assert main(["devices"]) == 0
    heading, fold, rack = capsys.readouterr().out.splitlines()
    assert heading.split() == ["NAME", "KIND", "STATE", "MODEL", "ANDROID", "HOLDER", "DETAIL"]
    assert fold.split()[:3] == ["fold", "virtual", "emulated"]
    assert rack.split()[:3] == ["rack", "tcp", "free"]
    with open_handset(Target("rack", adbd=adbd)) as handset, handset.lease("Jin", "tests"):
        assert main(["devices", "rack", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["state"], row["holder"], row["android"], row["tags"]) == ("leased", "Jin: tests", "13", [])


def test_unreachable(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3; the row says why; the other rows are there all the same."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: refused
        add_tcp(farm, "gone", f"127.0.0.1:{taken.getsockname()[1]}")
        assert main(["devices", "--json"]) == 3
    rows = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["state"], row["tags"]) for row in rows] == [
        ("fold", "emulated", ["flagship"]),
        ("gone", "unreachable", []),
    ]
    assert "refused" in rows[1]["detail"]


def test_a_name_that_is_not_there(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and the near name."""
    assert main(["devices", "fould"]) == 2
    assert 'did you mean "fold"?' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "state", "mend"),
    [
        (
            b"FAIL" + block("device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set"),
            "unauthorized",
            "accept",
        ),
        (b"FAIL" + block("device 'X1' not found"), "absent", "is it plugged in?"),
        (b"OKAY" + block("recovery"), "recovery", "Reboot system now"),
        (b"OKAY" + block("sideload"), "sideload", "adb sideload"),
        (b"OKAY" + block("offline"), "offline", "adb reconnect offline"),
        (
            b"OKAY" + block("no permissions (user in plugdev group; are your udev rules wrong?)"),
            "no permissions",
            "udev",
        ),
    ],
)
def test_states_of_an_adb_server(
    farm: Path, capsys: pytest.CaptureFixture[str], answer: bytes, state: str, mend: str
) -> None:
    """What adb calls it, and what to do, for people in one line and for scripts apart."""
    with answering({"host-serial:X1:get-state": answer}) as server:
        with (farm / "devices.yaml").open("a") as file:
            file.write(f"  - {{name: bench, kind: usb, serial: X1, adb: '{server.address}'}}\n")
        assert main(["devices", "bench"]) == 3
        assert main(["devices", "bench", "--json"]) == 3
    _, row, rest = capsys.readouterr().out.split("\n", 2)
    assert row.startswith(f"bench  usb   {state} ")
    assert mend in row
    (record,) = json.loads(rest)
    assert (record["state"], mend in record["mend"], mend in record["detail"]) == (state, True, False)


@pytest.mark.foreign
def test_a_real_server_that_waits_for_its_key(
    farm: Path, bundled_adb: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A handset that has not accepted the key of a real adb server is unauthorized, until it has."""
    server = TheirServer(bundled_adb, tmp_path)
    server.start()
    try:
        with virtual_handsets([VirtualRequest("shy", "xiaomi-12", speed=20, auth="ask")]) as started:
            endpoint = started.endpoint("shy")
            control = Control(endpoint.control, "shy")
            with pytest.raises(HandsetError, match="failed to authenticate"):
                connect_handset("shy", server.address, endpoint.adb)
            with (farm / "devices.yaml").open("a") as file:
                file.write(f"  - {{name: shy, kind: usb, serial: '{endpoint.adb}', adb: '{server.address}'}}\n")
            assert main(["devices", "shy"]) == 3
            assert "unauthorized" in capsys.readouterr().out
            control.answer(allow=True)
            ends = time.monotonic() + 20
            while main(["devices", "shy"]) != 0:
                assert time.monotonic() < ends, "it is not accepted"
    finally:
        server.kill()
    assert capsys.readouterr().out.splitlines()[-1].split()[:3] == ["shy", "usb", "free"]
