"""Energy cannot be measured at the battery while a charger feeds the handset."""

from __future__ import annotations

from collections.abc import Iterator

from framework.contract.trace import Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.looking import seconds, seen, series, turns
from framework.verdict.validity.rule import ENERGY, Objection, Rule


def _look(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    current = series(trace, "battery_ma")
    for turn in turns(trace):
        plugged = [at for at, charging in seen(series(trace, "charging"), turn) if charging > 0]
        if plugged:
            flow = [value for _, value in seen(current, turn)]
            how_much = f", {sum(flow) / len(flow):+.0f} mA at the battery" if flow else ""
            since = seconds(max(plugged[0], turn.start_ns) - turn.start_ns)
            reason = f"a charger was plugged in {since:.1f} s into turn {turn.name}{how_much}"
            yield Objection(reason, turn.start_ns, turn.end_ns, ENERGY)


RULE = Rule(
    name="charging",
    means="a charger is plugged in while energy is measured at the battery",
    concerns="energy",
    limits=(),  # whatever a charger gives is missing at the battery: there is no amount that does not matter
    look=_look,
)
