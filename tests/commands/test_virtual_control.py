"""`farm virtual truth` and `farm virtual fault`: what they print, and how they find a handset."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from framework.cli import main
from framework.contract.errors import HandsetError
from framework.handset.adbd import AdbdConnection
from framework.handset.keys import load_signer
from framework.virtual.control.client import Control
from framework.virtual.control.registry import running_handsets
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.faults import FAULTS
from framework.virtual.launcher import virtual_handsets

DEADLINE_S = 30


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A runtime folder of these tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        yield Path(os.environ["XDG_RUNTIME_DIR"])


@pytest.fixture(scope="module")
def fold(runtime: Path) -> Iterator[VirtualEndpoint]:
    with virtual_handsets([VirtualRequest("fold", "xiaomi-mix-fold-3", speed=20, auth="ask")]) as started:
        yield started.endpoint("fold")


def farm(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout, stderr."""
    code = main(["virtual", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_truth_for_a_script(fold: VirtualEndpoint, capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object, of the handset that is named."""
    code, out, _ = farm(capsys, "truth", "fold", "--json")
    told = json.loads(out)
    assert (code, told["name"], told["profile"], told["boots"]) == (0, "fold", "xiaomi-mix-fold-3", 1)
    since = told["clock"]["device_ns"]
    told = json.loads(farm(capsys, "truth", "fold", "--json", "--since", str(since))[1])
    assert all(points[0][0] >= since for points in told["samples"].values())


def test_the_clock_is_this_machines(fold: VirtualEndpoint) -> None:
    """The host time of the truth is CLOCK_MONOTONIC here, in another process; device time lies on the newest line."""
    before = time.monotonic_ns()
    clock = Control(fold.control).truth()["clock"]
    assert before <= clock["host_ns"] <= time.monotonic_ns()
    line = clock["lines"][-1]
    assert clock["device_ns"] == line["device_ns"] + (clock["host_ns"] - line["host_ns"]) * 20


def test_the_truth_for_people(fold: VirtualEndpoint, capsys: pytest.CaptureFixture[str]) -> None:
    """Who it is, its clock, what it counted, its newest values, its faults."""
    code, out, _ = farm(capsys, "truth", "fold")
    assert code == 0
    assert out.startswith("fold (xiaomi-mix-fold-3, seed 0), boot 0 of 1\nclock ")
    assert "\n  skin_c " in out


def test_a_fault_from_its_beginning_to_its_end(fold: VirtualEndpoint, capsys: pytest.CaptureFixture[str]) -> None:
    """Begun with a number, listed as under way, ended by that number."""
    code, out, _ = farm(capsys, "fault", "fold", "clock_step", "-2000", "--json")
    number = json.loads(out)["id"]
    code, out, _ = farm(capsys, "fault", "fold", "--list")
    assert (code, f"fault {number}" in out, "under way" in out) == (0, True, True)
    code, out, _ = farm(capsys, "fault", "fold", "--clear", str(number), "--json")
    (told,) = [each for each in json.loads(out)["faults"] if each["id"] == number]
    assert (told["kind"], told["size"], told["end_ns"] is not None) == ("clock_step", -2000, True)
    assert farm(capsys, "fault", "fold", "status", "2", "--for", "3600")[:2] == (0, f"fault {number + 1}\n")
    assert "under way" not in farm(capsys, "fault", "fold", "--clear")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("truth", "fald"), 'no virtual handset "fald" is running; there are fold (did you mean "fold"?)'),
        (("truth", "fold", "--boot", "4"), "fold: there is no truth of boot 4"),
        (("truth", "fold", "--since", "-1"), "--since: expected a time in ns, not -1"),
        (("fault", "fold", "clock_stp"), 'fold: there is no fault "clock_stp": did you mean "clock_step"?'),
        (("fault", "fold", "xyz"), "there are adbd_restart, anr, app_crash"),
        (("fault", "fold", "status", "9"), "status: 9 cannot be; it takes 0 to 6"),
        (("fault", "fold", "kill_app", "--for", "3"), "kill_app is over at once"),
        (("fault", "fold", "--clear", "99"), "fold: there is no fault 99"),
        (("fault", "fold"), "expected either a KIND, or --list, or --clear"),
        (("fault", "fold", "status", "--list"), "expected either a KIND, or --list, or --clear"),
    ],
)
def test_what_cannot_be_is_the_users_error(
    fold: VirtualEndpoint, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    """Exit code 2, and what would have been right."""
    code, _, err = farm(capsys, *arguments)
    assert code == 2
    assert said in err


def test_every_kind_stands_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    """With its unit and what it takes, and examples."""
    with pytest.raises(SystemExit):
        main(["virtual", "fault", "--help"])
    shown = capsys.readouterr().out
    assert [fault.kind for fault in FAULTS if f"\n  {fault.kind} " not in shown] == []
    assert [fault.kind for fault in FAULTS if fault.size and str(fault.size) not in shown] == []
    assert "examples:" in shown


def test_a_run_that_was_killed_leaves_no_handset_behind(runtime: Path, tmp_path: Path) -> None:
    """kill -9 of `farm virtual up`: its handset goes, and nothing is listed that is not there."""
    (tmp_path / "devices.yaml").write_text("handsets: [{name: doomed, kind: virtual, profile: xiaomi-13}]\n")
    command = [str(Path(sys.executable).with_name("farm")), "virtual", "up", "--json"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        assert "doomed" in [each.endpoint.name for each in running_handsets()]
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + DEADLINE_S
    while "doomed" in [each.endpoint.name for each in running_handsets()]:
        assert time.monotonic() < deadline, "the handset outlives its parent"
        time.sleep(0.02)


def test_who_asks_is_let_in_by_the_command(
    fold: VirtualEndpoint, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Nobody asks; then a computer is shown, accepted, remembered, and forgotten."""
    code, _, err = farm(capsys, "auth", "fold", "accept")
    assert (code, "no computer asks" in err) == (2, True)
    signer = load_signer(tmp_path / "adbkey")
    with pytest.raises(HandsetError, match="unauthorized"):
        AdbdConnection("fold", fold.adb, 0.5, lambda: signer)
    [asking] = json.loads(farm(capsys, "auth", "fold", "--json")[1])["asking"]
    code, out, _ = farm(capsys, "auth", "fold", "accept", "--key", asking["fingerprint"])
    assert (code, out.startswith("accepted "), asking["fingerprint"] in out) == (0, True, True)
    AdbdConnection("fold", fold.adb, 5, lambda: signer).close()
    assert f"remembered {asking['name']}" in farm(capsys, "auth", "fold")[1]
    assert "remembered nobody" in farm(capsys, "auth", "fold", "revoke")[1]
    assert farm(capsys, "auth", "fold", "revoke", "--once")[0] == 2
