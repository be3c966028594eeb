"""Tasks and their activities in `dumpsys activity` (AOSP 13: ActivityTaskManagerService, ActivityRecord, Task)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from framework.virtual.android.activities import ActivityRecord
from framework.virtual.android.app_process import package_id, process_text
from framework.virtual.android.binder import Call
from framework.virtual.android.tokens import token
from framework.virtual.system.users import SHELL


def activity_text(record: ActivityRecord) -> str:
    """ActivityRecord.toString()"""
    return f"ActivityRecord{{{_identity(record)} u0 {record.short} t{record.task}}}"


def activities(call: Call) -> str:
    """What is on the display, the topmost first; who runs in front, if one does."""
    device = call.device
    resumed = device.windows.resumed
    lines = ["ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)", "Display #0 (activities from top to bottom):"]
    for task in _tasks(call):
        lines += _task(call, task)
    top = activity_text(resumed) if resumed else "null"
    focused = device.activities.focused
    root = _tasks(call)[0] if device.activities.stack else None
    lines += ["", "  Resumed activities in task display areas (from top to bottom):"]
    lines += [f"    Resumed: {top}"] if resumed else []
    lines += [
        "",
        f"  ResumedActivity: {top}",
        "",
        "ActivityTaskSupervisor state:",
        f"  topDisplayFocusedRootTask={_task_text(call, root) if root else 'null'}",
        f"  mLastOrientationSource={top}",
        f"  mFocusedApp={activity_text(focused) if focused else 'null'}",
        "  mCurTaskIdForUser={0=" + str(max((each.task for each in device.activities.stack), default=0)) + "}",
        f"  isHomeRecentsComponent=true isSleeping={_flag(not device.power.awake)}",
        f"  mKeyguardShowing={_flag(device.keyguard.showing)} mAodShowing=false",
    ]
    return "\n".join(lines)


def recents(call: Call) -> str:
    """What the app switcher shows; the launcher is not among it."""
    launcher = call.device.packages.launcher
    lines = [
        "ACTIVITY MANAGER RECENT TASKS (dumpsys activity recents)",
        f"  mRecentsUid={getattr(call.device.packages.get(launcher), 'uid', -1)}",
        f"  mRecentsComponent=ComponentInfo{{{launcher}/{launcher}.launcher.Launcher}}",
        "  mFreezeTaskListReordering=false",
        "  Recent tasks:",
    ]
    for number, task in enumerate(_tasks(call)):
        root = task[-1]
        kind = "home" if root.package.name == launcher else "standard"
        lines += [
            f"  * Recent #{number}: {_task_text(call, task)}",
            f"    userId=0 effectiveUid=u0a{package_id(root.process)} mCallingUid={SHELL} mUserSetupComplete=true",
            f"    affinity={root.process.uid}:{root.package.name}",
            f"    intent={{act=android.intent.action.MAIN flg=0x10000000 cmp={root.short}}}",
            f"    mActivityComponent={root.short}",
            f"    autoRemoveRecents=false isPersistable=true activityType={kind}",
            f"    rootWasReset=false mReuseTask=false hasBeenVisible={_flag(root.app is not None)}",
            f"    Activities={list(map(activity_text, reversed(task)))}".replace("'", ""),
        ]
    return "\n".join(lines)


def top(call: Call) -> str:
    """The task of the activity in front; one that is still starting comes when its window does."""
    focused = call.device.activities.focused
    found = [task for task in _tasks(call) if focused in task]
    return "\n".join(_top_lines(call, found[0], focused)) if found else "TASK null"


def of_package(call: Call, wanted: str) -> str:
    """The activities whose name has that in it, as `dumpsys activity PACKAGE`."""
    found = [task for task in _tasks(call) if any(wanted in record.component for record in task)]
    if not found:
        return f"Bad activity command, or no activities match: {wanted}"
    return "\n".join(line for task in found for line in _top_lines(call, task))


def _top_lines(call: Call, task: Sequence[ActivityRecord], top: ActivityRecord | None = None) -> list[str]:
    root, record = task[-1], top or task[0]
    resumed, seen = record is call.device.windows.resumed, record in call.device.windows.visible_activities
    return [
        f"TASK {root.process.uid}:{root.package.name} id={root.task} userId=0 displayId=0(type=INTERNAL)",
        f"  ACTIVITY {record.short} {_identity(record)} pid={record.process.pid} userId=0 uid={record.process.uid}",
        f"    Local Activity {_identity(record)} State:",
        f"      mResumed={_flag(resumed)} mStopped={_flag(not seen)} mFinished=false",
    ]


def _tasks(call: Call) -> list[list[ActivityRecord]]:
    """The activities by task, the one in front first."""
    return [list(records) for _, records in groupby(call.device.activities.stack, lambda each: each.task)]


def _task_text(call: Call, task: Sequence[ActivityRecord]) -> str:
    """Task.toString()"""
    root = task[-1]
    visible = _flag(any(record in call.device.windows.visible_activities for record in task))
    kind = "home" if root.package.name == call.device.packages.launcher else "standard"
    return (
        f"Task{{{token('task', root.task)} #{root.task} type={kind} A={root.process.uid}:{root.package.name} U=0 "
        f"visible={visible} visibleRequested={visible} mode=fullscreen translucent=false sz={len(task)}}}"
    )


def _task(call: Call, task: Sequence[ActivityRecord]) -> list[str]:
    resumed = call.device.windows.resumed
    lines = ["", f"  * {_task_text(call, task)}"]
    lines += [f"    topResumedActivity={activity_text(resumed)}"] if resumed in task and resumed is not None else []
    for number, record in zip(range(len(task) - 1, -1, -1), task, strict=True):
        lines += _activity(call, number, record)
    return lines


def _activity(call: Call, number: int, record: ActivityRecord) -> list[str]:
    seen, process = record in call.device.windows.visible_activities, record.process
    started = record.app is not None
    state = (
        "RESUMED"
        if record is call.device.windows.resumed
        else "PAUSED"
        if seen
        else "STOPPED"
        if started
        else "INITIALIZING"
    )
    return [
        f"    * Hist  #{number}: {activity_text(record)}",
        f"      packageName={record.package.name} processName={process.name}",
        f"      launchedFromUid={SHELL} launchedFromPackage=com.android.shell launchedFromFeature=null userId=0",
        f"      app={process_text(process)}",
        f"      Intent {{ act=android.intent.action.MAIN flg=0x10000000 cmp={record.short} }}",
        f"      rootOfTask={_flag(number == 0)} task=Task{{{token('task', record.task)} #{record.task}}}",
        f"      taskAffinity={process.uid}:{record.package.name}",
        f"      mActivityComponent={record.short}",
        f"      baseDir={record.package.apk_path}",
        f"      dataDir={record.package.data_dir}",
        f"      mVisibleRequested={_flag(seen)} mVisible={_flag(seen)} mClientVisible={_flag(seen)}"
        f" reportedDrawn={_flag(started)} reportedVisible={_flag(seen)}",
        f"      state={state} stopped={_flag(not seen)} delayedResume=false finishing=false",
        f"      nowVisible={_flag(seen)}",
    ]


def _identity(record: ActivityRecord) -> str:
    return token("activity", record.component, record.task)


def _flag(value: bool) -> str:
    return str(value).lower()
