"""`dumpsys SurfaceFlinger --latency LAYER`: when each frame was wanted, shown and ready.

The first line is the refresh period, then at most 128 rows of three times of the monotonic clock (AOSP
FrameTracker.dumpStats). Rows of zeros are unused slots; INT64_MAX stands for a fence that has not signalled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import numbered

KIND = "sf_latency"
PENDING = 2**63 - 1

_PERIOD = re.compile(r"[0-9]{1,19}")
_ROW = re.compile(r"([0-9]{1,19})\s+([0-9]{1,19})\s+([0-9]{1,19})")


@dataclass(frozen=True, slots=True)
class LatencyFrame:
    """Nanoseconds of the monotonic clock; None where the compositor had no time yet."""

    desired_present_ns: int | None
    actual_present_ns: int | None
    frame_ready_ns: int | None


@dataclass(frozen=True, slots=True)
class LatencyDump:
    """`frames` in the order printed, unused slots left out; empty for a layer without frames or an unknown layer."""

    refresh_period_ns: int | None
    frames: tuple[LatencyFrame, ...]


def parse(text: str) -> LatencyDump:
    """DumpError where the first line is no period, or a line after it holds other than three times."""
    lines = [(number, line.strip()) for number, line in numbered(text)]
    if not lines or not _PERIOD.fullmatch(lines[0][1]):
        raise DumpError(KIND, lines[0][0] if lines else 1, "the refresh period in nanoseconds")
    frames = [frame for number, line in lines[1:] if (frame := _frame(number, line)) is not None]
    return LatencyDump(int(lines[0][1]) or None, tuple(frames))


def _frame(number: int, line: str) -> LatencyFrame | None:
    row = _ROW.fullmatch(line)
    if row is None:
        raise DumpError(KIND, number, "three times in nanoseconds")
    times = [None if int(value) in (0, PENDING) else int(value) for value in row.groups()]
    return LatencyFrame(*times) if any(int(value) for value in row.groups()) else None
