"""The clock fit, against the kernel's own clocks and in simulation."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.errors import HandsetError
from framework.contract.trace import ClockFit
from framework.handset import clock
from framework.handset.adbd import AdbdConnection
from framework.handset.clock import STEP_NS, Reading
from framework.handset.shell import HandsetShell, LineStream

MS = 1_000_000


def test_the_bound_covers_the_truth(shell: HandsetShell) -> None:
    """Here host and handset have one kernel, so the true offset of boot time to monotonic time is known."""
    fit = clock.measure("phone", shell, 1.0, 20)
    truth = time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.monotonic_ns()
    assert abs(fit.offset_ns - truth) <= fit.bound_ns + 10_000  # the two reads above are not one
    assert fit.bound_ns < STEP_NS


class Simulated(HandsetShell):
    """A handset whose uptime is `scale` times host time plus `offset`, read after a delay of its own making."""

    def __init__(self, scale: float, offset_ns: int, delays_ns: list[int]) -> None:
        self.scale, self.offset_ns, self.delays_ns = scale, offset_ns, delays_ns
        self.now_ns = 10**12
        self.asked = 0

    def monotonic_ns(self) -> int:
        return self.now_ns

    def sleep(self, seconds: float) -> None:
        self.now_ns += int(seconds * 1e9)

    def stream(self, script: str) -> LineStream:
        return _Uptimes(self)

    def answer(self) -> str:
        there, back = (self.delays_ns[(self.asked + n) % len(self.delays_ns)] for n in range(2))
        self.asked += 1
        self.now_ns += there
        uptime = int(self.now_ns * self.scale) + self.offset_ns
        self.now_ns += back
        return f"{uptime // 10**9}.{uptime % 10**9 // STEP_NS:02d}"


class _Uptimes(LineStream):
    def __init__(self, simulated: Simulated) -> None:
        self._simulated, self.complaint = simulated, ""

    def write(self, data: bytes) -> None:
        assert data == b"\n"

    def read_line(self, timeout_s: float) -> str:
        return self._simulated.answer()

    def close(self) -> None:
        return


@settings(max_examples=200)
@given(
    st.sampled_from([1.0, 4.0, 20.0]),
    st.integers(0, 10**15),
    st.lists(st.integers(10_000, 3 * MS), min_size=1, max_size=40),
    st.integers(2, 30),
)
def test_the_bound_covers_for_any_delays(scale: float, offset_ns: int, delays_ns: list[int], tries: int) -> None:
    """However unequal the ways there and back are, the true offset is within the bound."""
    handset = Simulated(scale, offset_ns, delays_ns)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("framework.handset.clock.time.monotonic_ns", handset.monotonic_ns)
        patch.setattr("framework.handset.clock.time.sleep", handset.sleep)
        fit = clock.measure("phone", handset, scale, tries)
    assert abs(fit.offset_ns - offset_ns) <= fit.bound_ns + scale  # int() of a scaled time loses up to 1 ns
    assert fit.scale == scale


def test_aimed_readings_beat_the_step() -> None:
    """With round trips of 0.4 ms ten readings leave less than 0.5 ms of the step's 10 ms."""
    handset = Simulated(1.0, 123_456_789, [200_000])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("framework.handset.clock.time.monotonic_ns", handset.monotonic_ns)
        patch.setattr("framework.handset.clock.time.sleep", handset.sleep)
        fit = clock.measure("phone", handset, 1.0, 10)
    assert fit.bound_ns <= MS // 2


def test_a_clock_that_jumps_widens_the_bound() -> None:
    """Readings that contradict each other are all covered, rather than one of them believed."""
    handset = Simulated(1.0, 0, [200_000])

    def jump(seconds: float) -> None:
        handset.sleep(seconds)
        handset.offset_ns -= 40 * MS

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("framework.handset.clock.time.monotonic_ns", handset.monotonic_ns)
        patch.setattr("framework.handset.clock.time.sleep", jump)
        fit = clock.measure("phone", handset, 1.0, 10)
    assert fit.bound_ns >= 20 * MS


def test_a_reading_leaves_step_and_round_trip_open() -> None:
    """100.00 s between 5 ms and 6 ms of host time: the offset lies between these two."""
    reading = Reading(5 * MS, 6 * MS, 100_000 * MS)
    assert reading.offsets(1.0) == (99_994 * MS, 100_005 * MS)


def test_the_mapping_is_that_of_the_contract() -> None:
    """Fit and contract round alike."""
    assert ClockFit(7, 0, 2.0).device_ns(10) == 27


def test_a_handset_without_a_clock(straight: AdbdConnection) -> None:
    """What cannot be read is a HandsetError that shows what came."""

    class Mute(HandsetShell):
        def stream(self, script: str) -> LineStream:
            return super().stream("echo no; cat")

    with pytest.raises(HandsetError, match="its clock cannot be read: 'no'"):
        clock.measure("phone", Mute("phone", straight), 1.0, 3)
