from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.trace.clocks import ClockWatch
from framework.trace.loop import loop_script
from framework.trace.probes import PROBES, clocks, emulator, memory
from framework.trace.probes.probe import Probe, Scene
from framework.trace.sampler import SampleReader, uptime_ns


class Heard:
    """A sink that remembers what it was told."""

    def __init__(self) -> None:
        self.samples: list[tuple[str, int, str]] = []
        self.rest: list[tuple[object, ...]] = []

    def sampled(self, probe: Probe, device_ns: int, text: str) -> None:
        self.samples.append((probe.name, device_ns, text))

    def clock_read(self, boot_low_ns: int, wall_ns: int, boot_high_ns: int) -> None:
        self.rest.append(("clock", boot_low_ns, wall_ns, boot_high_ns))

    def booted(self, boot_id: str) -> None:
        self.rest.append(("boot", boot_id))

    def round_done(self, number: int) -> None:
        self.rest.append(("round", number))

    def interrupted(self, reason: str, seconds: float) -> None:
        self.rest.append(("interrupted", reason))

    def lost(self, reason: str) -> None:
        self.rest.append(("lost", reason))


def heard(*lines: str) -> Heard:
    sink = Heard()
    reader = SampleReader(PROBES, sink)
    for line in lines:
        reader.feed(line)
    return sink


def test_a_sample_is_handed_over_when_the_next_begins() -> None:
    """Lines between two marks are one sample, stamped with the first mark's up-time."""
    got = heard("@memory 12.34", "VmRSS:\t 100 kB", "Pid:\t7", "@emulator 12.35", "3", "@", "noise").samples
    assert got == [("memory", 12_340_000_000, "VmRSS:\t 100 kB\nPid:\t7"), ("emulator", 12_350_000_000, "3")]


def test_the_loop_tells_of_clocks_boots_and_rounds() -> None:
    """A wall clock reading has the boot times around it: the later one may be 10 ms older than it shows."""
    sink = heard("@boot a-b", "@clock 12.34 1700000000.123456 12.35", "@round 7", "@")
    clock = ("clock", 12_340_000_000, 1_700_000_000_123_456_000, 12_360_000_000)
    assert sink.rest == [("boot", "a-b"), clock, ("round", 7)]


@pytest.mark.parametrize(
    "line", ["@clock 1.00  1.00", "@clock 1.00 N 1.00", "@memory", "@memory x", "@boot", "@round x"]
)
def test_a_line_that_was_cut_off_tells_nothing(line: str) -> None:
    """A stream that breaks in the middle of a line is no reason to end the reading thread."""
    sink = heard(line, "Pid:\t7", "@")
    assert (sink.samples, sink.rest) == ([], [])


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
            "Name:\tx\nPid:\t4711\nVmHWM:\t 2000000 kB\nVmRSS:\t 1000000 kB\nVmSwap:\t 0 kB\n",
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
                "clock_limit": 2500 / 3187.2,
            },
        ),
        (clocks.PROBE, "", {}),
        (emulator.PROBE, "12.5\n", {"emulator_slipped_ms": 12.5}),
        (emulator.PROBE, "12.5 0.250\n", {"emulator_slipped_ms": 12.5, "emulator_late_ms": 0.25}),
        (emulator.PROBE, "", {}),
    ],
)
def test_probes_leave_out_what_is_not_there(probe: Probe, text: str, values: dict[str, float]) -> None:
    """A probe reads its values with their units and gives nothing for what the handset did not print."""
    points = probe.reader(Scene("app", ClockWatch()))(5, text).points
    assert [at for at, _ in points] == ([5] if values else [])
    assert dict(points[0][1] if points else {}) == pytest.approx(values)
