"""What a log tells of processes that were killed, hung or crashed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from framework.dumps import psi, tombstone
from framework.dumps.errors import DumpError
from framework.dumps.logcat_lines import LogEntry

_KILL = re.compile(
    r"(?P<verb>Kill|Reclaim) '(?P<process>[^']*)' \((?P<pid>[0-9]{1,10})\), uid (?P<uid>[0-9]{1,10}), "
    r"oom(?:_score)?_adj (?P<adj>-?[0-9]{1,5})(?:, state (?P<state>[0-9]{1,4}))? to free (?P<sizes>[^;]*)"
    r"(?:; reason: (?P<reason>.*))?"
)
_SIZE = re.compile(r"([0-9]{1,15})k[bB] (rss|anon rss|swap|dmabuf_pss|dmabuf_rss)\b")
_ANR = re.compile(r"ANR in (?P<process>[^\s,(]+)(?: \((?P<component>[^)]*)\))?")
_ANR_PID = re.compile(r"PID: (?P<pid>[0-9]{1,10})")
_WAITED = re.compile(r"\bWaited ([0-9]{1,9})ms")
_UPTIME = re.compile(r"Android time :\[[^\]]*\] \[([0-9]{1,12}\.[0-9]{1,9})\]")
_PRESSURE = re.compile(r"----- Output from /proc/pressure/(?P<resource>\w+) -----")
_FATAL = "FATAL EXCEPTION"
_JAVA_PROCESS = re.compile(r"Process: (?P<process>\S+?),? PID: (?P<pid>[0-9]{1,10})")


@dataclass(frozen=True, slots=True)
class LowMemoryKill:
    """`action` is `kill`, or `reclaim` for Samsung's lmkd, which has a `state` and words of its own."""

    line: int
    action: str
    process: str
    pid: int
    uid: int
    oom_score_adj: int
    state: int | None
    rss_kb: int | None
    anon_rss_kb: int | None
    swap_kb: int | None
    dmabuf_pss_kb: int | None
    dmabuf_rss_kb: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ResourcePressure:
    resource: str
    pressure: psi.Pressure


@dataclass(frozen=True, slots=True)
class Anr:
    """`uptime_s` is printed by MediaTek's ANRManager, which in turn tells no PID."""

    line: int
    process: str
    component: str | None
    pid: int | None
    reason: str | None
    waited_ms: int | None
    uptime_s: float | None
    pressure: tuple[ResourcePressure, ...]


@dataclass(frozen=True, slots=True)
class JavaCrash:
    """`exception` is the first line of the stack trace."""

    line: int
    process: str | None
    pid: int | None
    exception: str | None


@dataclass(frozen=True, slots=True)
class NativeCrash:
    line: int
    crash: tombstone.TombstoneDump


def kills(entries: Sequence[LogEntry]) -> tuple[LowMemoryKill, ...]:
    """What lmkd did, under the tags lowmemorykiller and lmkd."""
    found = ((entry, _KILL.match(entry.message)) for entry in entries if entry.tag in ("lowmemorykiller", "lmkd"))
    return tuple(_kill(entry.line, match) for entry, match in found if match)


def anrs(entries: Sequence[LogEntry]) -> tuple[Anr, ...]:
    """The reports that the activity manager writes; WindowManager names the window that hangs some seconds before."""
    starts = [index for index, each in enumerate(entries) if _ANR.match(each.message) and each.tag != "WindowManager"]
    return tuple(_anr(entries[index], _report(entries, index)) for index in starts)


def java_crashes(entries: Sequence[LogEntry]) -> tuple[JavaCrash, ...]:
    return tuple(
        _java_crash(entry.line, _report(entries, index))
        for index, entry in enumerate(entries)
        if entry.tag == "AndroidRuntime" and _FATAL in entry.message
    )


def native_crashes(entries: Sequence[LogEntry]) -> tuple[NativeCrash, ...]:
    """Crashes told by crash_dump, whose PID is not that of the process that crashed."""
    crashes: list[NativeCrash] = []
    for index, entry in enumerate(entries):
        if entry.tag == "DEBUG" and entry.message.startswith("*** ***"):
            with suppress(DumpError):
                crashes.append(NativeCrash(entry.line, tombstone.parse("\n".join(_report(entries, index)))))
    return tuple(crashes)


def _report(entries: Sequence[LogEntry], start: int) -> list[str]:
    """The lines of one report: those of the same tag and process, until the next begins."""
    first = entries[start]
    begin = first.message[:6]
    lines = first.message.split("\n")
    for entry in entries[start + 1 :]:
        if (entry.tag, entry.pid) != (first.tag, first.pid):
            continue
        if entry.message.startswith(begin):
            break
        lines += entry.message.split("\n")
    return lines


def _kill(line: int, match: re.Match[str]) -> LowMemoryKill:
    sizes = {name: int(number) for number, name in _SIZE.findall(match["sizes"])}
    return LowMemoryKill(
        line=line,
        action=match["verb"].lower(),
        process=match["process"],
        pid=int(match["pid"]),
        uid=int(match["uid"]),
        oom_score_adj=int(match["adj"]),
        state=int(match["state"]) if match["state"] else None,
        rss_kb=sizes.get("rss"),
        anon_rss_kb=sizes.get("anon rss"),
        swap_kb=sizes.get("swap"),
        dmabuf_pss_kb=sizes.get("dmabuf_pss"),
        dmabuf_rss_kb=sizes.get("dmabuf_rss"),
        reason=match["reason"],
    )


def _anr(entry: LogEntry, lines: list[str]) -> Anr:
    head = _ANR.match(entry.message)
    assert head is not None
    pid = next((match for line in lines if (match := _ANR_PID.fullmatch(line.strip()))), None)
    reason = next((line.strip()[8:] for line in lines if line.strip().startswith("Reason: ")), None)
    waited = _WAITED.search(reason or "")
    uptime = next((match for line in lines if (match := _UPTIME.search(line))), None)
    return Anr(
        line=entry.line,
        process=head["process"],
        component=head["component"],
        pid=int(pid["pid"]) if pid else None,
        reason=reason,
        waited_ms=int(waited[1]) if waited else None,
        uptime_s=float(uptime[1]) if uptime else None,
        pressure=tuple(_pressure(lines)),
    )


def _pressure(lines: list[str]) -> Iterator[ResourcePressure]:
    for index, line in enumerate(lines):
        if match := _PRESSURE.match(line.strip()):
            block = lines[index + 1 : index + 3]
            ends = [at for at, inner in enumerate(block) if inner.strip().startswith("-----")]
            with suppress(DumpError):
                yield ResourcePressure(match["resource"], psi.parse("\n".join(block[: ends[0]] if ends else block)))


def _java_crash(line: int, lines: list[str]) -> JavaCrash:
    process = next((match for text in lines if (match := _JAVA_PROCESS.match(text))), None)
    rest = (text for text in lines[1:] if text.strip() and not _JAVA_PROCESS.match(text))
    return JavaCrash(
        line=line,
        process=process["process"] if process else None,
        pid=int(process["pid"]) if process else None,
        exception=next(rest, None),
    )
