"""By frames, against a simulated app that draws at the next vsync after each change."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.trace import ClockSegment
from framework.dumps.framestats import FrameTimes
from framework.dumps.sf_latency import LatencyFrame
from framework.trace.methods.frames import Frame, estimates, on_boot_time
from framework.trace.methods.glass import finer

MS = 1_000_000
PERIOD = 8_333_333
SLEPT = 7_000 * MS
MONOTONIC = (ClockSegment(0, 100_000 * MS, SLEPT, MS),)
"""Boot time is 7 s ahead, known within 1 ms."""


def frame_times(vsync_ns: int, begun_ns: int) -> FrameTimes:
    nothing = dict.fromkeys(FrameTimes.__slots__)
    known = {
        "flags": 0,
        "intended_vsync_ns": vsync_ns,
        "vsync_ns": vsync_ns,
        "handle_input_start_ns": begun_ns,
        "frame_interval_ns": PERIOD,
        "gpu_completed_ns": begun_ns + 4 * MS,
    }
    return FrameTimes(**{**nothing, **known})  # type: ignore[arg-type]


def drawn(changes_ns: list[int], late_ns: int) -> tuple[list[FrameTimes], list[LatencyFrame]]:
    """hwui's and the compositor's rows, monotonic; a frame takes in what has changed until it is begun."""
    rows, shown, last = [], [], 0
    for change in changes_ns:
        if change <= last:
            continue
        vsync = -(-change // PERIOD) * PERIOD
        begun = vsync + late_ns
        rows.append(frame_times(vsync, begun))
        shown.append(LatencyFrame(vsync, begun + 4 * MS + 2 * PERIOD, begun + 4 * MS))
        last = begun
    return rows, shown


@settings(max_examples=200, deadline=None)
@given(
    first_ms=st.integers(200, 900),
    steps=st.lists(st.integers(30, 60), min_size=2, max_size=12),
    part=st.integers(0, PERIOD),
    late_us=st.integers(0, 6_000),
    anchor=st.tuples(st.integers(0, 60), st.integers(0, 60)),
    compositor=st.booleans(),
    error_us=st.integers(-1000, 1000),
)
def test_the_truth_is_covered(
    first_ms: int,
    steps: list[int],
    part: int,
    late_us: int,
    anchor: tuple[int, int],
    compositor: bool,
    error_us: int,
) -> None:
    """For any phase of the vsync, late frames, rough anchors, with and without the compositor's times."""
    request = 10_000 * MS + part
    tokens = [request + first_ms * MS]
    for step in steps:
        tokens.append(tokens[-1] + step * MS)
    rows, shown = drawn([request, *tokens], late_us * 1_000)
    truth_frame = next(row for row in rows if (row.handle_input_start_ns or 0) >= tokens[0])
    present = (truth_frame.gpu_completed_ns or 0) + 2 * PERIOD
    clock = (ClockSegment(0, 100_000 * MS, SLEPT + error_us * 1_000, MS),)
    frames = on_boot_time(rows, shown if compositor else [], PERIOD, clock)
    sent = (request + SLEPT, request + SLEPT)

    def around(ns: int) -> tuple[float, float]:
        return ns + SLEPT - anchor[0] * MS, ns + SLEPT + anchor[1] * MS

    found = {one.metric: one for one in estimates(frames, sent, around(tokens[0]), around(tokens[-1]), len(tokens))}
    truth = {
        "ttft_ms": first_ms,
        "first_text_ms": (present - request) / MS,
        "tpot_ms": (tokens[-1] - tokens[0]) / len(steps) / MS,
    }
    for metric, value in truth.items():
        assert abs(found[metric].value - value) <= found[metric].bound + 1e-6, metric


def test_frames_that_are_forgotten_are_not_guessed() -> None:
    """Where no frame from before the text is known any more, an earlier one may have shown it."""
    at = (10_000.0 * MS, 10_000.0 * MS)
    later = Frame((0, 1), (at[0] + MS, at[0] + MS), (at[0] + 9 * MS, at[0] + 9 * MS))
    assert estimates((later,), (0, 0), at) == ()
    assert estimates((), (0, 0), at) == ()


def test_two_words_on_the_monotonic_clock_are_finer_than_one() -> None:
    """What both leave open; where the handset has slept in between, the newer."""
    told = ClockSegment(100, 101, 5_000, 1_000)
    assert finer(told, ClockSegment(0, 90, 5_800, 500)) == ClockSegment(0, 101, 5_650, 350)
    assert finer(told, ClockSegment(0, 90, 1_000, 500)) == told
