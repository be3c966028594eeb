"""A measurement begins in the window of temperature that the scenario asks for."""

from __future__ import annotations

from collections.abc import Iterator

from framework.contract.trace import Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.looking import series, turns
from framework.verdict.validity.rule import ENERGY, HEAT, LATENCY, Limit, Objection, Rule

OVER = Limit(
    "skin above start.skin_below_c",
    0.5,
    "°C",
    "decoding loses 3 to 13 % from cold to hot, about 15 °C: up to 0.9 % for each degree, so half a degree stays "
    "below 0.5 %; two readings of one sensor differ by less",
)


def _look(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    limit, measured = circumstances.skin_below_c, turns(trace)
    points = series(trace, "skin_c").points
    if limit is None or not measured or not points:
        return
    begin = measured[0].start_ns
    before = [point for point in points if point[0] <= begin]
    at, skin = before[-1] if before else points[0]
    if skin > limit + OVER.value:
        reason = f"the skin had {skin:.1f} °C when the first turn began, {skin - limit:.1f} above {limit:g} °C"
        yield Objection(reason, min(at, begin), measured[-1].end_ns, LATENCY | ENERGY | HEAT | {"throttle"})


RULE = Rule(
    name="start_temperature",
    means="the skin is warmer at the first turn than `start: {skin_below_c}` asks",
    concerns="latency, energy, temperatures, throttle",
    limits=(OVER,),
    look=_look,
)
