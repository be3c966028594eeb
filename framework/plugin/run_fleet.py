"""The handsets of a run on several of them, as the dispatcher sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from framework.contract.run import HandsetIdentity
from framework.fleet.health import Health
from framework.plugin.assignment import Assignment
from framework.plugin.collected import Test, fits
from framework.plugin.roll import Called


class RunFleet:
    """`dispatch.Fleet`; `tests` is set when they are known."""

    def __init__(self, assignment: Assignment, health: Health) -> None:
        self._assignment, self._health = assignment, health
        self.tests: Mapping[str, Test] = {}
        self._fits: dict[tuple[str, str], bool] = {}

    def at(self, worker: str) -> HandsetIdentity | None:
        return self._assignment.held(worker)

    def present(self) -> Iterator[HandsetIdentity]:
        for handset in self._assignment.holding:
            if self._health.cause(handset.name) is None:
                yield handset

    def fits(self, test: str, handset: str) -> bool:
        key = test, handset
        if key not in self._fits:
            self._fits[key] = self._can(test, self._assignment.known[handset])
        return self._fits[key]

    def awaited(self, test: str) -> bool:
        return False

    def might(self, test: str) -> bool:
        """One that could not be asked might have anything."""
        strangers = any(error.handset not in self._assignment.known for error in self._assignment.unavailable)
        return strangers or any(self.fits(test, name) for name in self._assignment.known)

    def why_not(self, test: str) -> str:
        if not self.might(test):
            known = self.tests[test]
            return Called(tuple(self._assignment.known.values())).why_not(known.needs, known.variant)
        return f"no handset is left that could run it: {'; '.join(self._lost(test)) or 'none could be used'}"

    def _lost(self, test: str) -> Iterator[str]:
        """Why each handset that could run it, or might have, does not."""
        for name, cause in self._health.quarantined.items():
            if self.fits(test, name):
                yield f"{name} is quarantined, for {cause}"
        for error in self._assignment.unavailable:
            yield str(error)
        for name in self._assignment.left:
            if self._health.cause(name) is None and self.fits(test, name):
                yield f"{name} has no worker any more: it died and was not replaced"

    def _can(self, test: str, handset: HandsetIdentity) -> bool:
        known = self.tests.get(test)
        return known is None or not fits(known, handset)
