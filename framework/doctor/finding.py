"""What a check says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Level = Literal["ok", "warning", "fault"]
"""`fault`: runs fail or measure wrongly until it is mended; `warning`: they may; `ok`: told for the record."""

Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True)
class Opinion:
    """One line of what was found, and one of what to do about it, empty where nothing needs to be done."""

    level: Level
    finding: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The opinion of the check of that name."""

    check: str
    level: Level
    finding: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Check(Generic[Facts]):
    """A judge with the name that its findings bear; it gives None where it does not apply or nothing was told."""

    name: str
    judge: Callable[[Facts], Opinion | None]


def ok(finding: str) -> Opinion:
    return Opinion("ok", finding)


def warning(finding: str, mend: str) -> Opinion:
    return Opinion("warning", finding, mend)


def fault(finding: str, mend: str) -> Opinion:
    return Opinion("fault", finding, mend)


def findings(checks: Iterable[Check[Facts]], facts: Facts) -> tuple[Finding, ...]:
    """What the checks say, in their order."""
    opinions = ((check.name, check.judge(facts)) for check in checks)
    return tuple(
        Finding(name, opinion.level, opinion.finding, opinion.mend) for name, opinion in opinions if opinion is not None
    )
