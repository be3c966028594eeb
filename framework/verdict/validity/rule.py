"""What a rule of validity is: data about itself, and a function that looks at a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from framework.contract.trace import Doubt, Trace
from framework.verdict.validity.circumstances import Circumstances

LATENCY = frozenset(("ttft_ms", "tpot_ms", "decode_tps", "total_ms", "asr_final_ms", "first_audio_ms", "first_text_ms"))
ENERGY = frozenset(("power_mw", "mj_per_token"))
MEMORY = frozenset(("rss_mb", "pss_mb", "swap_mb"))
HEAT = frozenset(("skin_c", "soc_c", "battery_c"))
EVERYTHING: frozenset[str] = frozenset()
"""The metrics of a doubt that holds for all that was recorded."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold of a rule: beyond `value` it objects; `why` says what the figure comes from."""

    name: str
    value: float
    unit: str
    why: str


class Objection(NamedTuple):
    """Evidence: in words with figures, from when to when (device ns), and what it makes worthless."""

    reason: str
    start_ns: int
    end_ns: int
    metrics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """`name` is stable (reports and journals hold it); `means` says what the rule objects to, for people."""

    name: str
    means: str
    concerns: str
    """Which metrics, in words."""
    limits: tuple[Limit, ...]
    look: Callable[[Trace, Circumstances], Iterator[Objection]]

    def doubts(self, trace: Trace, circumstances: Circumstances) -> tuple[Doubt, ...]:
        return tuple(Doubt(self.name, *objection) for objection in self.look(trace, circumstances))
