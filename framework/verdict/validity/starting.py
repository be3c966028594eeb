"""A measurement begins in the window of temperature that the scenario asks for."""

from __future__ import annotations

from collections.abc import Iterator

from framework.contract.trace import Span, Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.looking import around, seconds, series, turns
from framework.verdict.validity.rule import ENERGY, HEAT, LATENCY, Limit, Objection, Rule

OVER = Limit(
    "skin above start.skin_below_c",
    0.5,
    "°C",
    "decoding loses 3 to 13 % from cold to hot, about 15 °C: up to 0.9 % for each degree, so half a degree stays "
    "below 0.5 %; two readings of one sensor differ by less",
)
WARMING = Limit(
    "warming of the skin by the work that is measured",
    0.05,
    "°C/s",
    "7 W into the 150 J/K of a handset; a reading after the first turn's begin is taken back by so much",
)


def _look(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    limit, measured = circumstances.skin_below_c, turns(trace)
    points = series(trace, "skin_c").points
    if limit is None or not measured or not points:
        return
    begin = measured[0].start_ns
    skin = max(celsius - _warmed(at, begin) for at, celsius in around(series(trace, "skin_c"), _moment(begin)))
    if skin > limit + OVER.value:
        reason = f"the skin had {skin:.1f} °C when the first turn began, {skin - limit:.1f} above {limit:g} °C"
        yield Objection(reason, begin, measured[-1].end_ns, LATENCY | ENERGY | HEAT | {"throttle"})


def _moment(at_ns: int) -> Span:
    return Span("moment", "", at_ns, at_ns)


def _warmed(at_ns: int, begin_ns: int) -> float:
    """By how much the work itself may have warmed the skin from the begin to a reading."""
    return max(0.0, seconds(at_ns - begin_ns)) * WARMING.value


RULE = Rule(
    name="start_temperature",
    means="the skin is warmer at the first turn than `start: {skin_below_c}` asks",
    concerns="latency, energy, temperatures, throttle",
    limits=(OVER, WARMING),
    look=_look,
)
