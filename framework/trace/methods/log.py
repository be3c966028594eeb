"""By the times of log lines: the app's logger stamps each with the handset's wall clock when it is written.

Within a stretch in which nobody set that clock, two lines are as far apart as their times say. Where it was set in
between, both are mapped onto boot time, each with its bound. A line of which that cannot be said is not used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from framework.contract.events import AssistantEvent
from framework.contract.observed import Observed, Seen
from framework.contract.trace import ClockFit, ClockSegment
from framework.contract.turn import Estimate
from framework.trace.clocks import boot_ns, reaching
from framework.trace.methods.marks import NS_PER_MS, Interval, Marks, gather, spans
from framework.trace.tube import SLEW_PPM

LAG_NS = 5 * NS_PER_MS
"""How much later than its event a line is stamped, at most: the app's thread may have to wait for a CPU."""

STAMP_NS = 1_000
"""`logcat -v usec` cuts times off to microseconds."""


def estimates(observed: Observed, wall: Sequence[ClockSegment], host: ClockFit) -> tuple[Estimate, ...]:
    return spans(marks(observed, wall, host), "log")


def marks(observed: Observed, wall: Sequence[ClockSegment], host: ClockFit) -> Marks:
    """Times on one clock that runs as boot time does: boot time itself only where the wall clock was set."""
    lines = _distinct(observed.seen)
    offset_ns = _common_offset(lines, wall, host)
    if offset_ns is None:
        return gather(_mapped(lines, wall, host))
    first_ns = min(line.wall_ns for line in lines)
    return gather((line.event, _late(line.wall_ns + offset_ns, _slewed(line.wall_ns - first_ns))) for line in lines)


def boot_marks(observed: Observed, wall: Sequence[ClockSegment], host: ClockFit) -> Marks:
    """On boot time, so that frames can be compared with them."""
    return gather(_mapped(_distinct(observed.seen), wall, host))


def _mapped(
    lines: Iterable[Seen], wall: Sequence[ClockSegment], host: ClockFit
) -> Iterable[tuple[AssistantEvent, Interval]]:
    for line in lines:
        mapped = boot_ns(wall, line.wall_ns, not_after=_latest(line, host))
        if mapped is not None:
            yield line.event, _late(mapped.device_ns, mapped.bound_ns)


def _common_offset(lines: Sequence[Seen], wall: Sequence[ClockSegment], host: ClockFit) -> int | None:
    """The offset of the one stretch that all lines lie in beyond doubt."""
    reached = [set(reaching(wall, line.wall_ns, not_after=_latest(line, host))) for line in lines]
    common = set.intersection(*reached) if reached else set()
    for segment in sorted(common, key=lambda one: one.bound_ns):
        if all(_agree(segment, other) for others in reached for other in others):
            return segment.offset_ns
    return None


def _agree(one: ClockSegment, other: ClockSegment) -> bool:
    return abs(one.offset_ns - other.offset_ns) <= one.bound_ns + other.bound_ns


def _latest(line: Seen, host: ClockFit) -> int:
    """No line is here before it was written."""
    return host.device_ns(line.host_ns) + host.bound_ns


def _late(stamp_ns: int, bound_ns: int) -> Interval:
    return stamp_ns - bound_ns - LAG_NS, stamp_ns + bound_ns + STAMP_NS


def _slewed(elapsed_ns: int) -> int:
    return elapsed_ns * SLEW_PPM // 1_000_000


def _distinct(seen: Iterable[Seen]) -> list[Seen]:
    """Lines that came twice count once."""
    return list({(one.wall_ns, one.event.turn, one.event.event, repr(one.event.fields)): one for one in seen}.values())
