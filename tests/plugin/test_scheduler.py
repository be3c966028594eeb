"""xdist's protocol: what workers are sent, and when they are told to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from framework.plugin.scheduler import WAKE, FleetScheduling


@dataclass(eq=False)
class Gateway:
    id: str


@dataclass(eq=False)
class Worker:
    """An xdist worker as far as a scheduler sees it."""

    gateway: Gateway
    sent: list[int] = field(default_factory=list)
    shutting_down: bool = False

    def send_runtest_some(self, indices: list[int]) -> None:
        assert not self.shutting_down
        self.sent += indices

    def shutdown(self) -> None:
        self.shutting_down = True


@dataclass
class InOrder:
    """Any worker takes the next test."""

    waiting: list[str] = field(default_factory=list)
    running: set[str] = field(default_factory=set)
    begun: bool = False
    stopping: bool = False
    carried_on: int = 0
    taken_by: str = ""
    idle: list[str] = field(default_factory=list)
    refused: dict[str, set[str]] = field(default_factory=dict)
    """Test → workers that do not know it."""
    differing: list[tuple[str, list[str], list[str]]] = field(default_factory=list)

    def schedule(self, tests: Sequence[str]) -> None:
        self.waiting, self.begun = list(tests), True

    def take(self, worker: str) -> str | None:
        test = next((test for test in self.waiting if worker not in self.refused.get(test, ())), None)
        if test is not None:
            self.waiting.remove(test)
            self.running.add(test)
            self.taken_by = worker
        return test

    def not_collected(self, test: str) -> None:
        self.refused.setdefault(test, set()).add(self.taken_by)
        self.crashed(test, "")

    def differs(self, worker: str, missing: Sequence[str], more: Sequence[str]) -> None:
        self.differing.append((worker, list(missing), list(more)))

    def ended(self, test: str) -> None:
        self.running.remove(test)

    def crashed(self, test: str, worker: str) -> bool:
        self.running.remove(test)
        self.waiting.insert(0, test)
        return True

    def pending_again(self, test: str) -> None:
        self.crashed(test, "")

    def settle(self) -> None:
        """What both workers refuse is given up."""
        self.waiting = [test for test in self.waiting if len(self.refused.get(test, ())) < 2]

    def refit(self, idle: Sequence[str]) -> None:
        self.idle = list(idle)

    def carry_on(self) -> None:
        self.carried_on += 1

    @property
    def finished(self) -> bool:
        return self.begun and not self.waiting and not self.running


def start(tests: list[str], workers: int) -> tuple[FleetScheduling, list[Worker], InOrder]:
    crew, decisions = [Worker(Gateway(f"gw{number}")) for number in range(workers)], InOrder()
    scheduling = FleetScheduling(workers, decisions)
    for worker in crew:
        scheduling.add_node(worker)  # type: ignore[arg-type]
    for worker in crew:
        scheduling.add_node_collection(worker, tests)  # type: ignore[arg-type]
        assert scheduling.collection_is_completed
        scheduling.schedule()
    return scheduling, crew, decisions


def done(scheduling: FleetScheduling, worker: Worker, index: int) -> bool:
    """A test ends, and xdist asks whether that was all."""
    scheduling.mark_test_complete(worker, index)  # type: ignore[arg-type]
    return scheduling.tests_finished


def test_one_test_at_a_time() -> None:
    """A worker gets its next test when it has ended the last; idle ones are kept until all is done, then all end."""
    scheduling, (one, two), _ = start(["a", "b", "c"], 2)
    assert (one.sent, two.sent, scheduling.tests_finished) == ([0], [1], False)
    assert (done(scheduling, one, 0), one.sent) == (False, [0, 2])
    assert (done(scheduling, two, 1), two.sent, two.shutting_down) == (False, [1], False)
    assert (done(scheduling, one, 2), one.shutting_down, two.shutting_down) == (True, True, True)


def test_the_first_worker_need_not_wait_for_the_others() -> None:
    """It begins as soon as it has collected; xdist tells of workers and tests when all have."""
    decisions, (one, two) = InOrder(), (Worker(Gateway("gw0")), Worker(Gateway("gw1")))
    scheduling = FleetScheduling(2, decisions)
    scheduling.add_node(one)  # type: ignore[arg-type]
    scheduling.add_node_collection(one, ["a", "b"])  # type: ignore[arg-type]
    assert (scheduling.collection_is_completed, scheduling.has_pending) == (True, True)
    scheduling.schedule()
    assert one.sent == [0]
    scheduling.add_node(two)  # type: ignore[arg-type]
    scheduling.add_node_collection(two, ["a", "b"])  # type: ignore[arg-type]
    assert scheduling.has_pending is False
    scheduling.schedule()
    assert two.sent == [1]


def test_collections_may_be_ordered_differently() -> None:
    """Each worker is sent the index that the test has in its own collection."""
    decisions, (one, two) = InOrder(), (Worker(Gateway("gw0")), Worker(Gateway("gw1")))
    scheduling = FleetScheduling(2, decisions)
    for worker, tests in ((one, ["a", "b"]), (two, ["b", "a"])):
        scheduling.add_node(worker)  # type: ignore[arg-type]
        scheduling.add_node_collection(worker, tests)  # type: ignore[arg-type]
        scheduling.schedule()
    assert (one.sent, two.sent) == ([0], [0])


def test_collections_may_differ() -> None:
    """A worker is sent only what it has collected; what differs is told, once."""
    decisions, (one, two) = InOrder(), (Worker(Gateway("gw0")), Worker(Gateway("gw1")))
    scheduling = FleetScheduling(2, decisions)
    for worker, tests in ((one, ["a", "b", "c"]), (two, ["z", "c"])):
        scheduling.add_node(worker)  # type: ignore[arg-type]
        scheduling.add_node_collection(worker, tests)  # type: ignore[arg-type]
        scheduling.schedule()
    assert (one.sent, two.sent, decisions.waiting) == ([0], [1], ["b"])
    assert decisions.differing == [("gw1", ["a", "b"], ["z"])]
    assert (done(scheduling, two, 1), decisions.idle, one.sent) == (False, ["gw1"], [0])
    assert (done(scheduling, one, 0), one.sent) == (False, [0, 1])
    assert done(scheduling, one, 1)


def test_what_no_worker_knows_does_not_hold_up_the_run() -> None:
    """Found out when nothing runs any more, it is settled at once: no event would follow."""
    scheduling, (one, two), decisions = start(["a"], 2)
    decisions.waiting += ["nobody's"]
    assert (done(scheduling, one, 0), one.shutting_down, two.shutting_down) == (True, True, True)


def test_a_successor_goes_on() -> None:
    """What a dead worker ran is told as the cause of the crash; the worker that replaces it does not begin anew."""
    scheduling, (worker,), decisions = start(["a", "b"], 1)
    assert scheduling.remove_node(worker) == "a"  # type: ignore[arg-type]
    assert scheduling.collection_is_completed
    successor = Worker(Gateway("gw1"))
    scheduling.add_node(successor)  # type: ignore[arg-type]
    scheduling.add_node_collection(successor, ["a", "b"])  # type: ignore[arg-type]
    scheduling.schedule()
    assert (successor.sent, decisions.waiting) == ([0], ["b"])


def test_a_successor_that_is_not_needed_ends_at_once() -> None:
    """A worker that dies while it ends is replaced by xdist all the same."""
    scheduling, (worker,), _ = start(["a"], 1)
    assert done(scheduling, worker, 0)
    scheduling.remove_node(worker)  # type: ignore[arg-type]
    successor = Worker(Gateway("gw1"))
    scheduling.add_node(successor)  # type: ignore[arg-type]
    assert successor.shutting_down


def test_xdist_may_end_workers_only_when_the_run_is_stopped() -> None:
    """It would when the last allowed restart is used up, although other workers can go on; after -x no test begins."""
    scheduling, (one, two), decisions = start(["a", "b", "c"], 2)
    assert scheduling.nodes == []
    decisions.stopping = True
    assert scheduling.nodes == [one, two]
    scheduling.mark_test_complete(one, 0)  # type: ignore[arg-type]
    assert (scheduling.tests_finished, one.sent, decisions.waiting) == (False, [0], ["c"])


def test_idle_workers_can_be_given_other_handsets() -> None:
    """They are told of after every event, and of one that we send ourselves, which ends no test."""
    scheduling, (one, two, three), decisions = start(["a", "b"], 3)
    assert (scheduling.tests_finished, decisions.idle) == (False, ["gw2"])
    assert (done(scheduling, two, 1), decisions.idle) == (False, ["gw1", "gw2"])
    assert (done(scheduling, one, WAKE), decisions.running, three.sent) == (False, {"a"}, [])


def test_no_tests_are_finished_at_once() -> None:
    """Nothing collected: the workers are told to end."""
    scheduling, (worker,), _ = start([], 1)
    assert (scheduling.tests_finished, worker.shutting_down) == (True, True)


def test_an_unknown_worker_was_not_ours() -> None:
    """xdist expects KeyError for a worker that died before it was ready."""
    scheduling, _, _ = start([], 1)
    with pytest.raises(KeyError):
        scheduling.remove_node(Worker(Gateway("gw9")))  # type: ignore[arg-type]
