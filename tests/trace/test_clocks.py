"""The mappings between clocks, against simulated ones whose truth is known."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.trace import ClockFit, ClockSegment
from framework.trace.clocks import ClockWatch, Mapped, boot_ns, clock_jump, joined

MS = 1_000_000
S = 1_000 * MS
UPTIME_STEP = 10 * MS


# -- host time -----------------------------------------------------------------------------------------------------


def fits(scale: float) -> st.SearchStrategy[ClockFit]:
    return st.builds(ClockFit, st.integers(-(10**15), 10**15), st.integers(0, 10**9), st.just(scale))


@given(fits(20.0), fits(20.0))
def test_measurements_at_one_time_are_both_covered(before: ClockFit, after: ClockFit) -> None:
    """Where no time passed, every offset that either measurement allows lies within the joined bound."""
    both = joined(before, after)
    for fit in (before, after):
        for edge in (fit.offset_ns - fit.bound_ns, fit.offset_ns + fit.bound_ns):
            assert abs(edge - both.offset_ns) <= both.bound_ns


@settings(max_examples=300)
@given(
    scale=st.sampled_from([1.0, 20.0, 60.0]),
    offset=st.integers(-(10**15), 10**15),
    ppm=st.floats(-150, 150),
    slipped=st.sampled_from([0, 0, -5 * MS, -3 * S, 7 * S]),
    slips_at=st.floats(0, 1),
    seconds=st.floats(0.1, 3600),
    errors=st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
    bounds=st.tuples(st.integers(1_000, 20 * MS), st.integers(1_000, 20 * MS)),
    asked=st.floats(0, 1),
)
def test_the_truth_lies_within_the_joined_bound(
    scale: float,
    offset: int,
    ppm: float,
    slipped: int,
    slips_at: float,
    seconds: float,
    errors: tuple[float, float],
    bounds: tuple[int, int],
    asked: float,
) -> None:
    """For any drift, errors within their bounds and a slip at any time between, all times between are covered.

    A slip that two plausible crystals could have drifted is not seen as one; its bound is not claimed to hold.
    """
    began, elapsed = 10**12, int(seconds * S)

    def truth(host_ns: int) -> float:
        slip = slipped if host_ns > began + slips_at * elapsed else 0
        return host_ns * scale + offset + (host_ns - began) * scale * ppm / 1e6 + slip

    def measured(host_ns: int, error: float, bound: int) -> ClockFit:
        return ClockFit(round(truth(host_ns) - host_ns * scale + error * bound), bound + 1, scale, 0.0, host_ns)

    before, after = measured(began, errors[0], bounds[0]), measured(began + elapsed, errors[1], bounds[1])
    fit, jump = joined(before, after), clock_jump(before, after)
    at = began + int(asked * elapsed)
    drift_of_all = abs(ppm) * seconds * S * scale / 1e6
    if slipped == 0:
        assert jump is None
        assert abs(fit.device_ns(at) - truth(at)) <= fit.bound_ns + 2 * scale
    elif jump is not None:
        assert abs(fit.device_ns(at) - truth(at)) <= fit.bound_ns + drift_of_all + 2 * scale
        assert jump.kind == ("clock_step" if scale == 1 else "emulator")


def test_drift_is_measured() -> None:
    """50 µs more after a second of a real handset are 50 ppm, and the middle of that second maps to their middle."""
    fit = joined(ClockFit(0, 10, 1.0, 0.0, 0), ClockFit(50_000, 10, 1.0, 0.0, S))
    assert (round(fit.drift_ppm), fit.device_ns(S // 2)) == (50, S // 2 + 25_000)
    assert fit.bound_ns < 2_000


def test_a_slip_is_an_instant_and_in_the_bound() -> None:
    """An emulated clock that fell 2 s behind between the measurements: told, with both times covered."""
    before, after = ClockFit(0, MS, 20.0, 0.0, 0), ClockFit(-2 * S, MS, 20.0, 0.0, 10 * S)
    jump, fit = clock_jump(before, after), joined(before, after)
    assert jump is not None
    assert "-2000.000 ms" in jump.text
    assert fit.offset_ns + fit.bound_ns >= MS
    assert fit.offset_ns - fit.bound_ns <= -2 * S - MS


# -- the wall clock --------------------------------------------------------------------------------------------------


@dataclass
class World:
    """A handset whose wall clock is slewed at `rates` (ppm, one for each 5 s) and set at `steps` (time → ns)."""

    rates: list[float]
    steps: dict[int, int]
    base: int = 1_700_000_000 * S

    def wall(self, boot: int) -> int:
        whole, rest = divmod(boot, 5 * S)
        slewed = sum(self.rates[n % len(self.rates)] for n in range(whole)) * 5 * S
        slewed += self.rates[whole % len(self.rates)] * rest
        return boot + self.base + int(slewed / 1e6) + sum(by for at, by in self.steps.items() if boot >= at)

    def read(self, watch: ClockWatch, boot: int, before: int, after: int) -> None:
        """As the sampler does it: uptime, wall clock, uptime, with delays between them."""
        low = boot // UPTIME_STEP * UPTIME_STEP
        wall = self.wall(boot + before) // 1_000 * 1_000
        high = (boot + before + after) // UPTIME_STEP * UPTIME_STEP + UPTIME_STEP
        watch.reading(low, wall, high)


RATES = st.lists(st.floats(-500, 500), min_size=1, max_size=6)
DELAYS = st.lists(st.tuples(st.integers(0, 5 * MS), st.integers(0, 5 * MS)), min_size=1, max_size=9)


@settings(max_examples=150)
@given(rates=RATES, delays=DELAYS, period=st.sampled_from([200, 317, 1000, 5000]), count=st.integers(1, 60))
def test_slewing_is_no_step(rates: list[float], delays: list[tuple[int, int]], period: int, count: int) -> None:
    """A clock that NTP slews by up to 500 ppm either way is never called stepped."""
    world, watch = World(rates, {}), ClockWatch()
    for n in range(count):
        world.read(watch, 60 * S + n * period * MS, *delays[n % len(delays)])
    assert watch.instants() == ()


@settings(max_examples=300)
@given(
    rates=RATES,
    delays=DELAYS,
    period=st.sampled_from([200, 317, 1000, 5000]),
    steps=st.dictionaries(st.integers(2, 8), st.integers(-(10**6), 10**6).filter(lambda ms: abs(ms) > 60), max_size=2),
    late=st.integers(0, 999),
    asked=st.floats(0, 1),
)
def test_the_truth_lies_within_the_wall_clocks_bound(
    rates: list[float],
    delays: list[tuple[int, int]],
    period: int,
    steps: dict[int, int],
    late: int,
    asked: float,
) -> None:
    """For any delays, slewing and steps: every step is told, and every wall time maps to its true boot time.

    Or to none, where the clock was set back and the time came twice, or too near to the step to tell.
    """
    at = {60 * S + number * 6 * S + late * MS: by * MS for number, by in steps.items()}
    world, watch = World(rates, at), ClockWatch()
    boot, n = 60 * S, 0
    while boot < 125 * S:
        world.read(watch, boot, *delays[n % len(delays)])
        boot, n = boot + period * MS, n + 1
    told = watch.instants()
    assert len(told) == len(at)
    for instant, (when, by) in zip(told, sorted(at.items()), strict=True):
        assert abs(instant.device_ns - when) <= instant.bound_ns
        size, bound = map(float, re.findall(r"[-+]?[0-9.]+", instant.text))
        assert abs(size - by / MS) <= bound + 0.11  # rounding of what is printed
    true_ns = 60 * S + int(asked * (boot - period * MS - 60 * S))
    segments = watch.clocks().wall
    mapped = boot_ns(segments, world.wall(true_ns))
    near_step = any(abs(true_ns - when) <= period * MS + 20 * MS for when in at)
    assert mapped is not None or near_step or any(by < 0 for by in at.values())
    hinted = boot_ns(segments, world.wall(true_ns), not_before=true_ns - 20 * MS, not_after=true_ns + 20 * MS)
    assert hinted is not None
    for found in (mapped, hinted):
        if found is not None:
            assert abs(found.device_ns - true_ns) <= found.bound_ns
    true_offset = true_ns - world.wall(true_ns)
    covering = [one for one in segments if one.start_ns <= true_ns <= one.end_ns]
    assert any(abs(true_offset - one.offset_ns) <= one.bound_ns for one in covering)


def test_many_readings_are_better_than_one() -> None:
    """At one reading a second the bound is well below the 10 ms step of /proc/uptime."""
    world, watch = World([0.0], {}), ClockWatch()
    for n in range(30):
        world.read(watch, 60 * S + n * 1_003 * MS, 50_000, 50_000)
    assert max(segment.bound_ns for segment in watch.clocks().wall) < 5 * MS


def test_a_time_that_came_twice_is_ambiguous_without_order() -> None:
    """Set back by 10 s: a wall time of the repeated stretch has two boot times; the order of things decides."""
    twice = (ClockSegment(0, 60 * S, 100 * S, MS), ClockSegment(60 * S, 120 * S, 110 * S, MS))
    assert boot_ns(twice, -45 * S) is None
    assert boot_ns(twice, -45 * S, not_before=60 * S) == Mapped(65 * S, MS)
    assert boot_ns(twice, -45 * S, not_after=60 * S) == Mapped(55 * S, MS)
    assert boot_ns(twice, -90 * S) == Mapped(10 * S, MS)


def test_far_from_all_readings_nothing_is_mapped() -> None:
    """Just outside the bound grows by what a clock may be slewed; far outside nothing is claimed."""
    segments = (ClockSegment(60 * S, 120 * S, 0, MS),)
    assert boot_ns(segments, 122 * S) == Mapped(122 * S, 2 * MS)
    assert boot_ns(segments, 140 * S) is None
    assert boot_ns((), 1) is None


# -- reboots and the monotonic clock ---------------------------------------------------------------------------------


def test_a_reboot_is_told_once_and_ends_the_axis() -> None:
    """Uptime that went back, and a boot_id that changed, are one reboot; later readings are of another axis."""
    watch = ClockWatch()
    watch.booted("a")
    watch.reading(100 * S, 1_000 * S, 100 * S + 10 * MS)
    before = watch.clocks()
    watch.reading(5 * S, 1_020 * S, 5 * S + 10 * MS)
    watch.booted("b")
    assert [(one.kind, one.device_ns) for one in watch.instants()] == [("reboot", 100 * S)]
    assert watch.clocks() == before


def test_what_is_told_late_is_no_reboot() -> None:
    """A dump that took three seconds tells the time at which it began; clock readings have gone on meanwhile."""
    watch = ClockWatch()
    for n in range(5):
        watch.reading((100 + n) * S, (1_000 + n) * S, (100 + n) * S + 10 * MS)
    watch.monotonic(95_000, 101_000)
    watch.monotonic(94_000, 100_000)
    watch.reading(102 * S, 1_002 * S, 102 * S + 10 * MS)
    assert watch.instants() == ()
    assert len(watch.clocks().monotonic) == 1


@settings(max_examples=200)
@given(
    slept=st.lists(st.sampled_from([0, 0, 0, 50, 4_000]), min_size=1, max_size=8),
    parts=st.lists(st.integers(0, 999_999), min_size=8, max_size=8),
    delays=st.lists(st.sampled_from([0, 0, 30]), min_size=8, max_size=8),
)
def test_the_monotonic_clock_is_followed(slept: list[int], parts: list[int], delays: list[int]) -> None:
    """Sleep between readings and times cut off to ms: the true offset is within the bound after each reading.

    A reading between whose two times the program was held up is recognised by the next, if nothing slept in between.
    """
    if any(slept):
        delays = [0] * len(delays)
    watch, boot, ahead, truths = ClockWatch(), 100 * S, 5 * S + 123_456, []
    for sleep_ms, part, delay_ms in zip(slept, parts, [*delays[: len(slept) - 1], 0], strict=False):
        boot += S + sleep_ms * MS + part
        ahead += sleep_ms * MS
        watch.monotonic((boot - ahead) // MS, (boot + delay_ms * MS) // MS)
        truths.append((boot, ahead))
        boot += delay_ms * MS
    segments = watch.clocks().monotonic
    for at, offset in truths:
        mapped = boot_ns(segments, at - offset, not_before=at - 40 * MS, not_after=at + 40 * MS)
        assert mapped is not None
        assert abs(mapped.device_ns - at) <= mapped.bound_ns


@pytest.mark.parametrize(("readings", "expected"), [([], 0), ([(1_000, 6_000)], 1), ([(1_000, 6_000)] * 3, 1)])
def test_readings_that_agree_are_one_segment(readings: list[tuple[int, int]], expected: int) -> None:
    """No reading, no segment."""
    watch = ClockWatch()
    for reading in readings:
        watch.monotonic(*reading)
    assert len(watch.clocks().monotonic) == expected


def test_a_dump_that_arrives_late_is_no_reboot() -> None:
    """The sampler's readings overtake a dump that was read before them over another stream."""
    watch = ClockWatch()
    watch.monotonic(9_500, 10_500)
    watch.reading(11 * 10**9, 10**18, 11 * 10**9 + 10**7)
    watch.monotonic(9_000, 10_000)
    assert watch.instants() == ()
    assert [segment.start_ns for segment in watch.clocks().monotonic] == [10_000 * 10**6]
