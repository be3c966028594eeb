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


def _look(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    for turn in turns(trace):
        points = around(series(trace, "emulator_slipped_ms"), turn)
        slipped = points[-1][1] - points[0][1] if points else 0.0
        if slipped > SLIPPED.value:
            reason = f"emulator late: it gave up {slipped:.0f} ms in turn {number(turn)}"
            yield Objection(reason, points[0][0], points[-1][0], LATENCY | ENERGY | {"throttle", "jank"})


RULE = Rule(
    name="emulator_late",
    means="the host was too busy for an emulated handset, which gave up device time in a turn",
    concerns="latency, energy, throttle, jank",
    limits=(SLIPPED,),
    look=_look,
)
