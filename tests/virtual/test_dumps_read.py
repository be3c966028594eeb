"""What the emulated handset prints is what the parsers of the host expect: written in one room, read in another."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import TYPE_CHECKING

import pytest

from framework.dumps import ps, top
from framework.dumps.kinds import parser

if TYPE_CHECKING:
    from conftest import Bench, OnBench


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("cpuinfo", "dumpsys cpuinfo"),
        ("df", "df"),
        ("df", "df -h /data"),
        ("getprop", "getprop"),
        ("proc_io", "cat /proc/self/io"),
        ("proc_meminfo", "cat /proc/meminfo"),
        ("proc_stat", "cat /proc/stat"),
        ("proc_stat", "cat /proc/self/stat"),
        ("proc_status", "cat /proc/self/status"),
        ("thermalservice", "dumpsys thermalservice"),
        ("uptime", "uptime"),
        ("uptime", "cat /proc/uptime"),
    ],
)
def test_a_dump_is_read(on_bench: OnBench, kind: str, command: str) -> None:
    """Each kind that the handset prints to its shell gives a record."""

    async def script(bench: Bench) -> str:
        return (await bench.sh(command)).out

    assert is_dataclass(parser(kind)(on_bench(script)))


def test_ps_and_top_tell_the_same_processes(on_bench: OnBench) -> None:
    """But for what the shell started in between."""

    async def script(bench: Bench) -> tuple[str, str]:
        return (await bench.sh("ps -A")).out, (await bench.sh("top -b -n 1 -m 1000")).out

    printed = on_bench(script)
    listed = {process.pid for process in ps.parse(printed[0]).processes if process.user != "shell"}
    ranked = {row.pid for row in top.parse(printed[1]).rows if row.user != "shell"}
    assert len(listed) > 5
    assert listed == ranked
