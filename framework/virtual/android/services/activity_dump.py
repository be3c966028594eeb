"""`dumpsys activity` (AOSP ActivityManagerService.java, ActivityTaskManagerService.java): the parts tools read."""

from __future__ import annotations

from framework.virtual.android.activities import ActivityRecord
from framework.virtual.android.binder import Call
from framework.virtual.android.lmkd import oom_score_adj
from framework.virtual.android.services import activity_service
from framework.virtual.android.tokens import token
from framework.virtual.system.users import FIRST_APP


async def dump(call: Call) -> int:
    words = [word for word in call.words if not word.startswith("-")]
    wanted = words[0] if words else ""
    sections = {
        "activities": lambda: _activities(call),
        "services": lambda: activity_service.dump(call, words[1:]),
        "processes": lambda: _processes(call),
        "top": lambda: _top(call),
        "exit-info": lambda: call.device.activities.failures.history.dump(
            words[1] if len(words) > 1 else None, call.device.clock.wall_ns()
        ),
    }
    names = [name for name in sections if name.startswith(wanted[:3])] if wanted else ["activities", "processes"]
    if not names:
        await call.out(f"Bad activity command, or no activities match: {wanted}\n")
    for name in names[:1] if wanted else names:
        await call.out(sections[name]() + "\n")
    return 0


def activity_text(record: ActivityRecord) -> str:
    """ActivityRecord.toString()"""
    return f"ActivityRecord{{{token('activity', record.task)} u0 {record.short} t{record.task}}}"


def _process_text(record: ActivityRecord) -> str:
    """ProcessRecord.toShortString()"""
    pid, uid = record.process.pid, record.process.uid
    return f"{pid}:{record.process.name}/u0a{uid - FIRST_APP}"


def _activities(call: Call) -> str:
    stack, resumed, seen = (
        call.device.activities.stack,
        call.device.windows.resumed,
        call.device.windows.visible_activities,
    )
    lines = ["ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)", "Display #0 (activities from top to bottom):"]
    for record in stack:
        lines += [
            f"  * Task{{{token('task', record.task)} #{record.task} type=standard A={record.process.uid}:"
            f"{record.package.name} U=0 visible={str(record in seen).lower()}}}",
            f"    * Hist  #0: {activity_text(record)}",
            f"      packageName={record.package.name} processName={record.process.name}",
            f"      app=ProcessRecord{{{token('process', record.process.pid)} {_process_text(record)}}}",
            f"      state={'RESUMED' if record is resumed else 'PAUSED' if record in seen else 'STOPPED'}",
        ]
    top = activity_text(resumed) if resumed else "null"
    focused = activity_text(call.device.activities.focused) if call.device.activities.focused else "null"
    sleeping = str(not call.device.power.awake).lower()
    lines += [f"  topResumedActivity={top}", "", f"  ResumedActivity: {top}", f"  mFocusedApp={focused}"]
    return "\n".join([*lines, f"  isSleeping={sleeping}"])


def _processes(call: Call) -> str:
    lines = ["ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)", "  All known processes:"]
    for record in call.device.activities.records:
        adj = oom_score_adj(call.device, record.process)
        lines += [
            f"  *APP* UID {record.process.uid} ProcessRecord{{{token('process', record.process.pid)} "
            f"{_process_text(record)}}}",
            f"    pid={record.process.pid}",
            f"    oom adj: curRaw={adj} setRaw={adj} cur={adj} set={adj}",
        ]
    return "\n".join(lines)


def _top(call: Call) -> str:
    focused = call.device.activities.focused
    if focused is None:
        return "TASK null"
    return (
        f"TASK {focused.package.name} id={focused.task} userId=0\n"
        f"  ACTIVITY {focused.short} {token('activity', focused.task)} pid={focused.process.pid}"
    )
