"""`dumpsys activity` (AOSP 13: ActivityManagerService.java): what tools read. Tasks are in activity_tasks.py."""

from __future__ import annotations

from framework.virtual.android.activities import ActivityRecord
from framework.virtual.android.app_process import process_text, short_text
from framework.virtual.android.binder import Call
from framework.virtual.android.lmkd import importance, oom_score_adj
from framework.virtual.android.services import activity_service, activity_tasks

_SHORT = {"a": "activities", "r": "recents", "s": "services", "p": "processes", "l": "lru", "t": "top"}


async def dump(call: Call) -> int:
    words = [word for word in call.words if not word.startswith("-")]
    wanted = _SHORT.get(words[0], words[0]) if words else ""
    sections = {
        "recents": lambda: activity_tasks.recents(call),
        "activities": lambda: activity_tasks.activities(call),
        "services": lambda: activity_service.dump(call, words[1:]),
        "lru": lambda: _lru(call),
        "processes": lambda: _processes(call),
        "top": lambda: activity_tasks.top(call),
        "exit-info": lambda: call.device.activities.failures.history.dump(
            words[1] if len(words) > 1 else None, call.device.clock.wall_ns()
        ),
    }
    names = [name for name in sections if name.startswith(wanted[:3])] if wanted else list(_WHOLE)
    if not names:
        await call.out(activity_tasks.of_package(call, wanted) + "\n")
    for name in names[:1] if wanted else names:
        await call.out(sections[name]() + "\n")
    return 0


_WHOLE = ("recents", "services", "activities", "lru", "processes")
"""What is dumped where no part is asked for."""


def _processes(call: Call) -> str:
    device = call.device
    lines = ["ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)", "  All known processes:"]
    for record in device.activities.records:
        adj = oom_score_adj(device, record.process)
        lines += [
            f"  *APP* UID {record.process.uid} {process_text(record.process)}",
            f"    user #0 uid={record.process.uid} gids={{}}",
            f"    pid={record.process.pid}",
            f"    packageList={{{record.package.name}}}",
            f"    oom adj: curRaw={adj} setRaw={adj} cur={adj} set={adj}",
            f"    hasShownUi={_flag(record.window is not None)} pendingUiClean=false hasAboveClient=false",
        ]
    home, top = _home(call), device.windows.resumed
    lines += [
        "",
        f"  mHomeProcess: {process_text(home.process) if home else 'null'}",
        f"  mPreviousProcess: {_previous(call)}",
        f"  mTopProcess: {process_text(top.process) if top else 'null'}",
        f"  mWakefulness={'Awake' if device.power.awake else 'Asleep'}",
        f"  mSleeping={_flag(not device.power.awake)} mLockScreenShown={_flag(device.keyguard.showing)}",
    ]
    return "\n".join(lines)


def _lru(call: Call) -> str:
    """The most recently used last."""
    lines = ["ACTIVITY MANAGER LRU PROCESSES (dumpsys activity lru)", "  Activities:"]
    records = call.device.activities.records
    for number, record in enumerate(records):
        state = importance(oom_score_adj(call.device, record.process))
        activities = " activities" if record.window is not None and not record.finished else ""
        lines.append(f"  #{len(records) - 1 - number:2d}: {state} {short_text(record.process)}{activities}")
    return "\n".join(lines)


def _home(call: Call) -> ActivityRecord | None:
    launcher = call.device.packages.launcher
    return next((each for each in call.device.activities.records if each.package.name == launcher), None)


def _previous(call: Call) -> str:
    """The app before the one in front that is no launcher."""
    others = [each for each in call.device.activities.stack[1:] if each is not _home(call)]
    return process_text(others[0].process) if others else "null"


def _flag(value: bool) -> str:
    return str(value).lower()
