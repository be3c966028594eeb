"""lmkd, the low-memory killer (AOSP system/memory/lmkd): who goes when room stays short, and how the log tells it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from framework.virtual.android.exits import Reason, Why
from framework.virtual.android.packages import HOME

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

LMKD = "/system/bin/lmkd"
STALL_NS = 70_000_000
"""Stall that wakes it (PSI_SCRIT_COMPLETE_STALL_MS)."""

POLL_NS = 100_000_000
"""From one look to the next while pressure lasts (PSI_POLL_PERIOD_LONG_MS)."""

SWAP_LOW_SHARE = 0.1
"""Free swap below this share of all of it is low (ro.lmk.swap_free_low_percentage)."""

FOREGROUND_ADJ, VISIBLE_ADJ, PERCEPTIBLE_ADJ, HOME_ADJ, CACHED_ADJ = 0, 100, 200, 600, 900
"""ProcessList.java: what is in front, what the user would miss, the launcher behind it, and the rest."""


def oom_score_adj(device: Device, process: Process) -> int:
    """How readily a process is killed: for an app by where its activity is, for others as they were started."""
    activities = device.activities
    focused, record = activities.focused, activities.running(process.name)
    if focused is not None and focused.process is process:
        return FOREGROUND_ADJ
    if any(each.process is process for each in device.windows.visible_activities):
        return VISIBLE_ADJ
    if record is None or record.process is not process:
        return process.oom_score_adj
    if HOME in (name for each in record.package.activities for filter_ in each.filters for name in filter_.categories):
        return HOME_ADJ
    if any(service.foreground for service in activities.services.of(process)):
        return PERCEPTIBLE_ADJ
    return CACHED_ADJ + 5 * activities.records.index(record)


def importance(adj: int) -> str:
    """As ActivityManager writes a score and the state behind it (ProcessList.makeOomAdjString, makeProcStateString)."""
    if adj >= CACHED_ADJ:
        return f"cch{f'+{adj - CACHED_ADJ}' if adj > CACHED_ADJ else '  '} CEM"
    if adj >= PERCEPTIBLE_ADJ:
        return "home HOME" if adj >= HOME_ADJ else "prcp SVC"
    return "vis  TOP" if adj >= VISIBLE_ADJ else "fg  TOP"


def process_state(adj: int) -> int:
    """ActivityManager.PROCESS_STATE_* that goes with a score: top, a service, home, cached."""
    return 19 if adj >= CACHED_ADJ else 14 if adj >= HOME_ADJ else 10 if adj >= PERCEPTIBLE_ADJ else 2


def user_importance(adj: int) -> int:
    """ActivityManager.RunningAppProcessInfo.IMPORTANCE_* that goes with a score."""
    return 400 if adj >= HOME_ADJ else 230 if adj >= PERCEPTIBLE_ADJ else 100


class LowMemoryKiller:
    """Kills one process after the other, the most dispensable first, while memory stays short."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._memory = device.physics.memory
        self._watching = False
        self._killed = False
        self._since_ns = 0
        self._memory.priority = lambda holder: self._adj(holder)  # type: ignore[arg-type]
        self._memory.on_pressure = self._wake

    def kill(self, victim: Process) -> None:
        """Kill one process now, whether or not there is need."""
        self._kill(victim)

    def _wake(self) -> None:
        if not self._watching:
            self._watching, self._killed = True, False
            self._since_ns = self._device.clock.now_ns()
            self._device.clock.at(self._since_ns + STALL_NS, self._look)

    def _look(self, at_ns: int) -> None:
        self._memory.room_made()
        if not (self._memory.short or self._memory.thrashing):
            self._watching = False
            return
        victim = self._victim()
        if victim is not None:
            self._kill(victim)
        elif not self._out_of_memory():
            self._watching = False
            return
        self._device.clock.at(at_ns + POLL_NS, self._look)

    def _victim(self) -> Process | None:
        """The process with the highest score, the largest of them; thrashing alone spares what the user notices.

        Who was started again under this pressure has shown that its end does not help.
        """
        least = FOREGROUND_ADJ if self._memory.short else PERCEPTIBLE_ADJ + 1
        found = [each for each in self._device.processes.all() if each.started_ns < self._since_ns]
        found = [each for each in found if self._adj(each) >= least]
        return max(found, key=lambda each: (self._adj(each), each.memory.rss_bytes), default=None)

    def _kill(self, victim: Process) -> None:
        self._device.physics.settle()
        memory, reason = victim.memory, self._reason()
        self._log(
            f"Kill '{victim.name}' ({victim.pid}), uid {victim.uid}, oom_score_adj {self._adj(victim)} to free "
            f"{memory.rss_bytes >> 10}kB rss, {memory.swap_bytes >> 10}kB swap; reason: {reason}"
        )
        self._killed = True
        activities, had_activity = self._device.activities, self._device.activities.running(victim.name) is not None
        activities.failures.kill(victim, Why(Reason.LOW_MEMORY))
        if not had_activity:
            activities.note_death(victim)
        if activities.foreground is None and not activities.stack:
            activities.home()
        self._memory.room_made()

    def _out_of_memory(self) -> bool:
        """The kernel's last resort, when lmkd has nobody left: whoever waits for most. False when nobody waits."""
        waiting = [each for each in self._device.processes.all() if each.memory.wanted_bytes]
        if waiting:
            max(waiting, key=lambda each: each.memory.wanted_bytes).signal(signal.SIGKILL)
            self._memory.room_made()
        return bool(waiting)

    def _reason(self) -> str:
        memory = self._memory
        breached = f"{'min' if memory.free_bytes <= memory.min_bytes else 'low'} watermark is breached"
        swap_low = int(memory.swap_bytes * SWAP_LOW_SHARE)
        if memory.short and self._killed:
            return f"{breached} even after kill"
        if memory.swap_free_bytes >= swap_low:
            return f"{breached} and thrashing" if memory.short else "device is not responding"
        swap = f"low on swap ({memory.swap_free_bytes >> 10}kB < {swap_low >> 10}kB)"
        if memory.short:
            return f"{breached} and swap is {swap.replace(' on swap', '')}"
        return f"device is {swap} and thrashing"

    def _log(self, message: str) -> None:
        lmkd = self._device.processes.by_name(LMKD)
        if lmkd is not None:
            self._device.log.write("lowmemorykiller", "I", message, pid=lmkd.pid, uid=lmkd.uid)

    def _adj(self, process: Process) -> int:
        return oom_score_adj(self._device, process)
