"""The parsers against the real toybox of this machine, the program that prints these dumps on handsets."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from framework.dumps import df, ps, top, uptime

pytestmark = pytest.mark.foreign


def toybox(*words: str) -> str:
    program = shutil.which("toybox")
    if program is None:
        pytest.skip("toybox is not on this machine")
    return subprocess.run([program, *words], capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize("words", [("-A", "-o", "PID,PPID,RSS,NAME"), ("-ef",), ("-AT", "-o", "PID,TID,PPID,CMD")])
def test_ps_tells_this_process(words: tuple[str, ...]) -> None:
    """Our pid with our parent's, whichever columns are asked for."""
    found = {process.pid: process.ppid for process in ps.parse(toybox("ps", *words)).processes}
    assert found[os.getpid()] == os.getppid()


@pytest.mark.parametrize("words", [(), ("-P",)])
def test_df_tells_the_size_of_the_root(words: tuple[str, ...]) -> None:
    """In kB, also where it prints half kilobytes."""
    (root,) = df.parse(toybox("df", *words, "/")).filesystems
    system = os.statvfs("/")
    assert (root.mount, root.size_kb) == ("/", system.f_blocks * system.f_frsize // 1024)


def test_df_for_people_agrees_as_far_as_it_goes() -> None:
    """-h rounds to two digits at least."""
    (exact,) = df.parse(toybox("df", "/")).filesystems
    (rounded,) = df.parse(toybox("df", "-h", "/")).filesystems
    assert rounded.size_kb == pytest.approx(exact.size_kb, rel=0.1)


def test_top_tells_itself() -> None:
    """Processes and threads, with as many rows as tasks where nothing is cut."""
    found = top.parse(toybox("top", "-b", "-n", "1", "-m", "10000"))
    assert any(row.command and "toybox top" in row.command and row.pid for row in found.rows)
    assert found.tasks is not None
    assert found.tasks.total == len(found.rows)
    threads = top.parse(toybox("top", "-b", "-H", "-n", "1", "-m", "10000"))
    assert any(row.tid and row.thread == "toybox" for row in threads.rows)


def test_uptime_agrees_with_the_kernel() -> None:
    """The command rounds down to minutes what /proc/uptime tells."""
    with open("/proc/uptime") as file:
        before = uptime.parse(file.read())
    said = uptime.parse(toybox("uptime"))
    assert before.up_s - 60 < said.up_s <= before.up_s + 60
    assert said.load_1m is not None
