from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.trace.probes import PROBES, clocks, emulator, memory
from framework.trace.probes.probe import Probe
from framework.trace.sampler import SampleReader, loop_script, uptime_ns


def test_a_sample_is_handed_over_when_the_next_begins() -> None:
    """Lines between two marks are one sample, stamped with the first mark's up-time."""
    got: list[tuple[str, int, str]] = []
    reader = SampleReader(PROBES, lambda probe, at, text: got.append((probe.name, at, text)))
    for line in ("@memory 12.34", "VmRSS:\t 100 kB", "Pid:\t7", "@emulator 12.35", "3", "@", "noise"):
        reader.feed(line)
    assert got == [("memory", 12_340_000_000, "VmRSS:\t 100 kB\nPid:\t7"), ("emulator", 12_350_000_000, "3")]


@given(st.integers(0, 10**7), st.integers(0, 99))
def test_uptime_is_read_exactly(seconds: int, hundredths: int) -> None:
    """/proc/uptime becomes nanoseconds without a rounding error."""
    assert uptime_ns(f"{seconds}.{hundredths:02d} 99.00") == seconds * 10**9 + hundredths * 10**7


def test_the_loop_quotes_the_package() -> None:
    """A package name can not inject shell text into the loop."""
    assert "package='a; reboot'" in loop_script(PROBES, "a; reboot")


@pytest.mark.parametrize(
    ("probe", "text", "values"),
    [
        (
            memory.PROBE,
            "Name:\tx\nPid:\t4711\nVmHWM:\t 2000000 kB\nVmRSS:\t 1000000 kB\nVmSwap:\t 0 kB\nRssAnon:\tbroken\n",
            {"pid": 4711.0, "rss_peak_mb": 2048.0, "rss_mb": 1024.0, "swap_mb": 0.0},
        ),
        (memory.PROBE, "", {}),
        (
            clocks.PROBE,
            "0 300000 2016000 2016000\n7 1200000 2500000 3187200\nsh: read: error\n",
            {
                "cpu0_mhz": 300.0,
                "cpu0_limit_mhz": 2016.0,
                "cpu7_mhz": 1200.0,
                "cpu7_limit_mhz": 2500.0,
                "throttle": 1.0,
            },
        ),
        (clocks.PROBE, "", {}),
        (emulator.PROBE, "12.5\n", {"emulator_slipped_ms": 12.5}),
        (emulator.PROBE, "", {}),
    ],
)
def test_probes_leave_out_what_is_not_there(probe: Probe, text: str, values: dict[str, float]) -> None:
    """A probe reads its values with their units and gives nothing for what the handset did not print."""
    assert dict(probe.read(text)) == pytest.approx(values)
