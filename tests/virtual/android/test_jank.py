"""What is counted of frames, and how it is printed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from framework.virtual.android.frame import Frame
from framework.virtual.android.jank import BUCKETS_MS, JankStats, JankTracker, bucket_ms, percentile, profile_text

MS = 1_000_000
PERIOD = 8 * MS
CAPTURE = Path(__file__).resolve().parents[4] / "shared/captures/gfxinfo/gracker__memorylab.txt"


def frame(at_ms: float, took_ms: float, **changes: int) -> Frame:
    """A frame for the vsync at `at_ms`, all of whose time passed on the GPU."""
    at, end = int(at_ms * MS), int((at_ms + took_ms) * MS)
    stages = dict.fromkeys(("handle_input_ns", "animation_ns", "traversals_ns", "draw_ns", "sync_queued_ns"), at)
    stages |= dict.fromkeys(("sync_start_ns", "issue_ns", "swap_ns", "swapped_ns", "vsync_ns", "intended_vsync_ns"), at)
    made = Frame(
        vsync_id=1,
        flags=0,
        interval_ns=PERIOD,
        deadline_ns=at + 2 * PERIOD,
        dequeue_took_ns=0,
        queue_took_ns=0,
        gpu_completed_ns=end,
        latched_ns=end,
        present_ns=end,
        text_length=0,
        **stages,
    )
    return replace(made, **changes)


def count(*frames: Frame) -> JankStats:
    tracker = JankTracker(0)
    for each in frames:
        tracker.finish(each)
    return tracker.stats


@pytest.mark.parametrize(
    ("ms", "bucket"),
    [
        (0, 5),
        (5, 5),
        (6, 6),
        (32, 32),
        (33, 32),
        (34, 34),
        (48, 48),
        (51, 48),
        (52, 53),
        (135, 133),
        (136, 150),
        (199, 150),
        (200, 200),
        (60000, 4950),
    ],
)
def test_a_frame_is_counted_in_the_bucket_that_it_reaches(ms: int, bucket: int) -> None:
    """Steps of 1 ms to 32, of 2 to 48, of 4 to 133, of 50 to 4950; what is between or above goes to the nearest."""
    assert bucket_ms(ms * MS) == bucket


def test_a_frame_that_misses_its_deadline_is_janky() -> None:
    """Two periods are given; the old rules gave one, until the frame was handed over."""
    stats = count(frame(0, 15), frame(100, 17), frame(200, 3))
    assert (stats.total, stats.janky, stats.kinds["Frame deadline missed"]) == (3, 1, 1)
    assert stats.kinds["Slow issue draw commands"] == 1


def test_what_was_slow_is_told_of_janky_frames_only() -> None:
    """The UI thread against half a period, the sync against a fifth, a late start against nothing."""
    slow = {"sync_queued_ns": 5 * MS, "sync_start_ns": 5 * MS, "issue_ns": 7 * MS, "vsync_ns": 0, "swap_ns": 7 * MS}
    stats = count(frame(0, 20, **slow, swapped_ns=8 * MS))
    parts = ["Missed Vsync", "Slow UI thread", "Slow bitmap uploads", "Slow issue draw commands"]
    assert [stats.kinds[part] for part in parts] == [0, 1, 1, 1]
    assert count(frame(0, 15, **slow, swapped_ns=8 * MS)).kinds["Slow UI thread"] == 0


def test_after_a_late_frame_the_queue_is_full() -> None:
    """The next one has a period more, which makes it no jank but a high input latency, by the old rules as well."""
    stats = count(frame(0, 30), frame(24, 20))
    assert (stats.janky, stats.kinds["High input latency"]) == (1, 2)


def test_percentiles_are_names_of_buckets() -> None:
    """Of 100 frames 50 take 5 ms, one takes 36; without a frame Android prints the last bucket."""
    stats = count(*(frame(1000 * n, 36 if n == 0 else 10 if n < 50 else 5) for n in range(100)))
    ranks = [percentile(stats.histogram, BUCKETS_MS, rank) for rank in (50, 90, 99)]
    assert ranks == [10, 10, 36]
    assert "50th percentile: 4950ms" in profile_text(JankStats(0))


def test_the_text_has_the_lines_of_a_real_one() -> None:
    """Line by line the same words and buckets as a phone with Android 14 printed."""
    if not CAPTURE.is_file():
        pytest.skip("the capture is not on this machine")
    block = next(part for part in CAPTURE.read_text().split("\n\n") if part.startswith("Stats since"))
    blank = re.compile(r"(=|: )[\d.]+")

    def words(text: str) -> list[str]:
        return [re.sub(r"\(.*%\)", "(%)", blank.sub(r"\1#", line)).rstrip() for line in text.strip().splitlines()]

    assert words(block) == words(profile_text(count(frame(0, 6))))
