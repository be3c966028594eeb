"""Why apps' processes ended, as the activity manager remembers it (android.app.ApplicationExitInfo)."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from enum import Enum

KEPT = 16
"""Ends that are remembered of one package (AppExitInfoTracker's app_exit_info_history_list_size)."""


class Reason(Enum):
    """ApplicationExitInfo.REASON_*: its number and its words."""

    EXIT_SELF = (1, "EXIT_SELF")
    SIGNALED = (2, "SIGNALED")
    LOW_MEMORY = (3, "LOW_MEMORY")
    CRASH = (4, "APP CRASH(EXCEPTION)")
    CRASH_NATIVE = (5, "APP CRASH(NATIVE)")
    ANR = (6, "ANR")
    USER_REQUESTED = (10, "USER REQUESTED")
    OTHER = (13, "OTHER KILLS BY SYSTEM")
    PACKAGE_UPDATED = (16, "PACKAGE UPDATED")


class Subreason(Enum):
    """ApplicationExitInfo.SUBREASON_*."""

    UNKNOWN = (0, "UNKNOWN")
    FORCE_STOP = (21, "FORCE STOP")
    PACKAGE_UPDATE = (25, "PACKAGE UPDATE")


@dataclass(frozen=True, slots=True)
class Why:
    """What is known of an end when it is brought about; `status` is an exit status or a signal."""

    reason: Reason
    status: int = 0
    description: str = "null"
    subreason: Subreason = Subreason.UNKNOWN
    trace: str = "null"


@dataclass(frozen=True, slots=True)
class ExitInfo:
    """One end. `wall_ns` since 1970; `importance` as of RunningAppProcessInfo; memory in kB."""

    wall_ns: int
    pid: int
    uid: int
    process: str
    importance: int
    pss_kb: int
    rss_kb: int
    why: Why


class ExitHistory:
    """The last ends of each package."""

    def __init__(self) -> None:
        self._ends: dict[str, deque[ExitInfo]] = {}

    def note(self, info: ExitInfo) -> None:
        self._ends.setdefault(info.process, deque(maxlen=KEPT)).appendleft(info)

    def of(self, package: str) -> tuple[ExitInfo, ...]:
        """The newest first."""
        return tuple(self._ends.get(package, ()))

    def dump(self, package: str | None, wall_ns: int) -> str:
        """`dumpsys activity exit-info [PACKAGE]` (AppExitInfoTracker.dumpHistoryProcessExitInfo)."""
        lines = ["ACTIVITY MANAGER PROCESS EXIT INFO (dumpsys activity exit-info)"]
        lines += [f"Last Timestamp of Persistence Into Persistent Storage: {_time(wall_ns)}"]
        for name in [package] if package else sorted(self._ends):
            ends = self.of(name)
            if ends:
                lines += [f"  package: {name}", f"    Historical Process Exit for uid={ends[0].uid}"]
            for number, info in enumerate(ends):
                lines += [f"        ApplicationExitInfo #{number}:", *(f"          {line}" for line in _lines(info))]
        return "\n".join(lines)


def _lines(info: ExitInfo) -> tuple[str, str, str]:
    why, uid = info.why, info.uid
    (reason, words), (subreason, more) = why.reason.value, why.subreason.value
    return (
        f"timestamp={_time(info.wall_ns)} pid={info.pid} realUid={uid} packageUid={uid} definingUid={uid} user=0",
        f"process={info.process} reason={reason} ({words}) subreason={subreason} ({more}) status={why.status}",
        f"importance={info.importance} pss={size_text(info.pss_kb << 10)} rss={size_text(info.rss_kb << 10)} "
        f"description={why.description} state=empty trace={why.trace}",
    )


def size_text(amount: float) -> str:
    """android.util.DebugUtils.sizeValueToString: three digits and a unit."""
    unit = ""
    for following in ("KB", "MB", "GB", "TB"):
        if amount <= 900:
            break
        amount, unit = amount / 1024, following
    digits = 2 if amount < 1 else 1 if amount < 10 else 0
    return f"{amount:.{digits}f}{unit}"


def _time(wall_ns: int) -> str:
    seconds, ns = divmod(wall_ns, 10**9)
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds)) + f".{ns // 10**6:03d}"
