from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from framework.plugin.scheduler import AHEAD, FleetScheduling


@dataclass(eq=False)
class Gateway:
    id: str


@dataclass(eq=False)
class Worker:
    """An xdist worker as far as a scheduler sees it: runs what it is sent, in order, until told to end."""

    gateway: Gateway
    sent: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    shutting_down: bool = False

    def send_runtest_some(self, indices: list[int]) -> None:
        assert not self.shutting_down
        self.sent += indices

    def shutdown(self) -> None:
        self.shutting_down = True

    def can_run(self) -> bool:
        """A worker pops the next test before it runs the current one, so it needs two, or to be told to end."""
        waiting = len(self.sent) - len(self.done)
        return waiting >= AHEAD or (waiting > 0 and self.shutting_down)


def start(tests: list[str], able: dict[str, set[str]]) -> tuple[FleetScheduling, list[Worker]]:
    workers = [Worker(Gateway(name)) for name in able]
    scheduling = FleetScheduling(len(workers), lambda worker, test: test in able.get(worker, set(tests)))
    for worker in workers:
        scheduling.add_node(worker)  # type: ignore[arg-type]
    for worker in workers:
        scheduling.add_node_collection(worker, tests)  # type: ignore[arg-type]
    assert scheduling.collection_is_completed
    scheduling.schedule()
    return scheduling, workers


def drain(scheduling: FleetScheduling, workers: list[Worker]) -> None:
    while any(worker.can_run() for worker in workers):
        for worker in workers:
            if worker.can_run():
                index = worker.sent[len(worker.done)]
                worker.done.append(index)
                scheduling.mark_test_complete(worker, index)  # type: ignore[arg-type]


@given(data=st.data(), count=st.integers(0, 30), workers=st.integers(1, 5))
def test_every_test_runs_once_on_a_worker_that_can(data: st.DataObject, count: int, workers: int) -> None:
    """Whatever the handsets can do, each test is run exactly once, by one that can if there is one, and all end."""
    tests = [f"t{number}" for number in range(count)]
    names = [f"gw{number}" for number in range(workers)]
    able = {name: set(data.draw(st.lists(st.sampled_from(tests)))) if tests else set() for name in names}
    scheduling, crew = start(tests, able)
    drain(scheduling, crew)
    assert sorted(index for worker in crew for index in worker.done) == list(range(count))
    for worker in crew:
        fits = [tests[index] in able[worker.gateway.id] for index in worker.done]
        nobody = [not any(tests[index] in own for own in able.values()) for index in worker.done]
        assert all(one or other for one, other in zip(fits, nobody, strict=True))
    assert [worker.shutting_down for worker in crew] == [True] * workers
    assert scheduling.tests_finished


def test_a_crashed_worker_gives_its_other_tests_back() -> None:
    """The test that was running is named as the one that crashed; the prefetched one is run by another worker."""
    scheduling, (first, second) = start(
        ["a", "b", "c", "d"], {"gw0": {"a", "b", "c", "d"}, "gw1": {"a", "b", "c", "d"}}
    )
    assert scheduling.remove_node(first) == "a"  # type: ignore[arg-type]
    replacement = Worker(Gateway("gw2"))
    scheduling.add_node(replacement)  # type: ignore[arg-type]
    scheduling.add_node_collection(replacement, ["a", "b", "c", "d"])  # type: ignore[arg-type]
    scheduling.schedule()
    drain(scheduling, [second, replacement])
    assert sorted(second.done + replacement.done) == [1, 2, 3]


def test_few_tests_are_spread() -> None:
    """Two tests on two workers run beside each other, not behind each other."""
    everything = {"a", "b"}
    _, crew = start(["a", "b"], {"gw0": everything, "gw1": everything})
    assert [worker.sent for worker in crew] == [[0], [1]]
