"""Reading the frames that the handset remembers of an app: some 120 of hwui's and 128 of the compositor's."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from framework.contract.capabilities import Handset
from framework.contract.errors import HandsetError
from framework.contract.trace import ClockSegment
from framework.dumps import gfxinfo, sf_latency
from framework.dumps.errors import DumpError
from framework.trace.clocks import ClockWatch
from framework.trace.methods.frames import Frame, on_boot_time

_MARK = "@layer"


def read_frames(handset: Handset, package: str, known: Sequence[ClockSegment] = ()) -> tuple[Frame, ...]:
    """The app's frames on boot time; none where the handset tells of none.

    Both clocks stand at the head of the dump, cut off to ms; what is `known` of the monotonic clock makes it finer.
    """
    quoted = shlex.quote(package)
    script = (
        f"dumpsys gfxinfo {quoted} framestats\n"
        f"dumpsys SurfaceFlinger --list </dev/null | grep -F {quoted}/ | while read -r layer; do\n"
        f'echo "{_MARK}"; dumpsys SurfaceFlinger --latency "$layer" </dev/null\ndone\n'
    )
    try:
        hwui, *layers = handset.shell.script(script).text.split(f"{_MARK}\n")
        return _frames(hwui, layers, known)
    except (HandsetError, DumpError):
        return ()


def _frames(hwui: str, layers: list[str], known: Sequence[ClockSegment]) -> tuple[Frame, ...]:
    dump = gfxinfo.parse(hwui)
    latencies = [sf_latency.parse(layer) for layer in layers if layer.strip()]
    if dump.uptime_ms is None or dump.realtime_ms is None:
        return ()
    watch = ClockWatch()
    watch.monotonic(dump.uptime_ms, dump.realtime_ms)
    drawn = [frame for process in dump.processes for window in process.windows for frame in window.frames]
    shown = [frame for latency in latencies for frame in latency.frames]
    period_ns = next((latency.refresh_period_ns for latency in latencies if latency.refresh_period_ns), None)
    (told,) = watch.clocks().monotonic
    return on_boot_time(drawn, shown, period_ns, (finer(told, known[-1]) if known else told,))


def finer(told: ClockSegment, known: ClockSegment) -> ClockSegment:
    """What both leave open; the dump's own word where the handset has slept since."""
    low = max(told.offset_ns - told.bound_ns, known.offset_ns - known.bound_ns)
    high = min(told.offset_ns + told.bound_ns, known.offset_ns + known.bound_ns)
    if low > high:
        return told
    start_ns = min(told.start_ns, known.start_ns)
    return ClockSegment(start_ns, told.end_ns, (low + high) // 2, (high - low + 1) // 2)
