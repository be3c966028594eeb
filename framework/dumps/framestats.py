"""The frames of `dumpsys gfxinfo PACKAGE framestats`, one window after the other.

Each window prints rows of comma-separated nanoseconds of the monotonic clock between two lines `---PROFILEDATA---`.
The columns change by release and are read by their heading. On some builds the values of FrameInterval and
FrameStartTime are swapped; emulators print 0 or garbage for FrameCompleted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_FENCE = "---PROFILEDATA---"
_WINDOW = re.compile(r"\s*(?:Window: )?(?P<window>\S+/\S+)(?: \(visibility=-?[0-9]+\))?\s*")
_NUMBER = re.compile(r"-?[0-9]{1,19}")
_LONGEST_NS = 60_000_000_000
_LONGEST_INTERVAL_NS = 1_000_000_000
_UNSET = 2**63 - 1


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """Nanoseconds of the monotonic clock; None for a column that is not printed and for a time that cannot be.

    `flags` other than 0 mark a frame whose times are not comparable (first draw, surface change, skipped).
    """

    flags: int | None
    intended_vsync_ns: int | None
    vsync_ns: int | None
    handle_input_start_ns: int | None
    draw_start_ns: int | None
    frame_deadline_ns: int | None
    frame_start_ns: int | None
    frame_interval_ns: int | None
    swap_buffers_ns: int | None
    frame_completed_ns: int | None
    gpu_completed_ns: int | None
    display_present_ns: int | None


@dataclass(frozen=True, slots=True)
class WindowFrames:
    """`window` is None where no line names it."""

    window: str | None
    frames: tuple[FrameTimes, ...]


def parse_windows(lines: list[str]) -> tuple[WindowFrames, ...]:
    """The windows in their order; rows that do not fit their heading (a dump cut short) are left out."""
    windows: list[WindowFrames] = []
    window: str | None = None
    table: list[str] | None = None
    for line in lines:
        if line.strip() != _FENCE:
            if table is not None:
                table.append(line)
            elif named := _WINDOW.fullmatch(line):
                window = named["window"]
        elif table is None:
            table = []
        else:
            windows.append(WindowFrames(window, _frames(table)))
            window = table = None
    if table is not None:
        windows.append(WindowFrames(window, _frames(table)))
    return tuple(windows)


def _frames(table: list[str]) -> tuple[FrameTimes, ...]:
    if not table:
        return ()
    heading = _cells(table[0])
    rows = [_cells(line) for line in table[1:]]
    return tuple(
        _frame({name: int(cell) for name, cell in zip(heading, row, strict=True)})
        for row in rows
        if len(row) == len(heading) and all(_NUMBER.fullmatch(cell) for cell in row)
    )


def _cells(line: str) -> list[str]:
    """Every line, heading included, ends with a comma."""
    return [cell.strip() for cell in line.strip().removesuffix(",").split(",")]


def _frame(row: Mapping[str, int]) -> FrameTimes:
    times = {name: None if value in (0, _UNSET) or value < 0 else value for name, value in row.items()}
    start, interval = times.get("FrameStartTime"), times.get("FrameInterval")
    if interval is not None and interval > _LONGEST_INTERVAL_NS:
        start, interval = interval, start
    return FrameTimes(
        flags=row.get("Flags"),
        intended_vsync_ns=times.get("IntendedVsync"),
        vsync_ns=times.get("Vsync"),
        handle_input_start_ns=times.get("HandleInputStart"),
        draw_start_ns=times.get("DrawStart"),
        frame_deadline_ns=times.get("FrameDeadline"),
        frame_start_ns=start,
        frame_interval_ns=interval,
        swap_buffers_ns=times.get("SwapBuffers"),
        frame_completed_ns=_after(times, "FrameCompleted"),
        gpu_completed_ns=_after(times, "GpuCompleted"),
        display_present_ns=_after(times, "DisplayPresentTime"),
    )


def _after(times: Mapping[str, int | None], name: str) -> int | None:
    """The time, if it lies within a minute after the vsync that the frame was meant for."""
    begin, end = times.get("IntendedVsync"), times.get(name)
    if begin is None or end is None:
        return end
    return end if 0 <= end - begin <= _LONGEST_NS else None
