"""What hwui counts of a window's frames since it was reset (AOSP libs/hwui/JankTracker.cpp and ProfileData.cpp)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from framework.virtual.android.frame import Frame

MS = 1_000_000
KINDS = (
    "Missed Vsync",
    "High input latency",
    "Slow UI thread",
    "Slow bitmap uploads",
    "Slow issue draw commands",
    "Frame deadline missed",
    "Frame deadline missed (legacy)",
)
BUCKETS_MS = (*range(5, 33), *range(34, 49, 2), *range(53, 134, 4))
SLOW_BUCKETS_MS = tuple(range(150, 4951, 50))
GPU_BUCKETS_MS = (*range(1, 26), 4950)
STUFFED = 0.1
"""Share of a period by which a frame may begin early before it counts as one of a full queue."""


@dataclass(slots=True)
class JankStats:
    """Counts since `since_ns` of CLOCK_MONOTONIC; histograms by the name of the bucket in ms."""

    since_ns: int
    total: int = 0
    janky: int = 0
    janky_legacy: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    histogram: Counter[int] = field(default_factory=Counter)
    gpu_histogram: Counter[int] = field(default_factory=Counter)


class JankTracker:
    """Judges one finished frame after the other; `reset` begins to count anew."""

    def __init__(self, now_ns: int) -> None:
        self.stats = JankStats(now_ns)
        self._unstuffed_ns = 0
        self._swap_deadline_ns = -1

    def reset(self, now_ns: int) -> None:
        self.stats = JankStats(now_ns)

    def finish(self, frame: Frame) -> None:
        """Count a frame. One that began while its queue was full is given a period more."""
        stats = self.stats
        self._judge_by_old_rules(frame)
        stats.total += 1
        stats.histogram[bucket_ms(frame.completed_ns - frame.intended_vsync_ns - frame.stalled_ns)] += 1
        stats.gpu_histogram[GPU_BUCKETS_MS[min((frame.gpu_completed_ns - frame.swap_ns) // MS, 25)]] += 1
        stuffed = self._unstuffed_ns - frame.intended_vsync_ns > frame.interval_ns * STUFFED
        if stuffed:
            frame.deadline_ns += frame.interval_ns
        if frame.gpu_completed_ns < frame.deadline_ns:
            if stuffed:
                stats.kinds["High input latency"] += 1
                self._unstuffed_ns += frame.interval_ns
            return
        stats.janky += 1
        stats.kinds["Frame deadline missed"] += 1
        self._unstuffed_ns = _next_slot(frame.gpu_completed_ns, frame)
        stats.kinds.update(_slow_parts(frame))

    def _judge_by_old_rules(self, frame: Frame) -> None:
        """As before Android 12: one period for each frame, counted from where the one before ended."""
        stats, interval, intended = self.stats, frame.interval_ns, frame.intended_vsync_ns
        took = frame.swapped_ns - intended - frame.stalled_ns
        stats.janky_legacy += took > interval
        if self._swap_deadline_ns < 0:
            self._swap_deadline_ns = intended + interval
        stuffed = self._swap_deadline_ns - intended > interval * STUFFED
        self._swap_deadline_ns = max(self._swap_deadline_ns, intended) + interval
        if frame.completed_ns < self._swap_deadline_ns or took < interval:
            stats.kinds["High input latency"] += stuffed
            return
        stats.kinds["Frame deadline missed (legacy)"] += 1
        self._swap_deadline_ns = _next_slot(frame.completed_ns, frame)


def _next_slot(ended_ns: int, frame: Frame) -> int:
    return ended_ns - (ended_ns - frame.vsync_ns) % frame.interval_ns + frame.interval_ns


def _slow_parts(frame: Frame) -> Iterator[str]:
    """What was slow in a frame that missed its deadline, each against its share of a period."""
    interval = frame.interval_ns
    if frame.vsync_ns - frame.intended_vsync_ns >= 1:
        yield "Missed Vsync"
    if frame.sync_start_ns - frame.vsync_ns - frame.stalled_ns >= interval * 0.5:
        yield "Slow UI thread"
    if frame.issue_ns - frame.sync_start_ns >= interval * 0.2:
        yield "Slow bitmap uploads"
    if frame.completed_ns - frame.issue_ns >= interval * 0.75:
        yield "Slow issue draw commands"


def bucket_ms(ns: int) -> int:
    """The bucket that counts a frame of this length: steps of 1, 2 and 4 ms, and of 50 ms for slow ones."""
    ms = ns // MS
    index = max(ms - 5, 0) if ms <= 32 else 27 + (min(ms, 48) - 32) // 2 + max(0, ms - 48) // 4
    if index < len(BUCKETS_MS):
        return int(BUCKETS_MS[index])
    return SLOW_BUCKETS_MS[min(max(0, (ms - SLOW_BUCKETS_MS[0]) // 50), len(SLOW_BUCKETS_MS) - 1)]


def profile_text(stats: JankStats) -> str:
    """As ProfileData::dump prints it, between line ends."""
    total = stats.total
    percent = [100 * count / total if total else 0.0 for count in (stats.janky, stats.janky_legacy)]
    buckets = list(chain(BUCKETS_MS, SLOW_BUCKETS_MS))
    lines = [
        f"Stats since: {stats.since_ns}ns",
        f"Total frames rendered: {total}",
        f"Janky frames: {stats.janky} ({percent[0]:.2f}%)",
        f"Janky frames (legacy): {stats.janky_legacy} ({percent[1]:.2f}%)",
        *(f"{rank}th percentile: {percentile(stats.histogram, buckets, rank)}ms" for rank in (50, 90, 95, 99)),
        *(f"Number {kind}: {stats.kinds[kind]}" for kind in KINDS),
        "HISTOGRAM: " + " ".join(f"{ms}ms={stats.histogram[ms]}" for ms in buckets),
        *(
            f"{rank}th gpu percentile: {percentile(stats.gpu_histogram, GPU_BUCKETS_MS, rank)}ms"
            for rank in (50, 90, 95, 99)
        ),
        "GPU HISTOGRAM: " + " ".join(f"{ms}ms={stats.gpu_histogram[ms]}" for ms in GPU_BUCKETS_MS),
    ]
    return "\n" + "\n".join(lines) + "\n"


def percentile(histogram: Counter[int], buckets: list[int] | tuple[int, ...], rank: int) -> int:
    """The bucket that `rank` percent of the frames do not exceed; the last one when there are no frames."""
    total = sum(histogram.values())
    remaining = total - rank * total // 100
    for ms in reversed(buckets):
        remaining -= histogram[ms]
        if remaining <= 0:
            return ms
    return 0
