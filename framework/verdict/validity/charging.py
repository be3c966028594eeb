"""Energy cannot be measured at the battery while a charger feeds the handset."""

from __future__ import annotations

from collections.abc import Iterator

from framework.contract.trace import Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.looking import number, seen, series, turns
from framework.verdict.validity.rule import ENERGY, Objection, Rule


def _look(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    current = series(trace, "battery_ma")
    for turn in turns(trace):
        samples = [charging for _, charging in seen(series(trace, "charging"), turn)]
        plugged = sum(charging > 0 for charging in samples)
        if plugged:
            flow = [value for _, value in seen(current, turn)]
            how_much = f", {sum(flow) / len(flow):+.0f} mA at the battery" if flow else ""
            how_often = f"{plugged} of {len(samples)} samples{how_much}"
            reason = f"a charger was plugged in during turn {number(turn)}, {how_often}"
            yield Objection(reason, turn.start_ns, turn.end_ns, ENERGY)


RULE = Rule(
    name="charging",
    means="a charger is plugged in while energy is measured at the battery",
    concerns="energy",
    limits=(),  # whatever a charger gives is missing at the battery: there is no amount that does not matter
    look=_look,
)
