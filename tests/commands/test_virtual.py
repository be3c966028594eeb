"""`farm virtual up`: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from framework.cli import main
from framework.contract.capabilities import Target
from framework.handset.handset import open_handset

ENDS_WITHIN_S = 30
DEVICES = """
defaults: {speed: 20}
handsets:
  - {name: fold, kind: virtual, profile: xiaomi-mix-fold-3}
  - {name: ten, kind: virtual, profile: xiaomi-10, speed: 5}
  - {name: rack, kind: tcp, address: "127.0.0.1:1"}
"""


@pytest.fixture
def farm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the command is called."""
    (tmp_path / "devices.yaml").write_text(DEVICES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@contextmanager
def up(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`farm virtual up` in a process of its own, ended at the latest here."""
    command = [str(Path(sys.executable).with_name("farm")), "virtual", "up", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_every_virtual_handset_of_the_file_is_started(farm: Path) -> None:
    """One JSON object a handset, each at its own speed; the address is that of an adbd; a polite kill ends all."""
    with up("--json") as process:
        rows = [json.loads(next_line(process)) for _ in range(2)]
        assert [(row["name"], row["speed"]) for row in rows] == [("fold", 20), ("ten", 5)]
        with open_handset(Target("ten", adbd=rows[1]["adb"])) as handset:
            assert handset.identity.soc == "SM8250"
        process.terminate()
        assert process.wait(ENDS_WITHIN_S) == 0


def test_people_get_a_line_and_are_told_how_to_end_it(farm: Path) -> None:
    """Name, ADB address, Appium URL and speed; Ctrl+C ends it with status 0."""
    with up("fold", "--speed", "2") as process:
        line = next_line(process)
        assert re.fullmatch(r"fold +adb 127\.0\.0\.1:\d+ +appium http://127\.0\.0\.1:\d+ +speed 2\n", line)
        assert process.stderr is not None
        assert process.stderr.readline() == "Ctrl+C ends them.\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(ENDS_WITHIN_S) == 0


def test_handsets_that_die_are_told(farm: Path) -> None:
    """When their process ends by itself, the command ends with 3 and says so."""
    with up("fold", "--json") as process:
        next_line(process)
        (host,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(host), signal.SIGKILL)
        _, said = process.communicate(timeout=ENDS_WITHIN_S)
        assert (process.returncode, said) == (3, "fold: the process of the virtual handsets ended\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--speed", "0"], "--speed: expected a number above 0 and up to 200, not 0"),
        (["--speed", "201"], "--speed: expected a number above 0 and up to 200, not 201"),
        (["rack"], "none of the chosen handsets is a virtual one"),
        (["tenn"], 'did you mean "ten"?'),
    ],
)
def test_what_cannot_be_started(
    farm: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and why."""
    assert main(["virtual", "up", *arguments]) == 2
    assert said in capsys.readouterr().err
