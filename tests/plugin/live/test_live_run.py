"""Runs that are watched: at a terminal, through a pipe, quietly."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from support.terminal import at_terminal

from framework.contract.capabilities import Target
from framework.handset.handset import open_handset
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

BUILD = Path(__file__).resolve().parents[3] / "suites/builds/compact/build.yaml"
HELD = re.compile(rb"\nrack +in use: held by Jin@lab since [^\n]* 0:0[2-9] +~\d+:\d\d ")
"""The row of a handset that has been waited for two seconds, and until when it will be."""
COLOURS = re.compile(rb"\x1b\[[0-9;]*m")
DEVICES = """
defaults: {speed: 40}
handsets:
  - {name: fold, kind: virtual, profile: xiaomi-mix-fold-3}
  - {name: ten, kind: virtual, profile: xiaomi-10}
"""
SCENARIO = "scenario: %s\nrepeat: %d\nsteps:\n" + '  - {text: "What is 1 + 1?", via: intent}\n' * 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "suites").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "devices.yaml").write_text(DEVICES)
    (tmp_path / "suites/a.yaml").write_text(SCENARIO % ("alpha", 2))
    (tmp_path / "suites/test_b.py").write_text("def test_beta(handset): print('hidden')\n")
    return tmp_path


def command(folder: Path, *arguments: str) -> list[str]:
    options = ("-p", "no:cacheprovider", f"--build={BUILD}", f"--rootdir={folder}", f"--devices={folder}/devices.yaml")
    return [sys.executable, "-m", "pytest", *options, *arguments, str(folder / "suites")]


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_at_a_terminal_a_table_stands_below_the_output(folder: Path, workers: tuple[str, ...]) -> None:
    """While it runs there are frames with a row a handset, and what runs stands in the row of the one that runs it.

    At the end they are gone and nothing of the output is. Which of two handsets takes a scenario that both can run is
    for the one to say that is up first.
    """
    seen = b""
    with at_terminal(command(folder, "-v", *workers), os.environ) as (screen, run):
        before = termios.tcgetattr(screen.keyboard)
        while chunk := _read(screen.keyboard):
            seen += chunk
        assert (run.wait(), termios.tcgetattr(screen.keyboard)) == (0, before)
    plain = COLOURS.sub(b"", seen).decode()
    assert re.search(r"\d/2 done", plain)
    runs_it = _ran(folder, "alpha")
    rows = set(re.findall(r"\n(fold|ten) +(?:Xiaomi \S.*? +)?a\.yaml::alpha +0:\d\d ", plain))
    assert rows == {runs_it}
    for handset in ("fold", "ten") if workers else ("fold",):
        assert re.search(rf"\n{handset} +\S", plain), handset
    assert seen.count(b"\x1b[?25l") <= seen.count(b"\x1b[?25h")
    last = plain.rpartition("\x1b[2K")[2]
    assert all(word in last for word in ("Pocketfarm", "verdicts  2 PASS", "2 passed in"))
    for words in ("PASSED", f"alpha · {runs_it} (emulated)", "What is 1 + 1?", "  PASS  "):
        assert words in plain
    assert "hidden" not in plain


def test_a_table_says_who_has_a_handset_and_how_long_it_was_waited_for(folder: Path) -> None:
    """While it is waited for; then the row is that of what runs there."""
    seen = b""
    with (
        virtual_handsets([VirtualRequest("rack", "xiaomi-12", speed=40)]) as started,
        open_handset(Target("rack", adbd=started.endpoint("rack").adb)) as handset,
    ):
        rack = started.endpoint("rack")
        entry = f"  - {{name: rack, kind: tcp, address: '{rack.adb}', appium: '{rack.appium}'}}\n"
        (folder / "devices.yaml").write_text(f"handsets:\n{entry}")
        lease = handset.lease("Jin@lab", "a look by hand")
        with at_terminal(command(folder, "-n1"), os.environ) as (screen, run):
            while chunk := _read(screen.keyboard):
                seen += chunk
                if HELD.search(COLOURS.sub(b"", seen)):
                    lease.release()
            assert run.wait() == 0
    plain = COLOURS.sub(b"", seen)
    assert HELD.search(plain)
    assert re.search(rb"\nrack +a\.yaml::alpha +0:\d\d ", plain)


def test_ctrl_c_leaves_the_terminal_as_it_was(folder: Path) -> None:
    """The table goes, what was written stays, and pytest's own lines follow."""
    (folder / "suites/a.yaml").write_text(SCENARIO % ("alpha", 500))
    seen = b""
    with at_terminal(command(folder), os.environ) as (screen, run):
        while chunk := _read(screen.keyboard):
            if b"0:01" in chunk and b"0:01" not in seen:
                run.send_signal(signal.SIGINT)
            seen += chunk
        assert run.wait() == 2
    assert seen.count(b"\x1b[?25l") <= seen.count(b"\x1b[?25h")
    last = COLOURS.sub(b"", seen).decode().rpartition("\x1b[2K")[2]
    assert ("KeyboardInterrupt" in last, " done" in last) == (True, False)


def test_through_a_pipe_there_are_lines(folder: Path) -> None:
    """One a finished test, with how many are done, its handset and its seconds; none with -q; a table if asked for."""
    lines = _piped(folder)
    assert re.search(r"^1/2  PASS       suites/a\.yaml::alpha on fold, \d+\.\d s$", lines, re.M)
    assert re.search(r"^2/2  PASS       suites/test_b\.py::test_beta on fold, \d+\.\d s$", lines, re.M)
    assert "\x1b" not in lines


def test_a_view_can_be_asked_for_or_left(folder: Path) -> None:
    """Nothing with -q; a table anywhere with --live=always."""
    (folder / "suites/a.yaml").unlink()
    (folder / "suites/test_b.py").write_text("def test_beta(): pass\n")
    quiet = _piped(folder, "-q")
    assert ("1/1" in quiet, "starting" in quiet) == (False, False)
    assert "starting" in _piped(folder, "--live=always")


def _piped(folder: Path, *arguments: str) -> str:
    done = subprocess.run(command(folder, *arguments), capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _ran(folder: Path, scenario: str) -> str:
    """The one handset that ran it, as the journal has it."""
    lines = (folder / "reports/latest/journal.jsonl").read_text(encoding="utf-8").splitlines()
    began = [record["unit"] for record in map(json.loads, lines) if record["kind"] == "UnitStarted"]
    (name,) = {unit["handset"]["name"] for unit in began if unit["scenario"] == scenario}
    return str(name)


def _read(terminal: int) -> bytes:
    """Nothing once the other side is closed: Linux says EIO then."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
