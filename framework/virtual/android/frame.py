"""One frame on its way: from the vsync that woke the app, over its two threads and the GPU, to the glass."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from framework.virtual.android.vsync import Vsync

WINDOW_VISIBILITY_CHANGED = 1
"""FrameInfoFlags (AOSP libs/hwui/FrameInfo.h): the first frame of a window, which takes longer."""

FIRST_TAKES = 9.0
SPREAD = (0.7, 0.6)
"""Least share of its usual time that a stage takes, and how much may come on top."""

PRESENT_JITTER_NS = 12_000
SLOWED_BY_LOAD = 0.6
LATE_AT_REST, LATE_WHEN_FULL, LATE_WHEN_CROWDED = 0.001, 0.012, 0.08
"""Share of frames that something delays: on a quiet handset, with every CPU busy, with more threads than CPUs."""

LATE_PERIODS = 1.4
"""How long such a delay is, in mean."""

UI_STAGES_NS = (170_000, 22_000, 35_000, 620_000, 330_000)
"""Input, animation, traversal and layout until drawing starts, recording until the render thread is asked."""

WAIT_NS, SYNC_NS, COMMANDS_NS, DEQUEUE_NS, QUEUE_NS, GPU_NS = 30_000, 170_000, 1_000_000, 60_000, 280_000, 1_500_000


@dataclass(slots=True)
class Frame:
    """Times in ns of CLOCK_MONOTONIC, named as libs/hwui/FrameInfo.h names them; `text_length` is what it shows.

    `present_ns` is when it is on the glass; `latched_ns` when the compositor took its buffer.
    """

    vsync_id: int
    flags: int
    interval_ns: int
    intended_vsync_ns: int
    vsync_ns: int
    handle_input_ns: int
    animation_ns: int
    traversals_ns: int
    draw_ns: int
    deadline_ns: int
    sync_queued_ns: int
    sync_start_ns: int
    issue_ns: int
    swap_ns: int
    dequeue_took_ns: int
    queue_took_ns: int
    swapped_ns: int
    gpu_completed_ns: int
    latched_ns: int
    present_ns: int
    text_length: int

    @property
    def stalled_ns(self) -> int:
        """How long the UI thread waited for the render thread: the frame before is blamed for that."""
        return self.sync_start_ns - self.sync_queued_ns

    @property
    def ui_busy_ns(self) -> int:
        """CPU time on the UI thread; what delayed a late frame was other work."""
        return min(self.sync_queued_ns - self.handle_input_ns + self.issue_ns - self.sync_start_ns, self.interval_ns)

    @property
    def render_busy_ns(self) -> int:
        """CPU time on the render thread."""
        return min(self.swapped_ns - self.sync_start_ns, self.interval_ns)

    @property
    def completed_ns(self) -> int:
        return max(self.gpu_completed_ns, self.swapped_ns)


@dataclass(frozen=True, slots=True)
class Cause:
    """What a frame is drawn for. `load` is the threads that want a CPU, as a share of the CPUs."""

    at_ns: int
    load: float
    text_length: int
    flags: int = 0


class Renderer:
    """The two threads of one window and its share of the GPU; each frame waits for the one before."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._last: Frame | None = None
        self._frames = 0
        self._held_until_ns = 0

    def hold(self, until_ns: int) -> None:
        """The UI thread is busy with something else until then."""
        self._held_until_ns = until_ns

    @property
    def ui_free_ns(self) -> int:
        """When the UI thread can begin another frame."""
        return max(self._held_until_ns, self._last.issue_ns if self._last else 0)

    @property
    def last_vsync_ns(self) -> int:
        return self._last.intended_vsync_ns if self._last else 0

    def draw(self, vsync: Vsync, intended_ns: int, cause: Cause) -> Frame:
        """The frame for the vsync at `intended_ns`."""
        last = self._last
        slow = (1 + SLOWED_BY_LOAD * min(1.0, cause.load)) * (FIRST_TAKES if cause.flags else 1.0)
        late_ui, late_render, late_gpu = self._delays(cause, vsync.period_ns)
        begin = max(intended_ns, self.ui_free_ns)
        moments = []
        at = begin
        for usual in UI_STAGES_NS:
            at += self._takes(usual * slow)
            moments.append(at)
        queued = moments[4] + late_ui
        sync = max(queued + self._takes(WAIT_NS), last.swapped_ns if last else 0)
        issue = sync + self._takes(SYNC_NS * slow)
        swap = issue + self._takes(COMMANDS_NS * slow) + late_render
        dequeue, queue = self._takes(DEQUEUE_NS), self._takes(QUEUE_NS)
        gpu = swap + max(self._takes(GPU_NS * slow) + late_gpu, dequeue + queue)
        deadline = intended_ns + vsync.app_ns
        latched = max(vsync.from_(gpu), deadline, (last.latched_ns if last else 0) + vsync.period_ns)
        self._frames += 1
        self._last = Frame(
            vsync_id=intended_ns // vsync.period_ns + self._frames,
            flags=cause.flags,
            interval_ns=vsync.nominal_ns,
            intended_vsync_ns=intended_ns,
            vsync_ns=begin - (begin - intended_ns) % vsync.period_ns,
            handle_input_ns=moments[0],
            animation_ns=moments[1],
            traversals_ns=moments[2],
            draw_ns=moments[3],
            deadline_ns=deadline,
            sync_queued_ns=queued,
            sync_start_ns=sync,
            issue_ns=issue,
            swap_ns=swap,
            dequeue_took_ns=dequeue,
            queue_took_ns=queue,
            swapped_ns=swap + dequeue + queue,
            gpu_completed_ns=gpu,
            latched_ns=latched,
            present_ns=latched + vsync.period_ns + self._jitter(),
            text_length=cause.text_length,
        )
        return self._last

    def _takes(self, usual_ns: float) -> int:
        least, more = SPREAD
        return int(usual_ns * (least + more * self._chance.random()))

    def _jitter(self) -> int:
        return int(PRESENT_JITTER_NS * (2 * self._chance.random() - 1))

    def _delays(self, cause: Cause, period_ns: int) -> tuple[int, int, int]:
        """What comes on top, on the UI thread, the render thread and the GPU: seldom anything."""
        crowded = max(0.0, cause.load - 1)
        share = LATE_AT_REST + LATE_WHEN_FULL * min(1.0, cause.load) + LATE_WHEN_CROWDED * min(1.0, crowded)
        if self._chance.random() >= share:
            return 0, 0, 0
        delay = int(period_ns * (0.6 + self._chance.expovariate(1 / LATE_PERIODS)))
        where = self._chance.randrange(3)
        return delay * (where == 0), delay * (where == 1), delay * (where == 2)
