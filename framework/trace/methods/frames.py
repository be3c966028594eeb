"""By frames: when the glass first showed the reply, from hwui's and the compositor's own times.

Frames do not tell what is on them. When the text came is known roughly (by events, log lines or the screen); the
frame that shows it is the first that was begun after that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from framework.contract.trace import ClockSegment
from framework.contract.turn import Estimate
from framework.dumps.framestats import FrameTimes
from framework.dumps.sf_latency import LatencyFrame
from framework.trace.clocks import boot_ns
from framework.trace.methods.marks import NS_PER_MS, Interval, between, rate

HANDLER_NS = 1 * NS_PER_MS
"""From a token in the engine's thread to the UI thread's message that shows it."""

FENCE_NS = 2 * NS_PER_MS
"""By how much hwui and the compositor may differ on when the GPU was done with a frame."""

UNKNOWN_PERIODS = 4.0
"""From the GPU to the glass at most, where the compositor does not tell."""

DEFAULT_PERIOD_NS = 16_666_667


@dataclass(frozen=True, slots=True)
class Frame:
    """In boot time: from when on the frame was begun, until when it took in changes, when it was on the glass."""

    woken: Interval
    begun: Interval
    present: Interval


def on_boot_time(
    drawn: Sequence[FrameTimes], shown: Sequence[LatencyFrame], period_ns: int | None, monotonic: Sequence[ClockSegment]
) -> tuple[Frame, ...]:
    """hwui's frames with the compositor's times of the same ones, in their order."""
    frames = [_frame(one, shown, period_ns or DEFAULT_PERIOD_NS, monotonic) for one in drawn]
    return tuple(sorted((one for one in frames if one is not None), key=lambda one: one.begun))


def estimates(
    frames: Sequence[Frame],
    request: Interval,
    first: Interval,
    last: Interval | None = None,
    tokens: int | None = None,
) -> tuple[Estimate, ...]:
    """`first` and `last` hold the times at which the reply's first and last text came.

    Nothing is told where the frames that matter are gone from the handset's memory, or not drawn yet.
    """
    shown = _showing(frames, first)
    if shown is None:
        return ()
    found = [between("first_text_ms", request, (shown[0].present[0], shown[1].present[1]), "frames")]
    came = _met(_came(frames, shown), first)
    if came is not None:
        found.append(between("ttft_ms", request, came, "frames"))
    ended = None if last is None else _showing(frames, last)
    if came is not None and last is not None and ended is not None and tokens is not None and tokens > 1:
        done = _met(_came(frames, ended), last)
        if done is not None:
            steps = tokens - 1
            found += rate((max(done[0] - came[1], 0) / steps, (done[1] - came[0]) / steps), "frames")
    return tuple(one for one in found if one is not None)


def _showing(frames: Sequence[Frame], text: Interval) -> tuple[Frame, Frame] | None:
    """The earliest and the latest frame that may be the first with the text."""
    early = next((index for index, frame in enumerate(frames) if frame.begun[1] >= text[0]), None)
    late = next((index for index, frame in enumerate(frames) if frame.begun[0] >= text[1] + HANDLER_NS), None)
    if early is None or early == 0:  # frames before the first one known may be forgotten
        return None
    if late is None:  # drawn until the end: the last frame shows it, if it can
        late = len(frames) - 1
    return frames[early], frames[late]


def _came(frames: Sequence[Frame], shown: tuple[Frame, Frame]) -> Interval:
    """When the text came that these frames show: not before the frame before was begun, nor a vsync before."""
    before = frames[frames.index(shown[0]) - 1]
    return max(before.begun[0] - HANDLER_NS, shown[0].woken[0] - HANDLER_NS), shown[1].begun[1]


def _met(one: Interval, other: Interval) -> Interval | None:
    low, high = max(one[0], other[0]), min(one[1], other[1])
    return (low, high) if low <= high else None


def _frame(
    drawn: FrameTimes, shown: Sequence[LatencyFrame], period_ns: int, monotonic: Sequence[ClockSegment]
) -> Frame | None:
    begun_ns = drawn.handle_input_start_ns or drawn.vsync_ns or drawn.intended_vsync_ns
    woken_ns = drawn.intended_vsync_ns or drawn.vsync_ns
    done_ns = drawn.gpu_completed_ns or drawn.frame_completed_ns
    if begun_ns is None or woken_ns is None or done_ns is None:
        return None
    interval_ns = drawn.frame_interval_ns or period_ns
    woken, begun = _boot(monotonic, woken_ns - interval_ns, woken_ns), _boot(monotonic, begun_ns, begun_ns)
    present_ns = _present_ns(drawn, done_ns, shown)
    if present_ns is None:
        present = _boot(monotonic, done_ns, done_ns + round(UNKNOWN_PERIODS * interval_ns))
    else:
        present = _boot(monotonic, present_ns, present_ns)
    return None if woken is None or begun is None or present is None else Frame(woken, begun, present)


def _present_ns(drawn: FrameTimes, done_ns: int, shown: Sequence[LatencyFrame]) -> int | None:
    """As hwui tells it, or the compositor of the frame whose buffer was ready when the GPU was done."""
    if drawn.display_present_ns is not None:
        return drawn.display_present_ns
    ready = [one for one in shown if one.frame_ready_ns is not None and one.actual_present_ns is not None]
    nearest = min(ready, key=lambda one: abs((one.frame_ready_ns or 0) - done_ns), default=None)
    if nearest is None or abs((nearest.frame_ready_ns or 0) - done_ns) > FENCE_NS:
        return None
    return nearest.actual_present_ns


def _boot(monotonic: Sequence[ClockSegment], low_ns: int, high_ns: int) -> Interval | None:
    low, high = boot_ns(monotonic, low_ns), boot_ns(monotonic, high_ns)
    if low is None or high is None:
        return None
    return low.device_ns - low.bound_ns, high.device_ns + high.bound_ns
