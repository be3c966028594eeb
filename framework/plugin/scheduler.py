"""Behind xdist's public hook: which worker runs which test, one at a time, as the dispatcher decides.

A worker that has nothing to do waits until the last test has its conclusion: a test that some handset loses can be run
by it at once. So xdist may tell workers to end only when the run is stopped; otherwise this scheduler does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController


WAKE = -1
"""Index of no test: sent by ourselves, in a worker's name, so that xdist asks whether there is something to do."""


class Decisions(Protocol):
    """What the scheduler asks and tells, by worker and test id."""

    def schedule(self, tests: Sequence[str]) -> None: ...

    def take(self, worker: str) -> str | None: ...

    def not_collected(self, test: str) -> None:
        """The worker that has just taken it does not know it."""
        ...

    def differs(self, worker: str, missing: Sequence[str], more: Sequence[str]) -> None:
        """A worker has not collected some tests of the run, or some that the run has begun without."""
        ...

    def ended(self, test: str) -> None: ...

    def crashed(self, test: str, worker: str) -> bool: ...

    def pending_again(self, test: str) -> None: ...

    def settle(self) -> None: ...

    def refit(self, idle: Sequence[str]) -> None:
        """Workers for which there is nothing to do with the handsets that they have."""
        ...

    def carry_on(self) -> None:
        """The run is not over, although xdist may think so."""
        ...

    @property
    def finished(self) -> bool: ...

    @property
    def stopping(self) -> bool:
        """Whether the run ends now, whatever is left: after `-x`, for example."""
        ...


class FleetScheduling:
    """xdist's `Scheduling` protocol (xdist/scheduler/protocol.py)."""

    def __init__(self, workers: int, decisions: Decisions) -> None:
        self._expected, self._decisions = workers, decisions
        self._running: dict[WorkerController, str | None] = {}
        """Each worker that is up → the test that it was sent, or that has nothing to do."""
        self._indices: dict[WorkerController, dict[str, int]] = {}
        """Each worker's own collection; they may differ."""
        self._collected = 0
        self._scheduled = False
        self._refused = False
        """Whether a worker has just been given a test that it does not know."""
        self._tests: dict[str, None] = {}
        """Those of the run: what the first worker has collected."""

    # -- what xdist asks -------------------------------------------------------------------------------------------

    @property
    def nodes(self) -> list[WorkerController]:
        """Those that xdist may tell to end."""
        return list(self._running) if self._decisions.stopping else []

    @property
    def collection_is_completed(self) -> bool:
        """As soon as one worker has collected: it need not wait for the others. Latches."""
        return self._scheduled or self._collected > 0

    @property
    def tests_finished(self) -> bool:
        """Asked after every event, when it is known which workers are replaced: what is left can be settled."""
        if self._decisions.stopping:
            return False
        if self._scheduled:
            self._decisions.settle()
            idle = self._feed()
            while self._refused:  # it may be that nobody can run them now, and no other event follows
                self._decisions.settle()
                idle = self._feed()
            self._decisions.refit(idle)
        if not self._decisions.finished:
            self._decisions.carry_on()
            return False
        for node in self._running:
            if not node.shutting_down:
                node.shutdown()
        return True

    @property
    def has_pending(self) -> bool:
        """Where not, xdist says how many workers and tests there are: once, when all have collected."""
        return self._collected != self._expected

    # -- what xdist tells ------------------------------------------------------------------------------------------

    def add_node(self, node: WorkerController) -> None:
        self._running[node] = None
        if self._scheduled and self._decisions.finished:
            node.shutdown()

    def add_node_collection(self, node: WorkerController, collection: Sequence[str]) -> None:
        self._indices[node] = {test: index for index, test in reversed(list(enumerate(collection)))}
        self._collected += 1
        if not self._scheduled:
            self._tests = dict.fromkeys(collection)
        elif self._tests.keys() != self._indices[node].keys():
            missing = [test for test in self._tests if test not in self._indices[node]]
            more = [test for test in dict.fromkeys(collection) if test not in self._tests]
            self._decisions.differs(node.gateway.id, missing, more)

    def schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._decisions.schedule(list(self._tests))
        self._feed()

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        if item_index == WAKE:
            return
        test, self._running[node] = self._running[node], None
        if test is not None:
            self._decisions.ended(test)

    def mark_test_pending(self, item: str) -> None:
        self._decisions.pending_again(item)

    def remove_pending_tests_from_node(self, node: WorkerController, indices: Sequence[int]) -> None:
        """No worker has any but the one that it runs."""

    def remove_node(self, node: WorkerController) -> str | None:
        """A worker is gone; the test that it was running, if it was."""
        test = self._running.pop(node)
        self._indices.pop(node, None)
        if test is None:
            return None
        return test if self._decisions.crashed(test, node.gateway.id) else None

    # --------------------------------------------------------------------------------------------------------------

    def _feed(self) -> list[str]:
        """The ids of the workers that have nothing to do all the same."""
        idle, self._refused = [], False
        for node, running in self._running.items():
            if running is not None or node.shutting_down or node not in self._indices or self._decisions.stopping:
                continue
            known = self._indices[node]
            while (test := self._decisions.take(node.gateway.id)) is not None and test not in known:
                self._decisions.not_collected(test)
                self._refused = True
            if test is None:
                idle.append(node.gateway.id)
                continue
            self._running[node] = test
            node.send_runtest_some([known[test]])
        return idle
