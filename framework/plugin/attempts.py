"""The attempts at every scheduled test, until it is done. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from framework.contract.verdict import Verdict
from framework.fleet.requeue import Lost


@dataclass(frozen=True, slots=True)
class Phase:
    """What the report of a test's setup, call or teardown says."""

    when: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    unproven: bool = False
    """A failure of a build that did not start: see `requeue.Lost`."""


@dataclass(frozen=True, slots=True)
class Rerun:
    """An attempt that told nothing about the build, after which the test was run again."""

    test: str
    handset: str
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        reasons = (reason.removeprefix(f"{self.handset}: ") for reason in self.reasons)
        return f"{self.test} on {self.handset}: {'; '.join(reasons)}"


@dataclass(slots=True)
class _Book:
    state: Literal["waiting", "running", "done"] = "waiting"
    handset: str = ""
    model: str = ""
    phases: list[Phase] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)


class Attempts:
    """Of the tests of one run, in their order; each waits, runs, and so on, until it is done."""

    def __init__(self) -> None:
        self._books: dict[str, _Book] = {}
        self._open: dict[str, None] = {}
        self.reruns: list[Rerun] = []

    def schedule(self, tests: Iterable[str]) -> None:
        for test in tests:
            self._books[test] = _Book()
            self._open[test] = None

    def begin(self, test: str, handset: str, model: str) -> None:
        """It is sent to be run there."""
        book = self._books[test]
        book.state, book.handset, book.model, book.phases = "running", handset, model, []

    def add(self, test: str, phase: Phase) -> None:
        self._books[test].phases.append(phase)

    def withdraw(self, test: str) -> None:
        """The attempt never began: it counts for nothing."""
        self._books[test].state = "waiting"

    def lose(self, test: str, reasons: tuple[str, ...], *, crashed: bool = False) -> None:
        """The attempt is over and told nothing about the build; another one follows."""
        book = self._books[test]
        book.lost.append(Lost(book.handset, book.model, crashed))
        book.state = "waiting"
        self.reruns.append(Rerun(test, book.handset, reasons))

    def close(self, test: str) -> None:
        """No attempt follows."""
        self._books[test].state = "done"
        self._open.pop(test, None)

    # -- what is known ---------------------------------------------------------------------------------------------

    def where(self, test: str) -> tuple[str, str]:
        """Name and model of the handset of the last attempt."""
        book = self._books[test]
        return book.handset, book.model

    def phases(self, test: str) -> tuple[Phase, ...]:
        """Of the attempt that is under way, or was the last."""
        return tuple(self._books[test].phases)

    def lost(self, test: str) -> tuple[Lost, ...]:
        return tuple(self._books[test].lost)

    def reruns_of(self, test: str) -> tuple[Rerun, ...]:
        return tuple(rerun for rerun in self.reruns if rerun.test == test)

    def reasons(self, test: str) -> tuple[str, ...]:
        """Why the last lost attempt was lost."""
        return next((rerun.reasons for rerun in reversed(self.reruns) if rerun.test == test), ())

    def waits(self, test: str) -> bool:
        return self._books[test].state == "waiting"

    def runs(self, test: str) -> bool:
        return test in self._books and self._books[test].state == "running"

    @property
    def open(self) -> tuple[str, ...]:
        """The tests that are not done."""
        return tuple(self._open)
