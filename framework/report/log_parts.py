"""Parts of a repetition's log: what was logged during each turn, and what tells of a crash or an ANR.

The log has the handset's local time without year and zone, and the trace the clock of its log: since both end together,
the zone is the whole quarter of an hour that lies between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from framework.contract.run import Repetition
from framework.contract.trace import ClockSegment, Trace
from framework.contract.turn import Evidence
from framework.dumps.logcat import parse_line

LOG = "logcat"
QUARTER_NS = 900 * 10**9
AROUND_NS = 50_000_000
"""Of a turn: the log's times are whole milliseconds, and a line comes a little after what it tells."""
HEADS: tuple[tuple[str, str], ...] = (
    ("AndroidRuntime", "FATAL EXCEPTION"),
    ("DEBUG", "*** ***"),
    ("libc", "Fatal signal"),
    ("ActivityManager", "ANR in"),
    ("WindowManager", "ANR in"),
)
"""Tag and words of the first line of a report (AOSP RuntimeInit.java, debuggerd, ProcessErrorStateRecord.java)."""
LONGEST_REPORT = 400
"""Lines."""


@dataclass(frozen=True, slots=True)
class _Line:
    wall_ns: int
    pid: int
    tag: str
    message: str
    text: bytes


def turn_logs(repetition: Repetition) -> dict[int, Evidence]:
    """Number of a turn → its part of the log; nothing where the handset's wall clock is not known."""
    trace, lines = repetition.trace, _lines(repetition)
    if trace is None or not lines or not trace.clocks.wall:
        return {}
    zone_ns = _zone_ns(lines[-1], trace)
    placed = [(_boot_ns(line.wall_ns - zone_ns, trace.clocks.wall), line.text) for line in lines]
    found = {}
    for turn in repetition.turns:
        start, end = turn.start_ns - AROUND_NS, turn.end_ns + AROUND_NS
        part = b"".join(text for at, text in placed if start <= at <= end)
        if part:
            found[turn.number] = Evidence("log of the turn", f"logcat-turn-{turn.number}.txt", part)
    return found


def crash_report(repetition: Repetition) -> Evidence | None:
    """What the log says of a crash or an ANR that the trace tells of."""
    trace = repetition.trace
    if trace is None or not any(one.kind in ("crash", "anr") for one in trace.instants):
        return None
    lines = _lines(repetition)
    reports = [_report(lines, at) for at, line in enumerate(lines) if _begins(line) and not _goes_on(lines, at)]
    return Evidence("crash or ANR", "crash.txt", b"\n".join(reports)) if reports else None


def _begins(line: _Line) -> bool:
    return any(line.tag == tag and words in line.message for tag, words in HEADS)


def _goes_on(lines: Sequence[_Line], at: int) -> bool:
    """Whether the line before is of the same report: a tombstone has several that look like its first."""
    return at > 0 and _begins(lines[at - 1]) and lines[at - 1].tag == lines[at].tag


def _report(lines: Sequence[_Line], at: int) -> bytes:
    """From its first line on all of the same tag and process."""
    first = lines[at]
    part = [line.text for line in lines[at : at + LONGEST_REPORT * 4] if (line.tag, line.pid) == (first.tag, first.pid)]
    return b"".join(part[:LONGEST_REPORT])


def _lines(repetition: Repetition) -> list[_Line]:
    trace = repetition.trace
    content = next((piece.content for piece in repetition.evidence if piece.name == LOG), b"")
    year = _year(trace) if trace is not None else 1970
    lines = []
    for raw in content.splitlines(keepends=True):
        line = parse_line(raw.decode("utf-8", "replace").rstrip("\r\n"), year=year)
        if line is not None:
            lines.append(_Line(line.wall_ns, line.pid, line.tag, line.message, raw))
    return lines


def _year(trace: Trace) -> int:
    wall_ns = _wall_end_ns(trace)
    return datetime.fromtimestamp(max(wall_ns, 0) / 1e9, UTC).year


def _wall_end_ns(trace: Trace) -> int:
    return trace.end_ns - trace.clocks.wall[-1].offset_ns if trace.clocks.wall else 0


def _zone_ns(last: _Line, trace: Trace) -> int:
    """What the log's local time is ahead of UTC."""
    return round((last.wall_ns - _wall_end_ns(trace)) / QUARTER_NS) * QUARTER_NS


def _boot_ns(wall_ns: int, segments: Sequence[ClockSegment]) -> int:
    """By the clock that held then; several where it was set in the middle."""
    for segment in segments:
        at = wall_ns + segment.offset_ns
        if segment.start_ns <= at <= segment.end_ns:
            return at
    return wall_ns + segments[-1].offset_ns
