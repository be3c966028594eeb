"""ps, top and pgrep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import RunScript

HEADER = "USER           PID  PPID        VSZ    RSS WCHAN            ADDR S NAME                       "


def test_all_processes_in_androids_columns(sh: RunScript) -> None:
    """The header as on Android 14, and a line for each process with its fields in place."""
    header, *lines = sh("ps -A").out.splitlines()
    init = next(line.split() for line in lines if line.endswith(" init"))
    assert header == HEADER
    assert [init[0], init[1], init[2], init[7], init[8]] == ["root", "1", "0", "S", "init"]
    assert any(line.split()[-1] == "ps" and line.startswith("shell ") for line in lines)


def test_without_options_only_ones_own(sh: RunScript) -> None:
    """The shell, ps, and what else belongs to the user shell."""
    assert {line.split()[0] for line in sh("ps").out.splitlines()[1:]} == {"shell"}


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("ps -p 1 -o PID,NAME", "  PID NAME                       \n    1 init\n"),
        ("ps -p 1 -o PID=", "    1\n"),
        ("ps -p 1 -o NAME:8=WHO,UID", "WHO        UID\ninit         0\n"),
        ("ps -p 99999 -o PID; echo $?", "  PID\n1\n"),
        ("ps -ef | head -n 1", "UID            PID  PPID C STIME TTY          TIME CMD                        \n"),
        ("ps -A -o NOPE; echo $?", "1\n"),
        ("ps --help | grep -c '^-A'", "1\n"),
        ("ps -A -o PID -k -PID | head -n 2 | tail -n 1 | grep -c '^ *[0-9]*$'", "1\n"),
        ("pgrep -x init; pgrep nosuch; echo $?; pidof init", "1\n1\n1\n"),
        ("pgrep -l '^init'", "1 init\n"),
    ],
)
def test_columns_and_choices(sh: RunScript, script: str, expected: str) -> None:
    """Fields with width and title, filters, order, status 1 for nothing."""
    assert sh(script).out == expected


def test_top_shows_one_picture_and_ends(sh: RunScript) -> None:
    """With -b no escapes; tasks, memory, processors, then the busiest first."""
    lines = sh("top -b -n 1 -m 3").out.splitlines()
    assert lines[0].startswith("Tasks: ")
    assert [line.split()[0] for line in lines[1:3]] == ["Mem:", "Swap:"]
    assert lines[3].startswith("800%cpu")
    assert lines[4].split()[:2] == ["PID", "USER"]
    shares = [float(line.split()[8]) for line in lines[5:]]
    assert len(shares) == 3
    assert shares == sorted(shares, reverse=True)
    assert "\x1b" not in "".join(lines)
    assert sh("top -n 1 | head -c 3").data == b"\x1b[H"


def test_threads_are_listed_one_by_one(sh: RunScript) -> None:
    """`ps -T` has TID and the thread's name, `top -H` the thread's and the process's."""
    listed = sh("ps -T -p $(pidof com.miui.home)").out.splitlines()
    assert listed[0].split() == ["USER", "PID", "TID", "PPID", "VSZ", "RSS", "WCHAN", "ADDR", "S", "CMD"]
    names = [line.split(None, 9)[9].strip() for line in listed[1:]]
    assert names[0] == "com.miui.home"
    assert "RenderThread" in names
    lines = sh("top -H -b -n 1 -m 2000").out.splitlines()
    assert lines[0].startswith("Threads: ")
    assert lines[4].split()[-2:] == ["THREAD", "PROCESS"]
    assert any(line.split()[-2:] == ["RenderThread", "com.miui.home"] for line in lines[5:])


@pytest.mark.foreign
def test_headings_of_threads_are_toyboxs(sh: RunScript, mksh: RunScript) -> None:
    """The full listing and the picture of top."""
    for script in ("ps -fT | head -n 1", "top -H -b -n 1 | grep THREAD"):
        ours, real = sh(script).out.split(), mksh(script).out.replace("S[%CPU]", "S %CPU").split()
        assert ours == real
