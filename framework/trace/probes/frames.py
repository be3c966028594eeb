"""Frames that the assistant has drawn, from `dumpsys gfxinfo PACKAGE framestats`.

Android keeps the last 120 frames of a window. Each costs one row of the dump, and the app's own threads write it: it is
read seldom. Frame times are of the monotonic clock; the dumps' heads tie it to boot time, which they show cut off to
ms: a frame is placed to within 1 ms, by the vsync that it was meant for. `jank` is of the time of the reading.
"""

from __future__ import annotations

from typing import NamedTuple

from framework.dumps import gfxinfo
from framework.dumps.framestats import FrameTimes
from framework.dumps.gfxinfo import GfxinfoDump
from framework.trace.probes.probe import Probe, Reading, Scene

USUAL_INTERVAL_NS = 16_666_667
NS_PER_MS = 1_000_000


class FrameReader:
    """Remembers the last frame of each window; frames from before the first reading are not of this recording."""

    def __init__(self, scene: Scene) -> None:
        self._clocks = scene.clocks
        self._last: dict[str | None, int] | None = None

    def __call__(self, device_ns: int, text: str) -> Reading:
        dump = gfxinfo.parse(text)
        if dump.uptime_ms is None or dump.realtime_ms is None:
            raise ValueError("gfxinfo prints no line `Uptime: N Realtime: N`, so that its frames have no boot time")
        self._clocks.monotonic(dump.uptime_ms, dump.realtime_ms)
        ahead_ns = self._clocks.clocks().monotonic[-1].offset_ns  # what all heads until now leave open
        frames = self._new(dump)
        points = [(frame.begin_ns + ahead_ns, {"frame_ms": frame.duration_ns / NS_PER_MS}) for frame in frames]
        if frames:
            points.append((device_ns, {"jank": sum(frame.missed for frame in frames) / len(frames)}))
        return Reading(tuple(points))

    def _new(self, dump: GfxinfoDump) -> list[Drawn]:
        """Frames since the last reading, in time order; those that are not comparable are left out."""
        known, first = self._last or {}, self._last is None
        self._last = dict(known)
        found: list[Drawn] = []
        for window in (window for process in dump.processes for window in process.windows):
            frames = [drawn for frame in window.frames if (drawn := _drawn(frame)) is not None]
            since = known.get(window.window, 0)
            found += [frame for frame in frames if frame.begin_ns > since]
            self._last[window.window] = max([since, *(frame.begin_ns for frame in frames)])
        return [] if first else sorted(found)


class Drawn(NamedTuple):
    """One frame: the vsync that it was meant for, how long it took from then, whether it missed its deadline."""

    begin_ns: int
    duration_ns: int
    missed: bool


def _drawn(frame: FrameTimes) -> Drawn | None:
    """Judged by its deadline (Android 12 and later), else by the time between two frames."""
    begin, end = frame.intended_vsync_ns, frame.frame_completed_ns
    if begin is None or end is None or frame.flags:
        return None
    deadline = frame.frame_deadline_ns or begin + (frame.frame_interval_ns or USUAL_INTERVAL_NS)
    return Drawn(begin, end - begin, end > deadline)


def unit(series: str) -> str:
    return "ms" if series == "frame_ms" else "share"


TELLS = """case $(dumpsys gfxinfo "$package" framestats) in *PROFILEDATA*) :;; *) false;; esac"""

PROBE = Probe(
    name="frames",
    units=unit,
    available=TELLS,
    script='text=$(dumpsys gfxinfo "$package" framestats)',
    reader=FrameReader,
    period_s=8.0,
    commands=1,
)
