"""The rows of `dumpsys gfxinfo … framestats`."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.framestats import FrameTimes, WindowFrames, parse_windows

NEW = """  com.example/com.example.Main/android.view.ViewRootImpl@1 (visibility=0)
---PROFILEDATA---
Flags,FrameTimelineVsyncId,IntendedVsync,Vsync,InputEventId,HandleInputStart,DrawStart,FrameDeadline,FrameInterval,\
FrameStartTime,SwapBuffers,FrameCompleted,GpuCompleted,DisplayPresentTime,
0,77,1000000000,1000000001,0,1000000100,1000000200,1016000000,16666666,1000000050,1000000300,1009000000,1009500000,0,
1,78,1016000000,1016000001,0,1016000100,1016000200,1032000000,1016000050,16666666,1016000300,0,9223372036854775807,5,
2,79,1032
---PROFILEDATA---
"""
OLD = """Window: com.example/com.example.Main
---PROFILEDATA---
IntendedVsync,Flags,FrameCompleted,
500,0,900,
---PROFILEDATA---
"""


def frames(text: str) -> tuple[FrameTimes, ...]:
    (window,) = parse_windows(text.splitlines())
    return window.frames


def test_columns_are_read_by_their_heading() -> None:
    """Another release has other columns in another order; those it lacks are None."""
    assert frames(OLD) == (FrameTimes(0, 500, None, None, None, None, None, None, None, 900, None, None),)


def test_a_frame_of_a_late_release() -> None:
    """Every line ends with a comma; a row cut short is left out."""
    first, _second = frames(NEW)
    assert (first.flags, first.intended_vsync_ns, first.frame_completed_ns) == (0, 1_000_000_000, 1_009_000_000)
    assert (first.frame_deadline_ns, first.gpu_completed_ns) == (1_016_000_000, 1_009_500_000)
    assert first.display_present_ns is None


def test_swapped_columns_are_put_right() -> None:
    """An interval of many seconds is the start time, and the other way round."""
    first, second = frames(NEW)
    assert (first.frame_interval_ns, first.frame_start_ns) == (16_666_666, 1_000_000_050)
    assert (second.frame_interval_ns, second.frame_start_ns) == (16_666_666, 1_016_000_050)


def test_impossible_ends_are_none() -> None:
    """0, INT64_MAX and a time before the frame began are no times."""
    _, second = frames(NEW)
    assert (second.frame_completed_ns, second.gpu_completed_ns, second.display_present_ns) == (None, None, None)


def test_windows_are_kept_apart() -> None:
    """Each table belongs to the window named above it."""
    windows = parse_windows((OLD + NEW).splitlines())
    assert [(window.window, len(window.frames)) for window in windows] == [
        ("com.example/com.example.Main", 1),
        ("com.example/com.example.Main/android.view.ViewRootImpl@1", 2),
    ]


def test_an_empty_table_has_no_frames() -> None:
    """A window that has not drawn prints the heading alone, or nothing."""
    fence = "---PROFILEDATA---"
    assert parse_windows([fence, "Flags,Vsync,", fence]) == (WindowFrames(None, ()),)
    assert parse_windows([fence]) == (WindowFrames(None, ()),)


@given(st.text(max_size=100), st.integers(0, len(NEW)))
def test_any_text_is_survived(noise: str, cut: int) -> None:
    """Whatever stands in the table, there is an answer."""
    assert isinstance(parse_windows((NEW[:cut] + noise + NEW[cut:]).splitlines()), tuple)
