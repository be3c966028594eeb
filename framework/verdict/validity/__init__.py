"""Whether a recording can be trusted: the table of rules, each with its evidence.

found = doubts(trace, Circumstances.of(scenario, build, handset))
"""

from __future__ import annotations

from framework.contract.trace import Doubt, Trace
from framework.verdict.validity import (
    charging,
    clocks,
    contention,
    emulator,
    killed,
    roofline,
    sampling,
    sensors,
    starting,
)
from framework.verdict.validity.circumstances import Circumstances, asked_metrics
from framework.verdict.validity.rule import Limit, Rule

__all__ = ["RULES", "Circumstances", "Limit", "Rule", "asked_metrics", "doubts"]

RULES: tuple[Rule, ...] = (
    emulator.RULE,
    sampling.PROCESS_CHANGED,
    sampling.SAMPLING_GAP,
    starting.RULE,
    clocks.CLIPPED_CLOCK,
    clocks.THERMAL_STATUS,
    sensors.FROZEN_SENSOR,
    sensors.FLIPPED_SENSOR,
    contention.OTHER_LOAD,
    contention.MEMORY_PRESSURE,
    killed.RULE,
    roofline.RULE,
    charging.RULE,
)


def doubts(trace: Trace, circumstances: Circumstances) -> tuple[Doubt, ...]:
    """What all rules object to, in the order of the table."""
    return tuple(doubt for rule in RULES for doubt in rule.doubts(trace, circumstances))
