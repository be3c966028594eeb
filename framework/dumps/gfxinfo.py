"""`dumpsys gfxinfo PACKAGE [framestats]`: how frames were drawn (AOSP libs/hwui, JankTracker and ProfileData)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.framestats import WindowFrames, parse_windows
from framework.dumps.lines import after_last, numbered

KIND = "gfxinfo"

_CLOCK = re.compile(r"^Uptime: (?P<uptime>[0-9]{1,18}) Realtime: (?P<realtime>[0-9]{1,18})")
_PROCESS = re.compile(r"\*\* Graphics info for pid (?P<pid>[0-9]{1,10}) \[(?P<process>[^\]]*)\]")
_FIELD = re.compile(
    r"(?P<key>[A-Za-z0-9][A-Za-z0-9 ()]*?): +(?P<value>[0-9]{1,19})(?:ms|ns)?"
    r"(?: \((?P<percent>[0-9]{1,3}\.[0-9]{1,4})%\))?"
)
_BUCKET = re.compile(r"([0-9]{1,6})ms=([0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Bucket:
    """`frames` took no longer than `ms` and longer than the bucket before."""

    ms: int
    frames: int


@dataclass(frozen=True, slots=True)
class DrawTimes:
    """Percentiles and histogram of one processor; without any frame there are no percentiles (Android prints 4950)."""

    p50_ms: int | None
    p90_ms: int | None
    p95_ms: int | None
    p99_ms: int | None
    histogram: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class ProcessGraphics:
    """Counts since `stats_since_ns` of the monotonic clock. `…_legacy` are the rules before Android 12."""

    pid: int
    process: str
    stats_since_ns: int | None
    total_frames: int | None
    janky_frames: int | None
    janky_percent: float | None
    janky_frames_legacy: int | None
    missed_vsync: int | None
    high_input_latency: int | None
    slow_ui_thread: int | None
    slow_bitmap_uploads: int | None
    slow_draw_commands: int | None
    deadline_missed: int | None
    deadline_missed_legacy: int | None
    cpu: DrawTimes
    gpu: DrawTimes
    windows: tuple[WindowFrames, ...]


@dataclass(frozen=True, slots=True)
class GfxinfoDump:
    """`uptime_ms` is the monotonic clock, `realtime_ms` the boot-time clock, read together when the dump began."""

    uptime_ms: int | None
    realtime_ms: int | None
    processes: tuple[ProcessGraphics, ...]


def parse(text: str) -> GfxinfoDump:
    """DumpError for a text without a process."""
    lines = [line for _, line in numbered(text)]
    clock = next((found for line in lines if (found := _CLOCK.match(line))), None)
    heads = [(index, head) for index, line in enumerate(lines) if (head := _PROCESS.search(line))]
    if not heads:
        raise DumpError(KIND, after_last(text), "`** Graphics info for pid N [NAME] **`")
    ends = [index for index, _ in heads[1:]] + [len(lines)]
    return GfxinfoDump(
        uptime_ms=int(clock["uptime"]) if clock else None,
        realtime_ms=int(clock["realtime"]) if clock else None,
        processes=tuple(
            _process(int(head["pid"]), head["process"], lines[start + 1 : end])
            for (start, head), end in zip(heads, ends, strict=True)
        ),
    )


def _process(pid: int, name: str, lines: list[str]) -> ProcessGraphics:
    fields: dict[str, re.Match[str]] = {}
    for line in lines:
        if match := _FIELD.fullmatch(line.strip()):
            fields.setdefault(match["key"], match)
    count = {key: int(match["value"]) for key, match in fields.items()}
    percent = fields["Janky frames"]["percent"] if "Janky frames" in fields else None
    return ProcessGraphics(
        pid=pid,
        process=name,
        stats_since_ns=count.get("Stats since"),
        total_frames=count.get("Total frames rendered"),
        janky_frames=count.get("Janky frames"),
        janky_percent=float(percent) if percent else None,
        janky_frames_legacy=count.get("Janky frames (legacy)"),
        missed_vsync=count.get("Number Missed Vsync"),
        high_input_latency=count.get("Number High input latency"),
        slow_ui_thread=count.get("Number Slow UI thread"),
        slow_bitmap_uploads=count.get("Number Slow bitmap uploads"),
        slow_draw_commands=count.get("Number Slow issue draw commands"),
        deadline_missed=count.get("Number Frame deadline missed"),
        deadline_missed_legacy=count.get("Number Frame deadline missed (legacy)"),
        cpu=_times(count, "percentile", _histogram(lines, "HISTOGRAM: ")),
        gpu=_times(count, "gpu percentile", _histogram(lines, "GPU HISTOGRAM: ")),
        windows=parse_windows(lines),
    )


def _times(count: dict[str, int], label: str, histogram: tuple[Bucket, ...]) -> DrawTimes:
    idle = count.get("Total frames rendered") == 0
    idle |= bool(histogram) and not any(bucket.frames for bucket in histogram)
    p50, p90, p95, p99 = (None if idle else count.get(f"{rank}th {label}") for rank in (50, 90, 95, 99))
    return DrawTimes(p50, p90, p95, p99, histogram)


def _histogram(lines: list[str], label: str) -> tuple[Bucket, ...]:
    line = next((line for line in lines if line.startswith(label)), "")
    return tuple(Bucket(int(ms), int(frames)) for ms, frames in _BUCKET.findall(line))
