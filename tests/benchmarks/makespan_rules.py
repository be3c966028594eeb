"""Other schedulers on simulated handsets: xdist's own `load` and `worksteal`, and longest-first.

xdist's are the real ones, given workers that do as those of xdist/remote.py: one begins a test only when it knows the
next one, or that there is none. Messages take no time.

They do not know what a handset is. A test that reaches one that cannot run it takes no time there and is skipped, as
it is when workers look for themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from types import SimpleNamespace
from typing import Any

from makespan_fleets import Instance
from xdist.scheduler import LoadScheduling, WorkStealingScheduling

TOLD = 2
"""Tests that a worker must know of to begin one: that one and the next."""


@dataclass
class Done:
    """When a run ended, and what was skipped in it."""

    end_s: float = 0.0
    skipped: list[int] = field(default_factory=list)


Rule = Callable[[Instance], Done]


class Worker:
    """What xdist's schedulers ask of a `WorkerController`, and the loop of the worker behind it."""

    def __init__(self, number: int) -> None:
        self.gateway = SimpleNamespace(id=f"gw{number}")
        self.shutting_down = False
        self.running = False
        self.sent: list[int] = []
        """The first is running, or begins as soon as it may."""
        self.steal: list[int] = []

    def send_runtest_some(self, indices: Sequence[int]) -> None:
        self.sent += indices

    def send_steal(self, indices: Sequence[int]) -> None:
        self.steal = list(indices)

    def shutdown(self) -> None:
        self.shutting_down = True

    @property
    def may_begin(self) -> bool:
        return not self.running and bool(self.sent) and (self.shutting_down or len(self.sent) >= TOLD)


def load(instance: Instance) -> Done:
    return _run(LoadScheduling, instance)


def worksteal(instance: Instance) -> Done:
    return _run(WorkStealingScheduling, instance)


def _run(scheduling: Callable[[Any], Any], instance: Instance) -> Done:
    workers = [Worker(number) for number in range(len(instance.handsets))]
    scheduler = _scheduled(scheduling, workers, len(instance.tests))
    done = Done()
    ends: list[tuple[float, int]] = []
    while True:
        _answer_steals(scheduler, workers)
        for number, worker in enumerate(workers):
            if worker.may_begin:
                worker.running = True
                if not instance.fits(worker.sent[0], number):
                    done.skipped.append(worker.sent[0])
                heappush(ends, (done.end_s + _seconds(instance, worker.sent[0], number), number))
        if not ends:
            assert not any(worker.sent for worker in workers), "xdist has left tests behind"
            return done
        done.end_s, number = heappop(ends)
        workers[number].running = False
        test = workers[number].sent.pop(0)
        scheduler.mark_test_complete(workers[number], test, _seconds(instance, test, number))


def _scheduled(scheduling: Callable[[Any], Any], workers: Sequence[Worker], tests: int) -> Any:
    options = {"tx": ["popen"] * len(workers)}
    scheduler = scheduling(SimpleNamespace(getvalue=options.get, getoption=options.get))
    collection = [str(test) for test in range(tests)]
    for worker in workers:
        scheduler.add_node(worker)
        scheduler.add_node_collection(worker, collection)
    scheduler.schedule()
    return scheduler


def _answer_steals(scheduler: Any, workers: Sequence[Worker]) -> None:
    """As `WorkerInteractor.steal`: all of them, as none of them is running or next."""
    while asked := next((worker for worker in workers if worker.steal), None):
        stolen, asked.steal = asked.steal, []
        asked.sent = [test for test in asked.sent if test not in set(stolen)]
        scheduler.remove_pending_tests_from_node(asked, stolen)


def _seconds(instance: Instance, test: int, handset: int) -> float:
    return instance.tests[test].true_s if instance.fits(test, handset) else 0.0


def longest_first(instance: Instance) -> Done:
    """One queue, by expected duration; whoever is free takes the first, whatever it is."""
    done = Done()
    free = [(0.0, number) for number in range(len(instance.handsets))]
    for test in sorted(range(len(instance.tests)), key=lambda test: -instance.tests[test].expected_s):
        now, number = heappop(free)
        if not instance.fits(test, number):
            done.skipped.append(test)
        end = now + _seconds(instance, test, number)
        done.end_s = max(done.end_s, end)
        heappush(free, (end, number))
    return done


def longest_that_fits(instance: Instance) -> Done:
    """Whoever is free takes the longest that it can run itself: knows what it can do, and not what only it can do."""
    queues: dict[frozenset[int], list[tuple[float, int]]] = {}
    for index, test in enumerate(instance.tests):
        queues.setdefault(test.kinds, []).append((test.expected_s, index))
    for queue in queues.values():
        queue.sort()
    free, done = [(0.0, number) for number in range(len(instance.handsets))], Done()
    while free:
        now, number = heappop(free)
        able = [queue for kinds, queue in queues.items() if queue and instance.handsets[number] in kinds]
        if able:
            _, index = max(able, key=lambda queue: queue[-1]).pop()
            end = now + instance.tests[index].true_s
            done.end_s = max(done.end_s, end)
            heappush(free, (end, number))
    return done
