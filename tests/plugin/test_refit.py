"""Workers are given other handsets while the run goes on; the model has no processes, only the threads that reach."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.handsets import Handset, TcpHandset
from framework.contract.needs import Needs
from framework.contract.run import HandsetIdentity
from framework.contract.verdict import Verdict
from framework.fleet.health import Health
from framework.fleet.planning.queue import Job
from framework.plugin.assignment import Assignment
from framework.plugin.attempts import Phase
from framework.plugin.collected import Test
from framework.plugin.dispatch import Dispatcher
from framework.plugin.refit import Refit
from framework.plugin.run_fleet import RunFleet
from framework.plugin.spares import Spares
from framework.plugin.swap import Swapping, assign


def identity(name: str) -> HandsetIdentity:
    """Foldable where its name says so."""
    return HandsetIdentity(name, name, "Maker", "model", "soc", "14", 34, 12.0, name.startswith("fold"), True, "print")


class Known(Assignment):
    """Handsets that tell who they are at once, but for those that are dead."""

    def __init__(self, names: list[str], dead: tuple[str, ...], health: Health) -> None:
        handsets = [TcpHandset(name=name, kind="tcp", address="127.0.0.1:1") for name in names]
        super().__init__(handsets, self._where, lambda name: health.cause(name) is None)
        self.dead = dead

    def _asked(self, handset: Handset) -> tuple[Target, HandsetIdentity, bool]:
        return self._where(handset), identity(handset.name), True

    def _where(self, handset: Handset) -> Target:
        if handset.name in self.dead:
            raise HandsetError(handset.name, "it is dead")
        return Target(handset.name, adbd="127.0.0.1:1")


class AtOnce(Spares):
    """Handsets are reached before `fetch` returns."""

    def fetch(self, worker: str, handset: Handset, wake: Callable[[], None]) -> None:
        self._asked[worker] = handset
        self._reach(worker, handset, wake)


class Run:
    """One or more workers on the first handsets; `tests`: id → whether it needs a foldable handset."""

    def __init__(
        self,
        folder: Path,
        names: list[str],
        tests: dict[str, bool],
        dead: tuple[str, ...] = (),
        *,
        at_once: bool = False,
    ) -> None:
        self.folder, self.health, self.woken = folder, Health(), threading.Semaphore(0)
        self.assignment = Known(names, dead, self.health)
        self.spares = (AtOnce if at_once else Spares)(self.assignment.ask)
        self.fleet = RunFleet(self.assignment, self.health, self.spares, lambda handset: identity(handset.name))
        self.dispatcher = Dispatcher(self.fleet, self.health)
        self.refit = Refit(
            self.assignment,
            self.health,
            self.fleet,
            self.dispatcher,
            self.spares,
            folder,
            lambda _: self.woken.release(),
        )
        self.fleet.tests = {
            test: Test(test, "file", Needs.model_validate({"foldable": "true"} if folds else {}))
            for test, folds in tests.items()
        }

    def worker(self, name: str) -> None:
        self.assignment.give(name)
        self.fleet.workers.add(name)

    def schedule(self) -> None:
        self.dispatcher.schedule([Job(test, 1.0) for test in self.fleet.tests])

    def arrive(self) -> list[str]:
        assert self.woken.acquire(timeout=30)
        return self.refit.arrive()


def test_a_quarantined_handset_is_replaced(tmp_path: Path) -> None:
    """By the first free one that answers; its worker finds the new one where it looks before each test, once."""
    run = Run(tmp_path, ["plain1", "plain2", "plain3"], {"a": False}, dead=("plain2",))
    run.worker("gw0")
    run.schedule()
    found: list[Target] = []
    swapping = Swapping(tmp_path, "gw0", found.append)
    run.health.quarantine("plain1", "black")
    run.dispatcher.leave("plain1")
    assert (run.dispatcher.take("gw0"), run.dispatcher.settle()) == (None, [])
    run.refit.begin(["gw0"])
    assert run.arrive() == ["plain2: it is dead: it does not stand in"]
    assert run.dispatcher.settle() == []
    run.refit.begin(["gw0"])
    assert run.arrive() == ["plain3 takes the place of plain1"]
    assert run.dispatcher.take("gw0") == "a"
    for _ in range(2):
        swapping.look()
    assert found == [Target("plain3", adbd="127.0.0.1:1")]


def test_what_no_workers_handset_can_run_is_run_on_a_free_one(tmp_path: Path) -> None:
    """A worker with nothing else to do takes it, and lays its own handset back; it is not awaited for ever."""
    run = Run(tmp_path, ["plain", "fold"], {"a": False, "b": True})
    run.worker("gw0")
    run.schedule()
    assert (run.dispatcher.take("gw0"), run.dispatcher.settle()) == ("a", [])
    run.dispatcher.pending_again("a")
    run.refit.begin(["gw0"])
    assert run.arrive() == ["fold takes the place of plain"]
    assert {run.dispatcher.take("gw0"), run.dispatcher.take("gw0")} == {"a", "b"}
    assert [handset.name for handset in run.assignment.free] == ["plain"]


def test_nothing_stands_in_for_what_nobody_needs(tmp_path: Path) -> None:
    """No handset is started where no test waits that it could run."""
    run = Run(tmp_path, ["fold", "plain"], {"a": True})
    run.worker("gw0")
    run.schedule()
    run.health.quarantine("fold", "black")
    run.dispatcher.leave("fold")
    run.refit.begin(["gw0"])
    assert run.refit.arrive() == []
    assert [each.test for each in run.dispatcher.settle()] == ["a"]


def test_the_last_handset_gone(tmp_path: Path) -> None:
    """Every test that waits is given up, with what became of each handset."""
    run = Run(tmp_path, ["plain1", "plain2"], {"a": False}, dead=("plain2",))
    run.worker("gw0")
    run.schedule()
    run.health.quarantine("plain1", "black")
    run.dispatcher.leave("plain1")
    run.refit.begin(["gw0"])
    run.arrive()
    (given_up,) = run.dispatcher.settle()
    reason = "no handset is left that could run it: plain1 is quarantined, for black; plain2: it is dead"
    assert given_up.reasons == (reason,)


def test_a_worker_that_is_gone_gets_nothing(tmp_path: Path) -> None:
    """The handset that was reached for it is free for another one."""
    run = Run(tmp_path, ["plain1", "plain2"], {"a": False})
    run.worker("gw0")
    run.schedule()
    run.health.quarantine("plain1", "black")
    run.dispatcher.leave("plain1")
    run.refit.begin(["gw0"])
    run.assignment.take_back("gw0")
    run.fleet.workers.clear()
    assert run.arrive() == ["plain2: the worker that it was meant for is gone"]
    assert [handset.name for handset in run.assignment.free] == ["plain2"]
    assert [each.test for each in run.dispatcher.settle()] == ["a"]


def test_what_was_assigned_before_the_worker_began_is_not_taken_twice(tmp_path: Path) -> None:
    """A run that is continued has the same folder."""
    assign(tmp_path, "gw0", Target("old"))
    swapping = Swapping(tmp_path, "gw0", lambda target: pytest.fail(target.name))
    swapping.look()


def test_a_lost_test_goes_to_a_handset_that_stands_in(tmp_path: Path) -> None:
    """The first handset lost it once and is still well; nothing else is left to run. It does not come back to it."""
    run = Run(tmp_path, ["plain1", "plain2"], {"a": False})
    run.worker("gw0")
    run.schedule()
    for _ in range(2):
        assert run.dispatcher.take("gw0") == "a"
        lost = run.dispatcher.reported("a", Phase("call", Verdict.LAB, ("black",)))
        run.dispatcher.ended("a")
        assert (run.dispatcher.settle(), run.dispatcher.take("gw0")) == ([], None)
        if lost:
            run.refit.begin(["gw0"])
            assert run.arrive() == ["plain2 takes the place of plain1"]
    assert (lost, run.dispatcher.finished) == (False, True)


ENDINGS = st.sampled_from(["PASS", "PASS", "FAIL", "LAB", "decline", "crash", "crash for good"])


@given(
    workers=st.integers(1, 3),
    names=st.permutations(["plain1", "plain2", "fold1", "fold2"]),
    dead=st.sets(st.sampled_from(["plain1", "plain2", "fold1", "fold2"])),
    folds=st.lists(st.booleans(), max_size=8),
    data=st.data(),
)
def test_however_handsets_and_workers_fail_every_test_ends(
    workers: int, names: list[str], dead: set[str], folds: list[bool], data: st.DataObject
) -> None:
    """With fewer workers than handsets, some of them dead: the run ends, and each test has ended once."""
    with TemporaryDirectory() as folder:
        run = Run(
            Path(folder), names, {f"t{number}": fold for number, fold in enumerate(folds)}, tuple(dead), at_once=True
        )
        alive = [f"gw{number}" for number in range(workers)]
        for worker in alive:
            run.fleet.workers.add(worker)
            with suppress(HandsetError):
                run.assignment.give(worker)
        run.schedule()
        running: dict[str, str] = {}
        ended: list[str] = []
        begun = 0
        while True:
            ended += feed(run, alive, running)
            if not running:
                break
            begun += 1
            assert begun < 200, "it goes on for ever"
            worker = data.draw(st.sampled_from(sorted(running)))
            ended += end(run, worker, running.pop(worker), data.draw(ENDINGS), alive)
        assert run.dispatcher.finished
        assert sorted(ended) == sorted(run.fleet.tests)


def feed(run: Run, alive: list[str], running: dict[str, str]) -> list[str]:
    """What the controller does after every event, and after those that this causes; the tests that are given up."""
    given_up = []
    while True:
        arrived = run.refit.arrive()
        given_up += [each.test for each in run.dispatcher.settle()]
        for worker in alive:
            if worker not in running and (test := run.dispatcher.take(worker)) is not None:
                running[worker] = test
        run.refit.begin([worker for worker in alive if worker not in running])
        if not arrived and not run.spares.asked:
            return given_up


def end(run: Run, worker: str, test: str, ending: str, alive: list[str]) -> list[str]:
    """The test, where it has ended for good."""
    if ending.startswith("crash"):
        handset = run.assignment.take_back(worker)
        assert handset is not None
        alive.remove(worker)
        run.fleet.workers.discard(worker)
        run.dispatcher.leave(handset.name)
        again = run.dispatcher.crashed(test, worker, began=True)
        if ending == "crash":
            alive.append(worker + "'")
            run.fleet.workers.add(worker + "'")
            with suppress(HandsetError):
                run.assignment.give_again(worker + "'")
                held = run.assignment.held(worker + "'")
                assert held is not None
                run.dispatcher.join(held)
        return [] if again else [test]
    again = ending != "decline" and run.dispatcher.reported(test, Phase("call", Verdict(ending)))
    run.dispatcher.ended(test)
    return [] if again or ending == "decline" else [test]
