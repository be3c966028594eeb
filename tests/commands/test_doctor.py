"""`farm doctor`: findings for people and for scripts, exit codes, recording and replay, wrong calls."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.adb_servers import answering, block

from framework.cli import main
from framework.contract.capabilities import Target
from framework.handset.handset import open_handset
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

VIRTUAL = "handsets:\n  - {name: fold, kind: virtual, profile: xiaomi-mix-fold-3, plugged: false}\n"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def adbd() -> Iterator[str]:
    """HOST:PORT of a handset's adbd."""
    with virtual_handsets([VirtualRequest("rack", "xiaomi-12")]) as started:
        yield started.endpoint("rack").adb


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Nobody listens there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def farm(tmp_path: Path, closed_port: int, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the command is called, with no adb server."""
    (tmp_path / "devices.yaml").write_text(VIRTUAL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADB_SERVER_SOCKET", f"tcp:127.0.0.1:{closed_port}")
    return tmp_path


def add_tcp(farm: Path, name: str, address: str) -> None:
    with (farm / "devices.yaml").open("a") as file:
        file.write(f"  - {{name: {name}, kind: tcp, address: '{address}'}}\n")


def test_machine_and_handsets(farm: Path, adbd: str, capsys: Captured) -> None:
    """A virtual handset of the file is started for it; a fault makes 1; the JSON is as the help says."""
    add_tcp(farm, "rack", adbd)
    with open_handset(Target("rack", adbd=adbd)) as handset:
        handset.shell.run("dumpsys", "battery", "set", "level", "5", check=True)
        assert main(["doctor", "--json"]) == 1
        handset.shell.run("dumpsys", "battery", "reset", check=True)
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["format", "exit", "machine", "handsets"]
    assert (told["format"], told["exit"]) == (1, 1)
    assert [finding["check"] for finding in told["machine"]][:3] == ["python", "packages", "devices_yaml"]
    fold, rack = told["handsets"]
    assert list(fold) == ["name", "kind", "model", "android", "reachable", "findings"]
    assert (fold["name"], fold["model"], fold["reachable"]) == ("fold", "Xiaomi MIX Fold 3", True)
    faults = [finding for finding in rack["findings"] if finding["level"] == "fault"]
    assert [finding["check"] for finding in faults] == ["battery_level", "battery_frozen"]
    assert faults[1]["mend"] == "`adb shell dumpsys battery reset`"


def test_text(farm: Path, adbd: str, capsys: Captured) -> None:
    """By handset, without colours where there is no terminal; one handset can be chosen; nothing on standard error."""
    add_tcp(farm, "rack", adbd)
    assert main(["doctor", "--handset", "rack"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("this machine\n  ok       Python 3.")
    assert "\nrack (tcp, Xiaomi 12, Android 13)\n  ok       it answers\n" in out
    assert "fold" not in out.partition("rack (tcp")[2]
    assert ("\x1b" in out, err) == (False, "")


def test_a_handset_that_cannot_be_reached(farm: Path, closed_port: int, capsys: Captured) -> None:
    """3, with the mend; the others are examined all the same."""
    add_tcp(farm, "gone", f"127.0.0.1:{closed_port}")
    assert main(["doctor", "--json"]) == 3
    fold, gone = json.loads(capsys.readouterr().out)["handsets"]
    assert (fold["reachable"], gone["reachable"]) == (True, False)
    (finding,) = gone["findings"]
    assert (finding["check"], finding["level"]) == ("connection", "fault")
    assert "is it on" in finding["mend"]


@pytest.mark.parametrize(
    ("state", "mend"),
    [
        ("unauthorized", "accept this computer's key"),
        ("offline", "plug it in again"),
        ("no permissions", "udev"),
        ("recovery", "Reboot system now"),
    ],
)
def test_states_of_an_adb_server(
    farm: Path, state: str, mend: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """A handset that the server lists and cannot serve: 3, and what to do."""
    answers = {
        "host:version": b"OKAY" + block("0029"),
        "host:devices": b"OKAY" + block(f"B2\t{state}\n"),
        "host-serial:B2:get-state": b"OKAY" + block(state),
        "host-serial:B2:features": b"FAIL" + block(f"device {state}"),
    }
    with answering(answers) as server:
        monkeypatch.setenv("ADB_SERVER_SOCKET", f"tcp:{server.address}")
        assert main(["doctor", "--handset", "B2", "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    (finding,) = told["handsets"][0]["findings"]
    assert (finding["check"], finding["level"]) == ("connection", "fault")
    assert mend in finding["mend"]


def test_a_broken_file_is_a_finding(farm: Path, capsys: Captured) -> None:
    """The machine is examined all the same; file and line are told."""
    (farm / "devices.yaml").write_text("handsets:\n  - {name: fold, kind: virtual, profile: xiaomi-99}\n")
    assert main(["doctor", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    finding = next(each for each in told["machine"] if each["check"] == "devices_yaml")
    assert (finding["level"], told["handsets"]) == ("fault", [])
    assert "devices.yaml:2" in finding["finding"]


def test_a_machine_without_a_farm(farm: Path, capsys: Captured) -> None:
    """No devices.yaml and no adb server: this machine alone, no fault."""
    (farm / "devices.yaml").unlink()
    assert main(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["handsets"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--handset", "fould"], 'did you mean "fold"?'),
        (["--devices", "absent.yaml"], "absent.yaml: no such file"),
        (["--replay", "absent.zip"], "absent.zip: No such file"),
        (["--replay", "devices.yaml"], "no bundle of `farm doctor --record`"),
        (["--record", "absent/it.zip"], "No such file"),
    ],
)
def test_wrong_calls(farm: Path, arguments: list[str], said: str, capsys: Captured) -> None:
    """2, and what is wrong."""
    assert main(["doctor", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_word_that_nobody_knows_without_a_file(farm: Path, capsys: Captured) -> None:
    """2: neither devices.yaml nor an adb server lists it."""
    (farm / "devices.yaml").unlink()
    assert main(["doctor", "--handset", "9A1FFB"]) == 2
    assert 'no handset "9A1FFB"' in capsys.readouterr().err


def test_recording_takes_one_handset(farm: Path, adbd: str, capsys: Captured) -> None:
    """2, and which there are; --record and --replay exclude each other."""
    add_tcp(farm, "rack", adbd)
    assert main(["doctor", "--record", "it.zip"]) == 2
    assert "--handset (fold, rack)" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["doctor", "--record", "it.zip", "--replay", "it.zip"])
    assert ended.value.code == 2


def test_record_and_replay(farm: Path, adbd: str, capsys: Captured) -> None:
    """A bundle is written, told and judged as the handset is; without a machine."""
    add_tcp(farm, "rack", adbd)
    assert main(["doctor", "--handset", "rack", "--record", "rack.zip"]) == 0
    out = capsys.readouterr().out
    assert re.match(r"rack\.zip: \d+ answers of rack, identifiers replaced by pseudonyms\n", out)
    assert "cannot read" not in out
    assert main(["doctor", "--handset", "rack", "--json"]) == 0
    (asked,) = json.loads(capsys.readouterr().out)["handsets"]
    assert main(["doctor", "--replay", "rack.zip", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (replayed,) = told["handsets"]
    assert (told["machine"], replayed["kind"], replayed["model"]) == ([], "bundle", "Xiaomi 12")
    levels = [{each["check"]: each["level"] for each in section["findings"]} for section in (asked, replayed)]
    assert levels[0] == levels[1]


def test_record_for_a_script(farm: Path, capsys: Captured) -> None:
    """What was refused is named."""
    assert main(["doctor", "--record", "fold.zip", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["file"], told["unread"], "kernel_log" in told["refused"]) == ("fold.zip", [], True)


@pytest.mark.foreign
def test_a_serial_that_only_an_adb_server_knows(
    farm: Path, adbd: str, bundled_adb: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Through the server, without being in devices.yaml; without the file, all that the server lists."""
    from framework.handset.own_server import own_server

    monkeypatch.setenv("HOME", str(farm))
    with own_server(bundled_adb, usb=False) as address:
        monkeypatch.setenv("ADB_SERVER_SOCKET", f"tcp:{address}")
        connect = [bundled_adb, "-L", f"tcp:{address}", "connect", adbd]
        subprocess.run(connect, check=True, capture_output=True, timeout=30)
        assert main(["doctor", "--handset", adbd, "--json"]) == 0
        (rack,) = json.loads(capsys.readouterr().out)["handsets"]
        assert (rack["name"], rack["kind"], rack["model"]) == (adbd, "usb", "Xiaomi 12")
        (farm / "devices.yaml").unlink()
        assert main(["doctor", "--record", "it.zip"]) == 0


def test_ctrl_c(farm: Path) -> None:
    """130, and no handset is left running."""
    program = "import sys; from framework.doctor import section; import _thread\n"
    program += "def stop(*a): raise KeyboardInterrupt\n"
    program += "import framework.commands.doctor as d; d.examine = stop\n"
    program += "from framework.cli import main; sys.exit(main(['doctor']))"
    done = subprocess.run([sys.executable, "-c", program], cwd=farm, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (130, "")


def test_on_a_terminal(farm: Path, adbd: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """Colours, unless NO_COLOR asks for none; one line of progress that is gone in the end. Neither with TERM=dumb."""
    add_tcp(farm, "rack", adbd)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["doctor", "--handset", "rack"]) == 0
    out, err = capsys.readouterr()
    assert "\x1b[32mok" in out
    assert re.search(r"\r\x1b\[Krack: 1 of \d+, getprop", err)
    assert err.endswith("\r\x1b[K")
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["doctor", "--handset", "rack"]) == 0
    assert "\x1b" not in capsys.readouterr().out
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert main(["doctor", "--handset", "rack"]) == 0
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err
