"""Clocks: clipped below nominal in a turn, or at odds with the thermal status."""

from __future__ import annotations

from collections.abc import Iterator

from framework.contract.trace import Span, Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.looking import Point, around, number, seen, series, turns
from framework.verdict.validity.rule import LATENCY, Limit, Objection, Rule

CLIPPED = Limit(
    "CPU clock limit below nominal",
    0.03,
    "of nominal",
    "decoding follows about half of the clocks and prefill all of them: 3 % less clock are 1.5 % less decode_tps and "
    "3 % more ttft_ms, about what two clean repetitions differ",
)
STRESSED = Limit(
    "thermal status without any clipped clock",
    2,
    "ThrottlingSeverity",
    "Android allows LIGHT (1) without effect on the user; from MODERATE (2) on a handset says that it throttles",
)
WARM = Limit(
    "skin temperature that explains clipped clocks under thermal status 0",
    35.0,
    "°C",
    "an S22 at 35.8 °C and an S24+ capped their cores and said 0: heat can be the cause from there on, below it "
    "cannot; looked at only where the budget limits throttle",
)


def _clipped(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    if "throttle" in circumstances.asked:
        return  # the scenario measures under throttling: how slow the handset then is, is the figure
    for turn in turns(trace):
        limits = _limits(trace, turn)
        lowest = min((share for _, share in limits), default=1.0)
        if 1 - lowest > CLIPPED.value:
            clipped = [at for at, share in limits if 1 - share > CLIPPED.value]
            how_often = f"{len(clipped)} of {len(limits)} samples"
            reason = f"clocks limited to {lowest:.0%} of nominal in turn {number(turn)}, {how_often}"
            yield Objection(reason, max(clipped[0], turn.start_ns), turn.end_ns, LATENCY)


def _disagreeing(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    for turn in turns(trace):
        status = [value for _, value in around(series(trace, "thermal_status"), turn)]
        limits = [share for _, share in around(series(trace, "clock_limit"), turn)]
        if not status or not limits:
            continue
        clip = 1 - min(share for _, share in _limits(trace, turn))
        if clip > CLIPPED.value and max(status) == 0 and not _explained(trace, turn, circumstances):
            yield _at_odds(f"clocks limited to {1 - clip:.0%} of nominal under thermal status 0", turn)
        elif min(status) >= STRESSED.value and 1 - min(limits) <= 0:
            yield _at_odds(f"thermal status {min(status):.0f} without any clipped clock", turn)


def _at_odds(what: str, turn: Span) -> Objection:
    return Objection(f"{what} in turn {number(turn)}", turn.start_ns, turn.end_ns, LATENCY | {"throttle"})


def _explained(trace: Trace, turn: Span, circumstances: Circumstances) -> bool:
    """Where throttling is what is measured, a handset that is warm may throttle without saying so."""
    skin = [value for _, value in around(series(trace, "skin_c"), turn)]
    return "throttle" in circumstances.asked and bool(skin) and max(skin) >= WARM.value


def _limits(trace: Trace, turn: Span) -> list[Point]:
    return seen(series(trace, "clock_limit"), turn)


CLIPPED_CLOCK = Rule(
    name="clipped_clock",
    means="a CPU clock is limited below nominal in a measured turn; no doubt where the budget limits `throttle`",
    concerns="latency",
    limits=(CLIPPED,),
    look=_clipped,
)
THERMAL_STATUS = Rule(
    name="thermal_status",
    means="the thermal status and the clocks contradict each other: clipped under status 0, or stressed at full clocks",
    concerns="latency, throttle",
    limits=(CLIPPED, STRESSED, WARM),
    look=_disagreeing,
)
