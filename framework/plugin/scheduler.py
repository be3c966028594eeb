"""Which worker runs which test: behind xdist's public hook, a scheduler that knows what a handset can do.

A worker takes its next test before it runs the current one, so each is kept two tests ahead until nothing that it
can run is left; then it is told to end. Tests that few workers can run go first to those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

Fits = Callable[[str, str], bool]
"""(worker id, test id) → whether the worker's handset can run the test."""

AHEAD = 2


class FleetScheduling:
    """xdist's `Scheduling` protocol (xdist/scheduler/protocol.py)."""

    def __init__(self, workers: int, fits: Fits) -> None:
        self._expected, self._fits = workers, fits
        self._collections: dict[WorkerController, list[str]] = {}
        self._queues: dict[WorkerController, list[int]] = {}
        self._tests: list[str] = []
        self._pending: list[int] = []
        self._scheduled = False

    # -- what xdist asks -------------------------------------------------------------------------------------------

    @property
    def nodes(self) -> list[WorkerController]:
        return list(self._queues)

    @property
    def collection_is_completed(self) -> bool:
        """Latches: a worker that replaces a dead one does not make the run begin anew."""
        return self._scheduled or len(self._collections) >= self._expected

    @property
    def tests_finished(self) -> bool:
        return self.collection_is_completed and not self._pending and all(len(q) < AHEAD for q in self._queues.values())

    @property
    def has_pending(self) -> bool:
        return bool(self._pending) or any(self._queues.values())

    # -- what xdist tells ------------------------------------------------------------------------------------------

    def add_node(self, node: WorkerController) -> None:
        self._queues[node] = []

    def add_node_collection(self, node: WorkerController, collection: Sequence[str]) -> None:
        self._collections[node] = list(collection)

    def schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._tests = next(iter(self._collections.values()), [])
            self._pending = sorted(range(len(self._tests)), key=self._workers_that_can)
        self._feed_all()

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        self._queues[node].remove(item_index)
        self._feed(node)

    def mark_test_pending(self, item: str) -> None:
        self._pending.insert(0, self._tests.index(item))
        self._feed_all()

    def remove_pending_tests_from_node(self, node: WorkerController, indices: Sequence[int]) -> None:
        self._queues[node] = [index for index in self._queues[node] if index not in indices]

    def remove_node(self, node: WorkerController) -> str | None:
        """A worker is gone: the test it ran crashed it, the others go back."""
        queue = self._queues.pop(node)
        self._collections.pop(node, None)
        if not queue:
            return None
        self._pending = queue[1:] + self._pending
        self._feed_all()
        return self._tests[queue[0]]

    # -- who gets what ---------------------------------------------------------------------------------------------

    def _workers_that_can(self, index: int) -> int:
        return sum(self._fits(node.gateway.id, self._tests[index]) for node in self._queues)

    def _feed_all(self) -> None:
        """One test each, then a second: few tests still keep all workers busy."""
        for ahead in range(1, AHEAD + 1):
            for node in self.nodes:
                self._feed(node, ahead)

    def _feed(self, node: WorkerController, ahead: int = AHEAD) -> None:
        if node.shutting_down:
            return
        queue = self._queues[node]
        while len(queue) < ahead and (index := self._next_for(node)) is not None:
            self._pending.remove(index)
            queue.append(index)
            node.send_runtest_some([index])
        if len(queue) < ahead:
            node.shutdown()

    def _next_for(self, node: WorkerController) -> int | None:
        """The first pending test that the worker's handset can run, or that none of the workers can.

        The latter ends as NOT_RUN, with the reason, instead of vanishing.
        """
        for index in self._pending:
            if self._fits(node.gateway.id, self._tests[index]) or not self._workers_that_can(index):
                return index
        return None
