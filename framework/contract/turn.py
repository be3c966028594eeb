"""One turn of a conversation, as it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from framework.contract.events import AssistantEvent
from framework.contract.verdict import Check, Verdict, gravest


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence: a short name, a file name and its bytes."""

    name: str
    file_name: str
    content: bytes

    @property
    def suffix(self) -> str:
        return self.file_name.rpartition(".")[2]


Method = Literal["events", "log", "frames", "screen", "audio"]
"""By what a time was measured: the build's own event lines, the times of its log lines, frames, polling the screen,
or the reply's sound."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One metric of a turn as one method measures it: the true value lies within ± `bound`, in the metric's unit."""

    metric: str
    value: float
    bound: float
    method: Method


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """What was asked, what came back, and when; times are device nanoseconds, metrics in their own units."""

    number: int
    asked: str
    language: str
    via: Literal["ui", "intent", "voice"]
    heard: str | None
    reply: str
    start_ns: int
    end_ns: int
    events: tuple[AssistantEvent, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    """Every metric by every method that could measure it; `metrics` holds the most exact of each."""

    @property
    def verdict(self) -> Verdict:
        return gravest(tuple(check.verdict for check in self.checks))
