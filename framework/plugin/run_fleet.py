"""The handsets of a run on several of them, as the dispatcher sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from framework.contract.handsets import Handset
from framework.contract.run import HandsetIdentity
from framework.fleet.health import Health
from framework.fleet.requeue import Present
from framework.plugin.assignment import Assignment
from framework.plugin.collected import Test, fits
from framework.plugin.roll import Called
from framework.plugin.spares import Spares

Who = Callable[[Handset], HandsetIdentity | None]
"""Who a handset is, without reaching it; None where that is not known."""


class RunFleet:
    """`dispatch.Fleet`; `tests` is set when they are known, `workers` are those that are there or on their way."""

    def __init__(
        self, assignment: Assignment, health: Health, spares: Spares, who: Who, called: Callable[[], Called] = Called
    ) -> None:
        """`called`: who answered when the roll of the run was called, workers' and spare ones."""
        self._assignment, self._health, self._spares, self._who = assignment, health, spares, who
        self._called = called
        self.tests: Mapping[str, Test] = {}
        self.workers: set[str] = set()
        self._fits: dict[tuple[str, str], bool] = {}

    def at(self, worker: str) -> HandsetIdentity | None:
        return self._assignment.held(worker)

    def present(self) -> Iterator[HandsetIdentity]:
        for handset in self._assignment.holding:
            if self._health.cause(handset.name) is None:
                yield handset

    def fits(self, test: str, handset: str) -> bool:
        return self._can(test, self._assignment.known[handset])

    def skin_below_c(self, test: str) -> float | None:
        """How cool a handset must be before it begins; None where that is not asked for."""
        known = self.tests.get(test)
        return None if known is None else known.skin_below_c

    def stand_ins(self, test: str) -> Iterator[Present]:
        """While a worker is left that they can be given to."""
        for handset in (*self._spares.asked.values(), *self._assignment.free) if self.workers else ():
            identity = self._assignment.known.get(handset.name) or self._who(handset)
            model = "" if identity is None else identity.model
            yield Present(handset.name, model, self.may_fit(test, handset))

    def may_fit(self, test: str, handset: Handset) -> bool:
        """One that was not asked yet may have anything."""
        identity = self._assignment.known.get(handset.name) or self._who(handset)
        return identity is None or self._can(test, identity)

    def might(self, test: str) -> bool:
        if self._never(test):
            return False
        known = self._assignment.known
        strangers = any(error.handset not in known for error in self._assignment.unavailable)
        return (
            strangers or any(self.fits(test, name) for name in known) or any(each.fits for each in self.stand_ins(test))
        )

    def why_not(self, test: str) -> str:
        if not self.might(test):
            known = self.tests[test]
            return self._never(test) or Called(tuple(self._assignment.known.values())).why_not(
                known.needs, known.variant
            )
        return f"no handset is left that could run it: {'; '.join(self._lost(test)) or 'none could be used'}"

    def _never(self, test: str) -> str:
        """Why none of those that answered could ever run it; empty where one can, or one that is silent might."""
        known, called = self.tests.get(test), self._called()
        return called.why_not(known.needs, known.variant) if known is not None and called.present else ""

    def _lost(self, test: str) -> Iterator[str]:
        """Why each handset that could run it, or might have, does not."""
        for name, cause in self._health.quarantined.items():
            if self.fits(test, name):
                yield f"{name} is quarantined, for {cause}"
        for error in self._assignment.unavailable:
            yield str(error)
        for handset in self._assignment.free:
            if self.may_fit(test, handset):
                yield f"{handset.name} has no worker: the last one died and was not replaced"

    def _can(self, test: str, handset: HandsetIdentity) -> bool:
        key = test, handset.name
        if key not in self._fits:
            known = self.tests.get(test)
            self._fits[key] = known is None or not fits(known, handset)
        return self._fits[key]
