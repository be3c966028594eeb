"""`dumpsys SurfaceFlinger --latency` output."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.errors import DumpError
from framework.dumps.sf_latency import PENDING, LatencyDump, LatencyFrame, parse

DUMP = f"8333333\r\n0\t0\t0\r\n100\t300\t200\r\n400\t{PENDING}\t500\r\n\r\n"


def test_unused_slots_are_left_out_and_a_pending_fence_has_no_time() -> None:
    """Neither zeros nor INT64_MAX are times; line ends may be CRLF."""
    assert parse(DUMP) == LatencyDump(8333333, (LatencyFrame(100, 300, 200), LatencyFrame(400, None, 500)))


def test_a_layer_without_frames_has_none() -> None:
    """The period alone is a whole dump: the frames must come from elsewhere."""
    assert parse("16666666\n\n") == LatencyDump(16666666, ())


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 1, "the refresh period in nanoseconds"),
        ("\nCan't find service: SurfaceFlinger\n", 2, "the refresh period in nanoseconds"),
        ("16666666\n1 2\n", 2, "three times in nanoseconds"),
    ],
)
def test_other_text_is_refused(text: str, line: int, expected: str) -> None:
    """The error tells the line and what it should hold."""
    with pytest.raises(DumpError) as refusal:
        parse(text)
    assert (line, expected) == (refusal.value.line, refusal.value.expected)


@given(st.text(max_size=100), st.integers(0, len(DUMP)))
def test_any_text_is_read_or_refused(read_or_refused: Callable[[str, str], bool], noise: str, cut: int) -> None:
    """Whatever a handset prints, nothing but DumpError comes out."""
    for text in (noise, DUMP[:cut] + noise):
        assert read_or_refused("sf_latency", text)


def test_a_real_dump(capture: Callable[[str], str]) -> None:
    """14 frames of a streaming reply at 60 Hz; the last two show the same buffer again."""
    dump = parse(capture("sf_latency/aneb__realphone_doubao_stream.txt"))
    assert (dump.refresh_period_ns, len(dump.frames)) == (16666666, 14)
    assert LatencyFrame(550814588881575, 550814613822721, 550814589429492) == dump.frames[0]
    first, second = dump.frames[:2]
    assert first.actual_present_ns is not None
    assert second.actual_present_ns is not None
    assert round((second.actual_present_ns - first.actual_present_ns) / 1e6, 2) == 16.57
    last, before = dump.frames[-1], dump.frames[-2]
    assert (before.desired_present_ns, before.frame_ready_ns) == (last.desired_present_ns, last.frame_ready_ns)
