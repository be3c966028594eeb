"""Verdicts: every scheduled unit ends in exactly one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    PASS = "PASS"  # noqa: S105
    FAIL = "FAIL"
    """The product: wrong, late, crashed, ANR, killed."""
    INVALID = "INVALID"
    """The measurement cannot be trusted."""
    UNMEASURED = "UNMEASURED"
    """A budget for which the build gave no data: fails."""
    LAB = "LAB"
    """The handset or the lab."""
    NOT_RUN = "NOT_RUN"
    """Nothing could run it, or a tool is missing on the host."""

    @property
    def blames_build(self) -> bool:
        return self in (Verdict.FAIL, Verdict.UNMEASURED)


SEVERITY: tuple[Verdict, ...] = (
    Verdict.PASS,
    Verdict.NOT_RUN,
    Verdict.LAB,
    Verdict.INVALID,
    Verdict.UNMEASURED,
    Verdict.FAIL,
)
"""From mild to grave: a unit's verdict is the gravest of its checks."""


def gravest(verdicts: tuple[Verdict, ...]) -> Verdict:
    return max(verdicts, key=SEVERITY.index, default=Verdict.PASS)


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation or budget with what was found."""

    name: str
    """For example `turn 2 contains "Hanoi"` or `budget rss_mb max`."""
    verdict: Verdict
    expected: str
    found: str
    turn: int | None = None
    measured: bool = False
    """Compares a measured quantity: it says nothing when the measurement is invalid."""

    def __str__(self) -> str:
        return f"{self.name}: expected {self.expected}, found {self.found}"
