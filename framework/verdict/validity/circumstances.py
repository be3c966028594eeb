"""What the rules know besides the trace: what was asked for, of which build, on which handset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from framework.contract.run import BuildIdentity, HandsetIdentity
from framework.contract.scenario import FoldStep, Scenario
from framework.contract.trace import Doubt


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`asked`: the metrics that the scenario limits, in its budget or in a turn. Unknown facts are None or empty."""

    asked: frozenset[str] = frozenset()
    skin_below_c: float | None = None
    weight_bytes: int | None = None
    """Of the whole model, as it is read once for every token."""
    soc: str = ""
    package: str = ""
    others_mb: float | None = None
    """The least that other processes than the assistant held when a recording of this session began."""
    lacking: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Number of a turn → the metrics whose limits it did not keep, without data but what was seen from the host."""

    @classmethod
    def of(
        cls, scenario: Scenario, build: BuildIdentity, handset: HandsetIdentity, others_mb: float | None = None
    ) -> Circumstances:
        asked, skin_below_c = asked_metrics(scenario), scenario.start.skin_below_c
        return cls(asked, skin_below_c, build.weight_bytes, handset.soc, build.package, others_mb)

    def count(self, doubt: Doubt) -> bool:
        """Whether a doubt makes a repetition INVALID.

        A doubt about everything does: figures and conversation are then not those of one assistant on one handset.
        A doubt about certain metrics does if the scenario limits one of them; otherwise it is only shown.
        """
        return not doubt.metrics or bool(doubt.metrics & self.asked)

    def counting(self, doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
        return tuple(doubt for doubt in doubts if self.count(doubt))


def asked_metrics(scenario: Scenario) -> frozenset[str]:
    """Names of all metrics that a scenario's budget or one of its turns limits."""
    turns = (step.expect.limits for step in scenario.steps if not isinstance(step, FoldStep))
    return frozenset(scenario.budget) | frozenset(name for limits in turns for name in limits)
