"""`dumpsys cpuinfo`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.cpuinfo import CpuInfo, ProcessCpu, Shares, parse
from framework.dumps.errors import DumpError

DUMP = """Load: 7.11 / 7.02 / 6.9
CPU usage from 9021ms to 2018ms ago (2026-01-02 03:04:05.678 to 2026-01-02 03:04:12.681) with 99% awake:
  213% 4242/com.example.assistant:llm: 201% user + 12% kernel / faults: 1200 minor 3 major
  0.2% 9/kworker/u16:0: 0% user + 0.2% kernel
 +0% 77/sh: 0% user + 0% kernel / faults: 5 minor
27% TOTAL: 25% user + 1.9% kernel + 0.1% iowait + 0% irq + 0.2% softirq
"""


def test_processes_and_total() -> None:
    """A name may hold colons and slashes; shares and faults that are not printed are None."""
    found = parse(DUMP)
    assert (found.load_1m, found.load_5m, found.load_15m) == (7.11, 7.02, 6.9)
    assert (found.from_ms, found.to_ms) == (-9021, -2018)
    assert (found.total_percent, found.total) == (27.0, Shares(25.0, 1.9, 0.1, 0.0, 0.2))
    assert found.processes == (
        ProcessCpu(4242, "com.example.assistant:llm", 213.0, Shares(201.0, 12.0), 1200, 3),
        ProcessCpu(9, "kworker/u16:0", 0.2, Shares(0.0, 0.2), None, None),
        ProcessCpu(77, "sh", 0.0, Shares(0.0, 0.0), 5, None),
    )


def test_a_window_after_an_anr_lies_ahead() -> None:
    """`later` counts forward."""
    found = parse("CPU usage from 5ms to 510ms later:\n")
    assert (found.from_ms, found.to_ms, found.load_1m, found.total) == (5, 510, None, None)


@pytest.mark.parametrize(("text", "line"), [("", 1), ("Can't find service: cpuinfo\n", 2), ("Load: high", 2)])
def test_what_is_no_cpuinfo_is_refused(text: str, line: int) -> None:
    """The error says what was looked for."""
    with pytest.raises(DumpError) as caught:
        parse(text)
    assert (caught.value.kind, caught.value.line) == ("cpuinfo", line)


def test_a_real_handset(capture: Callable[[str], str]) -> None:
    """The true values of the capture."""
    shares = Shares(27.0, 14.0, 1.1, 0.1, None)
    expected = CpuInfo(0.67, 0.15, 0.05, -914509, -897518, 43.0, shares, ())
    assert parse(capture("cpuinfo/chkbugreport__nexusone.txt")) == expected
