"""`farm devices`: how each handset is, for people and for scripts."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.adb_servers import TheirServer, answering, block

from framework.cli import main
from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.run import BuildIdentity
from framework.deploy.receipt import RECEIPT, InstalledApk, Receipt, write_receipt
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
    """A folder in which the command is called; no adb server runs, and no other virtual handset."""
    (tmp_path / "devices.yaml").write_text(VIRTUAL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(taken.getsockname()[1]))
    return tmp_path


def add_tcp(farm: Path, name: str, address: str) -> None:
    with (farm / "devices.yaml").open("a") as file:
        file.write(f"  - {{name: {name}, kind: tcp, address: '{address}'}}\n")


def test_free_and_leased(farm: Path, adbd: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A reachable handset is free, or leased, by whom and since when; an emulated one is told without a start."""
    add_tcp(farm, "rack", adbd)
    assert main(["devices"]) == 0
    heading, fold, rack = capsys.readouterr().out.splitlines()
    assert heading.split() == ["NAME", "KIND", "STATE", "MODEL", "ANDROID", "SYSTEM", "BATTERY", "HEAT", "FREE"]
    assert re.split(r"\s\s+", fold) == ["fold", "virtual", "on demand", "Xiaomi MIX Fold 3", "14", "HyperOS 1.0.9.0"]
    assert re.split(r"\s\s+", rack)[:6] == ["rack", "tcp", "free", "Xiaomi 12", "13", "MIUI 14.0.11.0"]
    with open_handset(Target("rack", adbd=adbd)) as handset, handset.lease("Jin", "tests"):
        assert main(["devices", "rack", "--json"]) == 0
        assert main(["devices", "rack"]) == 0
    said = capsys.readouterr().out
    (row,), end = json.JSONDecoder().raw_decode(said)
    assert (row["state"], row["android"], row["system"], row["tags"]) == ("leased", "13", "MIUI 14.0.11.0", [])
    assert (row["marks"]["lease"]["who"], row["marks"]["lease"]["why"]) == ("Jin", "tests")
    assert re.fullmatch(r"rack: leased by Jin since .* UTC for tests", said[end:].strip().splitlines()[-1])


def test_how_a_handset_is(farm: Path, adbd: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Battery, heat and room as it tells them, the build that was deployed, and what devices.yaml has wrong."""
    add_tcp(farm, "rack", adbd)
    text = (farm / "devices.yaml").read_text()
    (farm / "devices.yaml").write_text(
        text.replace(f"'{adbd}'", f"'{adbd}', capabilities: {{ram_gb: 16, soc: SM8450}}")
    )
    identity = BuildIdentity("compact", "1.4.0", "org.pocketfarm.assistant", "Compact 1.3B")
    receipt = Receipt(identity, InstalledApk("0", 1, "/data/app/x"), (), "Jin", "now", 0, 1.0, 0, ())
    with open_handset(Target("rack", adbd=adbd)) as handset:
        write_receipt(handset.files, receipt)
        try:
            assert main(["devices", "rack", "--json"]) == 0
        finally:
            handset.files.remove(RECEIPT)
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["build"], row["charging"], row["ram_gb"], row["foldable"]) == ("compact 1.4.0", True, 12, False)
    assert all(0 < row[name] < 600 for name in ("battery", "battery_c", "skin_c", "free_gb"))
    assert row["contradictions"] == ["devices.yaml says ram_gb: 16, the handset 12"]


def test_quarantined_and_held(farm: Path, adbd: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A hold is somebody's use of it; a quarantine is a handset that cannot be used."""
    add_tcp(farm, "rack", adbd)
    with open_handset(Target("rack", adbd=adbd)) as handset:
        hold = handset.mark("hold", "Jin", "a demo", for_s=3600)
        try:
            assert main(["devices", "rack"]) == 0
            quarantine = handset.mark("quarantine", "Ann", "its battery swells")
            assert main(["devices", "rack"]) == 3
            handset.unmark(quarantine)
        finally:
            handset.unmark(hold)
    _, held, note, _, quarantined, both = capsys.readouterr().out.splitlines()
    assert [re.split(r"\s\s+", line)[2] for line in (held, quarantined)] == ["held", "quarantined"]
    assert note.startswith("rack: held by Jin since ")
    assert re.fullmatch(r"rack: quarantined by Ann since .* for its battery swells; held by Jin since .* left", both)


def test_a_virtual_handset_that_runs_is_asked(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the name and profile of the file, whoever started it; one with no room is fit for no test."""
    with virtual_handsets([VirtualRequest("fold", "xiaomi-mix-fold-3", speed=20)]) as started:
        endpoint = started.endpoint("fold")
        assert main(["devices", "--json"]) == 0
        Control(endpoint.control, "fold").fault("storage_full")
        assert main(["devices"]) == 3
    (row,), end = json.JSONDecoder().raw_decode(said := capsys.readouterr().out)
    assert re.split(r"\s\s+", said[end:].strip().splitlines()[1])[2] == "unfit"
    assert "fold: its storage is full: 0 MB are left; free space on /data" in said[end:]
    assert (row["state"], row["fold_states"], row["battery"] is None) == (
        "free",
        ["closed", "half_open", "open"],
        False,
    )


def test_no_file_is_needed(farm: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What is plugged in is listed without one; with neither, or a file that was named and is missing, it says so."""
    (farm / "devices.yaml").unlink()
    assert main(["devices"]) == 2
    assert "no handset: there is no devices.yaml, and the adb server" in capsys.readouterr().err
    answers = {
        "host:devices": b"OKAY" + block("X1\tunauthorized\n"),
        "host-serial:X1:get-state": b"FAIL" + block("device unauthorized."),
    }
    with answering(answers) as server:
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", server.address.rpartition(":")[2])
        assert main(["devices", "--json"]) == 3
        assert main(["devices", "--devices", "other.yaml"]) == 2
    out, err = capsys.readouterr()
    assert [(row["name"], row["state"]) for row in json.loads(out)] == [("handset", "unauthorized")]
    assert "other.yaml" in err


def test_an_avd_on_a_machine_without_emulator(
    farm: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It cannot be started on demand, and why."""
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setenv("HOME", str(farm))
    for name in ("ANDROID_HOME", "ANDROID_SDK_ROOT"):
        monkeypatch.delenv(name, raising=False)
    with (farm / "devices.yaml").open("a") as file:
        file.write("  - {name: avd, kind: avd, avd: Pixel_Fold_API_34}\n")
    assert main(["devices", "avd"]) == 3
    assert "avd: there is no Android emulator on this machine" in capsys.readouterr().out


def test_unreachable(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3; the row says why; the other rows are there all the same."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: refused
        add_tcp(farm, "gone", f"127.0.0.1:{taken.getsockname()[1]}")
        assert main(["devices", "--json"]) == 3
    rows = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["state"], row["tags"]) for row in rows] == [
        ("fold", "on demand", ["flagship"]),
        ("gone", "unreachable", []),
    ]
    assert "refused" in rows[1]["detail"]


@pytest.mark.foreign
def test_all_handsets_of_a_real_server(
    farm: Path, bundled_adb: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Each under the entry's name and its model's, two of a model with numbers, and never a serial for a name."""
    server = TheirServer(bundled_adb, tmp_path)
    server.start()
    requests = [
        VirtualRequest("b", "xiaomi-12", seed=1),
        VirtualRequest("a", "xiaomi-12"),
        VirtualRequest("c", "xiaomi-10"),
    ]
    try:
        with virtual_handsets(requests) as started:
            serials = [endpoint.adb for endpoint in started.endpoints()]
            for serial in serials:
                connect_handset("lab", server.address, serial)
            with (farm / "devices.yaml").open("a") as file:
                file.write(f"  - {{name: lab, kind: adb, adb: '{server.address}', tags: [far]}}\n")
            assert main(["devices", "lab", "--json"]) == 0
            assert main(["devices", serials[2], "--json"]) == 0
    finally:
        server.kill()
    decoder, said = json.JSONDecoder(), capsys.readouterr().out
    rows, end = decoder.raw_decode(said)
    assert [(row["name"], row["model"], row["state"], row["tags"]) for row in rows] == [
        ("lab-xiaomi-12", "Xiaomi 12", "free", ["far"]),
        ("lab-xiaomi-12-2", "Xiaomi 12", "free", ["far"]),
        ("lab-xiaomi-mi-10", "Xiaomi Mi 10", "free", ["far"]),
    ]
    assert [row["name"] for row in json.loads(said[end:])] == ["lab-xiaomi-mi-10"]


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
    _, row, note, rest = capsys.readouterr().out.split("\n", 3)
    assert re.split(r"\s\s+", row) == ["bench", "usb", state]
    assert mend in note
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
