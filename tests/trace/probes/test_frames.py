from __future__ import annotations

import pytest

from framework.trace.clocks import ClockWatch
from framework.trace.probes import frames, surface
from framework.trace.probes.probe import Scene

MS = 10**6
HEAD = "Uptime: {uptime} Realtime: {realtime}\n\n** Graphics info for pid 7 [app] **\n"
COLUMNS = "Flags,IntendedVsync,Vsync,FrameCompleted,FrameDeadline,\n"


def dump(rows: list[tuple[int, ...]], *, uptime: int = 5000, realtime: int = 9000) -> str:
    lines = "".join(",".join(map(str, row)) + ",\n" for row in rows)
    head = HEAD.format(uptime=uptime, realtime=realtime)
    return f"{head}\napp/app.Main (visibility=0)\n---PROFILEDATA---\n{COLUMNS}{lines}---PROFILEDATA---\n"


def frame(begin_ms: int, took_ms: int, *, flags: int = 0) -> tuple[int, ...]:
    return flags, begin_ms * MS, begin_ms * MS, (begin_ms + took_ms) * MS, (begin_ms + 16) * MS


def test_each_frame_is_told_once_on_the_boot_time_axis() -> None:
    """Frames from before the recording and frames told already are left out; jank is the share that missed."""
    read = frames.PROBE.reader(Scene("app", ClockWatch()))
    assert read(1, dump([frame(1000, 5)])).points == ()
    told = read(9_500 * MS, dump([frame(1000, 5), frame(1016, 8), frame(1033, 30), frame(1050, 9, flags=1)])).points
    assert told == (
        (5016 * MS, {"frame_ms": 8.0}),
        (5033 * MS, {"frame_ms": 30.0}),
        (9_500 * MS, {"jank": 0.5}),
    )
    assert read(9_600 * MS, dump([frame(1016, 8), frame(1033, 30), frame(1050, 9, flags=1)])).points == ()


def test_frames_are_placed_by_all_heads_together() -> None:
    """It has slept for 4000.6 ms: heads that are cut off to ms show 4000 or 4001, and none alone is exact to 0.5 ms."""
    read = frames.PROBE.reader(Scene("app", ClockWatch()))
    read(1, dump([frame(1000, 5)], uptime=5000, realtime=9000))
    ((at, _), _) = read(9_500 * MS, dump([frame(1016, 8)], uptime=5400, realtime=9401)).points
    assert abs(at - 5_016_600_000) <= 500_000


def test_frames_without_a_time_of_their_own_are_an_error() -> None:
    """Old releases print no Uptime line: their frames cannot be put on the axis."""
    with pytest.raises(ValueError, match="Uptime"):
        frames.PROBE.reader(Scene("app", ClockWatch()))(1, dump([]).replace("Uptime", "Up"))


def test_the_compositor_tells_what_no_renderer_did() -> None:
    """Shown later than wanted by more than a period and a half is missed; the monotonic clock is mapped."""
    clocks = ClockWatch()
    clocks.monotonic(5000, 9000)
    read = surface.PROBE.reader(Scene("app", clocks))
    rows = [(1000, 1010), (1016, 1026), (1033, 1060)]
    text = "16666666\n" + "".join(f"{wanted * MS}\t{shown * MS}\t{shown * MS}\n" for wanted, shown in rows)
    assert read(1, text.rpartition("1033")[0]).points == ()
    ((at, values), (_, jank)) = read(9_500 * MS, text).points
    assert (dict(values), dict(jank)) == ({"frame_ms": 27.0}, {"jank": 1.0})
    assert at == pytest.approx(5033 * MS, abs=MS)
