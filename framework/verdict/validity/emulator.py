"""An emulated handset that could not keep its own time."""

from __future__ import annotations

from collections.abc import Iterator

from framework.contract.trace import Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.looking import around, number, series, turns
from framework.verdict.validity.rule import ENERGY, LATENCY, Limit, Objection, Rule

SLIPPED = Limit(
    "device time given up in a turn",
    1.0,
    "ms",
    "what the emulator gives up is missing in a latency; 1 ms is what latencies by events are exact to",
)
HELD = Limit(
    "host time by which it was behind in a turn that kept no limit, or has no data, by anything but looks",
    30.0,
    "ms",
    "methods allow for so much; looks from the host come later then than they seem",
)


def _look(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    for turn in turns(trace):
        points = around(series(trace, "emulator_slipped_ms"), turn)
        slipped = points[-1][1] - points[0][1] if points else 0.0
        if slipped > SLIPPED.value:
            reason = f"emulator late: it gave up {slipped:.0f} ms in turn {number(turn)}"
            yield Objection(reason, points[0][0], points[-1][0], LATENCY | ENERGY | {"throttle", "jank"})
        lacking = circumstances.lacking.get(number(turn), frozenset()) & LATENCY
        points = [point for point in around(series(trace, "emulator_late_ms"), turn) if point[0] >= turn.start_ns]
        late = max((value for _, value in points), default=0.0)
        if lacking and late > HELD.value:
            names = ", ".join(sorted(lacking))
            reason = f"emulator late: it was held back by {late:.0f} ms in turn {number(turn)}: {names} not known"
            yield Objection(reason, points[0][0], points[-1][0], lacking)


RULE = Rule(
    name="emulator_late",
    means="the host was too busy for an emulated handset, which gave up device time in a turn, or was seen too late",
    concerns="latency, energy, throttle, jank; seen too late: a latency by the screen beyond its limit",
    limits=(SLIPPED, HELD),
    look=_look,
)
