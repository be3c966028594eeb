"""Crashes, ANRs and low-memory kills, from the handset's log as it is followed, and from its tombstones."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from framework.contract.capabilities import LogLine
from framework.contract.trace import Instant
from framework.dumps import logcat_events
from framework.dumps.logcat_lines import LogEntry
from framework.dumps.tombstone import TombstoneDump

TAGS = ("AndroidRuntime", "ActivityManager", "ANRManager", "lowmemorykiller", "lmkd", "DEBUG", "WindowManager")

_HUNG = re.compile(r"ANR in Window\{\S+ u\d+ (?P<process>[^/}]+)[^}]*\}\. Reason: ?(?P<reason>.*)")
"""WindowManager says so at once (AOSP AnrController.java); ActivityManager's report follows when all stacks are
dumped, which takes seconds."""

HANG = "hang"
"""The kind of an ANR that was noticed, and is not reported yet."""

Place = Callable[[int], tuple[int, int] | None]
"""Wall-clock time → device_ns and its bound; None where it has no place on the axis."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What a report in the log tells: `line` is the number of its first line, `pid` the process that it is about."""

    line: int
    kind: str
    text: str
    pid: int | None


def entry(number: int, line: LogLine) -> LogEntry:
    return LogEntry(number, None, line.wall_ns, line.pid, line.tid, line.level, line.tag, line.message)


def happenings(entries: Sequence[LogEntry], package: str) -> list[Happening]:
    """Crashes, ANRs and hangs of the assistant, and kills of any process, for these tell of memory; in the log's order.

    What Samsung's lmkd calls Reclaim is no kill.
    """
    found = [_kill(each) for each in logcat_events.kills(entries) if each.action == "kill"]
    for anr in logcat_events.anrs(entries):
        if _is_of(anr.process, package):
            found.append(Happening(anr.line, "anr", f"ANR in {anr.process}: {anr.reason or 'no reason told'}", anr.pid))
    for each in entries:
        if each.tag == "WindowManager" and (hung := _HUNG.match(each.message)) and _is_of(hung["process"], package):
            found.append(Happening(each.line, HANG, f"ANR in {hung['process']}: {hung['reason']}", None))
    for java in logcat_events.java_crashes(entries):
        if _is_of(java.process or "", package):
            found.append(Happening(java.line, "crash", f"{java.process} crashed: {java.exception}", java.pid))
    for native in logcat_events.native_crashes(entries):
        if _is_of(native.crash.process, package):
            found.append(Happening(native.line, "crash", crash_text(native.crash), native.crash.pid))
    return sorted(found, key=lambda happening: happening.line)


def instant(happening: Happening, wall_ns: int, place: Place) -> Instant | None:
    at = place(wall_ns)
    return None if at is None else Instant(happening.kind, happening.text, *at)


def crash_text(crash: TombstoneDump) -> str:
    return f"{crash.process} crashed: {crash.signal_name or 'killed by a signal'} in thread {crash.thread}"


def _kill(kill: logcat_events.LowMemoryKill) -> Happening:
    size = "" if kill.rss_kb is None else f", {kill.rss_kb * 1024 / 1e6:.0f} MB"
    reason = f": {kill.reason}" if kill.reason else ""
    text = f"{kill.process} (pid {kill.pid}, oom_score_adj {kill.oom_score_adj}{size}) was killed{reason}"
    return Happening(kill.line, "low_memory_kill", text, kill.pid)


def _is_of(process: str, package: str) -> bool:
    return process == package or process.startswith(f"{package}:")
