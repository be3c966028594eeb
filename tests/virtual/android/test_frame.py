"""One frame after the other through an app's two threads, the GPU and the compositor."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.android.frame import Cause, Frame, Renderer
from framework.virtual.android.vsync import Vsync

VSYNC = Vsync(8_333_333, 8_333_301, 1_234_567)
AT_REST = Cause(0, 0.1, 0)


def draw(loads: list[float], gaps: list[int], seed: int = 1) -> list[Frame]:
    """Frames at vsyncs that are `gaps` periods apart."""
    renderer = Renderer(Random(seed))
    frames, at = [], VSYNC.after(10**10)
    for load, gap in zip(loads, gaps, strict=True):
        frames.append(renderer.draw(VSYNC, at, replace(AT_REST, load=load)))
        at += gap * VSYNC.period_ns
    return frames


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 3), st.integers(1, 9)), min_size=2, max_size=40), st.integers())
def test_what_happens_to_a_frame_happens_in_order(story: list[tuple[float, int]], seed: int) -> None:
    """Every stage begins when the one before has ended, a thread does one thing at a time, the glass shows one
    frame at each vsync and none that is not ready."""
    frames = draw([load for load, _ in story], [gap for _, gap in story], seed)
    for frame in frames:
        stages = [frame.intended_vsync_ns, frame.vsync_ns, frame.handle_input_ns, frame.animation_ns]
        stages += [frame.traversals_ns, frame.draw_ns, frame.sync_queued_ns, frame.sync_start_ns, frame.issue_ns]
        stages += [frame.swap_ns, frame.swapped_ns, frame.gpu_completed_ns, frame.latched_ns, frame.present_ns]
        assert stages == sorted(stages)
        assert (frame.vsync_ns - frame.intended_vsync_ns) % VSYNC.period_ns == 0
        assert (frame.latched_ns - VSYNC.phase_ns) % VSYNC.period_ns == 0
    for before, after in pairwise(frames):
        assert after.handle_input_ns > before.issue_ns
        assert after.sync_start_ns >= before.swapped_ns
        assert after.latched_ns >= before.latched_ns + VSYNC.period_ns


def test_load_makes_frames_late_but_seldom() -> None:
    """Of 4000 frames few miss the deadline on a handset at rest, some on a full one, more on a crowded one."""
    late = [
        sum(frame.gpu_completed_ns > frame.deadline_ns for frame in draw([load] * 4000, [20] * 4000))
        for load in (0.0, 1.0, 2.0)
    ]
    assert late[0] < 8 < late[1] < 60 < late[2] < 400


def test_the_first_frame_of_a_window_takes_longer() -> None:
    """Views are inflated and shaders compiled."""
    first, following = (
        Renderer(Random(2)).draw(VSYNC, VSYNC.after(10**10), replace(AT_REST, flags=flags)) for flags in (1, 0)
    )
    assert first.completed_ns - first.vsync_ns > 4 * (following.completed_ns - following.vsync_ns)
