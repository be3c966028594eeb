"""Workers that have nothing to do are given other handsets: for one that is lost, or for what no worker's can run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from framework.contract.errors import HandsetError
from framework.contract.handsets import Handset
from framework.fleet.health import Health
from framework.plugin.assignment import Assignment
from framework.plugin.dispatch import Dispatcher
from framework.plugin.run_fleet import RunFleet
from framework.plugin.spares import Reached, Spares
from framework.plugin.swap import assign

Wake = Callable[[str], None]
"""Have the controller look again, on behalf of a worker; from any thread."""


class Refit:
    """Of one run."""

    def __init__(
        self,
        assignment: Assignment,
        health: Health,
        fleet: RunFleet,
        dispatcher: Dispatcher,
        spares: Spares,
        run_folder: Path,
        wake: Wake,
    ) -> None:
        self._assignment, self._health, self._fleet = assignment, health, fleet
        self._dispatcher, self._spares = dispatcher, spares
        self._run_folder, self._wake = run_folder, wake

    def arrive(self) -> list[str]:
        """Hand over what has been reached; lines to be told."""
        return [self._arrived(reached) for reached in self._spares.come()]

    def begin(self, idle: Iterable[str]) -> None:
        """Reach for handsets for those of the idle workers that need one."""
        for worker in idle:
            if worker not in self._spares.asked and (handset := self._wanted(worker)) is not None:
                self._assignment.reserve(handset)
                self._spares.fetch(worker, handset, lambda worker=worker: self._wake(worker))  # type: ignore[misc]

    def _wanted(self, worker: str) -> Handset | None:
        """The first free handset that can run something: anything that waits, or, where the worker's own is well,
        what no worker's can."""
        if not self._assignment.free:
            return None
        held = self._assignment.held(worker)
        lost = held is None or self._health.cause(held.name) is not None
        tests = self._dispatcher.waiting if lost else self._dispatcher.stuck
        asked = self._spares.asked.values()
        tests = [test for test in tests if lost or not any(self._may_run(test, handset) for handset in asked)]
        return next((each for each in self._assignment.free if any(self._may_run(test, each) for test in tests)), None)

    def _may_run(self, test: str, handset: Handset) -> bool:
        return handset.name not in self._dispatcher.lost_on(test) and self._fleet.may_fit(test, handset)

    def _arrived(self, reached: Reached) -> str:
        self._dispatcher.look_again()
        worker, name = reached.worker, reached.handset.name
        if reached.error is not None or reached.where is None or reached.identity is None:
            error = reached.error or HandsetError(name, "it cannot be used")
            self._assignment.unavailable.append(error)
            return f"{error}: it does not stand in"
        if worker not in self._fleet.workers:
            self._assignment.free_again(reached.handset)
            return f"{name}: the worker that it was meant for is gone"
        before = self._assignment.put(worker, reached.handset, reached.identity)
        if before is not None:
            self._dispatcher.leave(before.name)
        assign(self._run_folder, worker, reached.where)
        self._dispatcher.join(reached.identity)
        return f"{name} takes the place of {before.name}" if before is not None else f"{name} is used, too"
