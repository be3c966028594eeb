"""CPU time as cores in use between two samples: the assistant's, its busiest threads', everyone else's.

From /proc/stat, /proc/PID/stat and /proc/PID/task/TID/stat, without a fork. The kernel counts in ticks of 10 ms.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from framework.dumps import proc_stat
from framework.dumps.proc_stat import CpuTicks, TaskStat
from framework.trace.probes.probe import Probe, Reading

TICKS_PER_S = 100
BUSIEST = 5


class CpuReader:
    """Remembers the ticks of the sample before; a process that was started anew begins anew."""

    def __init__(self) -> None:
        self._before: tuple[int, int, TaskStat | None] | None = None

    def __call__(self, device_ns: int, text: str) -> Reading:
        stat = proc_stat.parse(text)
        busy = next((_busy(cpu) for cpu in stat.cpus if cpu.name == "cpu"), 0)
        app = stat.tasks[0] if stat.tasks else None
        before, self._before = self._before, (device_ns, busy, app)
        if before is None or device_ns <= before[0] or busy < before[1]:
            return Reading()
        ticks = (device_ns - before[0]) / 1e9 * TICKS_PER_S
        values = {"cpu_busy_cores": (busy - before[1]) / ticks}
        if app is not None and before[2] is not None and _same(app, before[2]):
            values["cpu_app_cores"] = (_used(app) - _used(before[2])) / ticks
            values["cpu_other_cores"] = max(0.0, values["cpu_busy_cores"] - values["cpu_app_cores"])
        return Reading(((device_ns, values),))


class ThreadReader:
    """Tells of the threads that have used most since the recording began; those of one name are one.

    A thread that was told of is told of until the end, also when others have overtaken it: its series has no hole.
    """

    def __init__(self) -> None:
        self._device_ns = 0
        self._before: dict[int, TaskStat] = {}
        self._used: Counter[str] = Counter()
        self._told: dict[str, None] = {}

    def __call__(self, device_ns: int, text: str) -> Reading:
        tasks = {task.pid: task for task in proc_stat.parse(text).tasks} if text else {}
        elapsed_ns, first = device_ns - self._device_ns, not self._before
        used = _used_by_name(tasks.values(), self._before)
        self._device_ns, self._before = device_ns, tasks
        if first or elapsed_ns <= 0:
            return Reading()
        self._used.update(used)
        ticks = elapsed_ns / 1e9 * TICKS_PER_S
        self._told |= dict.fromkeys(name for name, most in self._used.most_common(BUSIEST) if most)
        values = {f"thread_{name}_cores": used[name] / ticks for name in self._told}
        return Reading(((device_ns, values),)) if values else Reading()


def _used_by_name(tasks: Iterable[TaskStat], before: dict[int, TaskStat]) -> Counter[str]:
    used: Counter[str] = Counter()
    for task in tasks:
        earlier = before.get(task.pid)
        known = _used(earlier) if earlier is not None and _same(task, earlier) else 0
        used[re.sub(r"[^A-Za-z0-9]+", "_", task.name).strip("_") or "unnamed"] += max(0, _used(task) - known)
    return used


def _busy(cpu: CpuTicks) -> int:
    """All but idle and waiting for storage; the time of guests is in that of users."""
    system = (cpu.irq_ticks or 0) + (cpu.softirq_ticks or 0) + (cpu.steal_ticks or 0)
    return cpu.user_ticks + cpu.nice_ticks + cpu.system_ticks + system


def _used(task: TaskStat) -> int:
    return task.user_ticks + task.system_ticks


def _same(one: TaskStat, other: TaskStat) -> bool:
    return (one.pid, one.start_ticks) == (other.pid, other.start_ticks)


PROBE = Probe(
    name="cpu",
    units=lambda series: "cores",
    available="read -r line </proc/stat",
    script="""read -r text </proc/stat
[ -z "$pid" ] || text+="
$(</proc/$pid/stat)\"""",
    reader=lambda scene: CpuReader(),
    period_s=1.0,
)

THREADS = Probe(
    name="threads",
    units=lambda series: "cores",
    available="[ -r /proc/self/task ]",
    script="""[ -z "$pid" ] || for stat in /proc/$pid/task/*/stat; do
text+="
$(<$stat)"
done""",
    reader=lambda scene: ThreadReader(),
    period_s=5.0,
)
