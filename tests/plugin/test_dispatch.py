"""Every test ends once, whatever the handsets and their workers do: a model of a run, without clock and processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from framework.contract.run import HandsetIdentity
from framework.contract.verdict import Verdict
from framework.fleet.health import Health
from framework.fleet.planning.queue import Brought, Job
from framework.fleet.requeue import Present
from framework.plugin.attempts import Phase
from framework.plugin.dispatch import UNKNOWN, Dispatcher, GivenUp

ENDINGS = ("PASS", "FAIL", "LAB", "LAB in setup", "LAB in teardown", "decline", "crash", "crash before", "crash after")


def handset(name: str, model: str = "m") -> HandsetIdentity:
    return HandsetIdentity(name, name, "Maker", model, "soc", "14", 34, 12.0, False, True, "print")


@dataclass
class Farm:
    """Workers w0, w1, … each with the handset h0, h1, …; `able`: test → the handsets that can run it."""

    able: dict[str, set[str]]
    models: dict[str, str]
    unknown: dict[str, set[str]] = field(default_factory=dict)
    """Test → the handsets whose workers have not collected it."""
    health: Health = field(default_factory=Health)
    workers: dict[str, str] = field(default_factory=dict)

    def at(self, worker: str) -> HandsetIdentity | None:
        return self._identity(self.workers[worker])

    def present(self) -> Iterator[HandsetIdentity]:
        return (self._identity(name) for name in self.workers.values() if self.health.cause(name) is None)

    def fits(self, test: str, handset: str) -> bool:
        return handset in self.able[test]

    def stand_ins(self, test: str) -> Iterator[Present]:
        return iter(())

    def might(self, test: str) -> bool:
        return bool(self.able[test])

    def why_not(self, test: str) -> str:
        return "none is left"

    def _identity(self, name: str) -> HandsetIdentity:
        return handset(name, self.models[name])


class Run:
    """A dispatcher with its workers; `ended` are the tests that workers or the dispatcher have ended for good."""

    def __init__(self, farm: Farm) -> None:
        self.farm = farm
        self.dispatcher = Dispatcher(farm, farm.health)
        self.running: dict[str, str] = {}
        self.ended: list[str] = []
        self.given_up: list[GivenUp] = []
        self.begun: Counter[str] = Counter()
        self.lost_by_crash: Counter[str] = Counter()
        for name in farm.models:
            farm.workers["w" + name] = name
        self.dispatcher.schedule([Job(test, 1.0) for test in farm.able])
        self.feed()

    def feed(self) -> None:
        refused = False
        given_up = self.dispatcher.settle()
        self.given_up += given_up
        self.ended += [each.test for each in given_up]
        for worker, name in self.farm.workers.items():
            while worker not in self.running and (test := self.dispatcher.take(worker)) is not None:
                if name in self.farm.unknown.get(test, ()):
                    self.dispatcher.not_collected(test)
                    refused = True
                else:
                    self.running[worker] = test
        if refused:
            self.feed()

    def end(self, worker: str, ending: str, *, replaced: bool = True) -> None:
        """What runs on a worker ends so; a worker that crashed is replaced by another with the same handset, or not."""
        test = self.running.pop(worker)
        if ending != "decline" and ending != "crash before":
            self.begun[test] += 1
        again = self._report(test, ending)
        if ending.startswith("crash"):
            again = self._crash(worker, test, ending, replaced)
        else:
            self.dispatcher.ended(test)
            again = again or ending == "decline"
        if not again:
            self.ended.append(test)
        self.feed()

    def _report(self, test: str, ending: str) -> bool:
        phases = {
            "PASS": [("setup", "PASS"), ("call", "PASS"), ("teardown", "PASS")],
            "FAIL": [("setup", "PASS"), ("call", "FAIL"), ("teardown", "PASS")],
            "LAB": [("setup", "PASS"), ("call", "LAB"), ("teardown", "FAIL")],
            "LAB in setup": [("setup", "LAB"), ("teardown", "PASS")],
            "LAB in teardown": [("setup", "PASS"), ("call", "PASS"), ("teardown", "LAB")],
            "crash": [("setup", "PASS")],
            "crash after": [("setup", "PASS"), ("call", "PASS"), ("teardown", "PASS")],
        }.get(ending, [])
        again = False
        for when, verdict in phases:
            again |= self.dispatcher.reported(test, Phase(when, Verdict(verdict)))
        return again

    def _crash(self, worker: str, test: str, ending: str, replaced: bool) -> bool:
        name = self.farm.workers.pop(worker)
        self.dispatcher.leave(name)
        again = self.dispatcher.crashed(test, worker, began=ending != "crash before")
        if again:
            self.lost_by_crash[test] += 1
        if replaced and self.farm.health.cause(name) is None:
            self.farm.workers[worker + "'"] = name
            self.dispatcher.join(handset(name, self.farm.models[name]))
        return bool(again) or ending == "crash before"


@st.composite
def farms(draw: st.DrawFn) -> Farm:
    names = [f"h{number}" for number in range(draw(st.integers(1, 5)))]
    models = {name: draw(st.sampled_from("ab")) for name in names}
    tests = [f"t{number}" for number in range(draw(st.integers(0, 12)))]
    able, unknown = ({test: draw(st.sets(st.sampled_from(names))) for test in tests} for _ in range(2))
    return Farm(able, models, unknown if draw(st.booleans()) else {})


@given(farm=farms(), data=st.data())
def test_every_test_ends_once(farm: Farm, data: st.DataObject) -> None:
    """Whatever ends how, in whichever order: the run ends, with each test in it once, after three attempts at most."""
    run = Run(farm)
    steps = 0
    while run.running:
        worker = data.draw(st.sampled_from(sorted(run.running)))
        run.end(worker, data.draw(st.sampled_from(ENDINGS)), replaced=data.draw(st.booleans()))
        steps += 1
        assert steps < 2000, "it goes on for ever"
    assert run.dispatcher.finished
    assert Counter(run.ended) == Counter(list(farm.able))
    assert max(run.begun.values(), default=0) <= 3
    assert max(run.lost_by_crash.values(), default=0) <= 1


@given(farm=farms())
def test_a_test_runs_where_it_can(farm: Farm) -> None:
    """On a handset that has what it needs; where there is none, on any, which says what lacks."""
    farm.unknown.clear()
    run = Run(farm)
    while run.running:
        worker, test = next(iter(run.running.items()))
        assert farm.workers[worker] in farm.able[test] or not farm.able[test]
        run.end(worker, "PASS")
    assert run.given_up == []


@given(farm=farms())
def test_a_test_runs_where_it_is_known(farm: Farm) -> None:
    """Only workers run it that have collected it; where none of them can, it is NOT_RUN with that reason."""
    run = Run(farm)
    while run.running:
        worker, test = next(iter(run.running.items()))
        assert farm.workers[worker] not in farm.unknown.get(test, ())
        run.end(worker, "PASS")
    every = set(farm.models)
    able = {test: (names or every) - farm.unknown.get(test, set()) for test, names in farm.able.items()}
    assert {each.test for each in run.given_up} == {test for test, names in able.items() if not names}
    assert {(each.verdict, each.reasons) for each in run.given_up} <= {(Verdict.NOT_RUN, (UNKNOWN,))}


@given(count=st.integers(1, 30), good=st.integers(1, 4))
def test_a_black_hole_costs_no_test(count: int, good: int) -> None:
    """A handset that fails everything at once is quarantined after two; all tests pass on the others."""
    names = ["hole", *(f"good{number}" for number in range(good))]
    run = Run(Farm({f"t{number}": set(names) for number in range(count)}, dict.fromkeys(names, "m")))
    verdicts = []
    while run.running:
        hole = next((worker for worker in run.running if worker == "whole"), None)
        worker = hole or next(iter(run.running))
        verdicts += [] if hole else ["PASS"]
        run.end(worker, "LAB" if hole else "PASS")
    assert (len(verdicts), run.given_up) == (count, [])
    assert len(run.dispatcher.attempts.reruns) <= 2


def test_a_crash_costs_one_retry_of_one_test() -> None:
    """The test that ran is run again, on the successor too, and no other is lost; after the second crash it is LAB."""
    run = Run(Farm({"a": {"h"}, "b": {"h"}}, {"h": "m"}))
    run.end("wh", "crash")
    assert (run.dispatcher.attempts.reruns[0].test, len(run.running)) == ("a", 1)
    run.end("wh'", "crash" if run.running["wh'"] == "a" else "PASS")
    while run.running:
        worker, test = next(iter(run.running.items()))
        run.end(worker, "crash" if test == "a" else "PASS")
    assert (Counter(run.ended), run.begun["a"], run.given_up) == (Counter("ab"), 2, [])


def test_without_a_successor_the_rest_is_given_up() -> None:
    """The last worker gone: what it ran is LAB, with the crash told, what never ran NOT_RUN."""
    run = Run(Farm({"a": {"h"}, "b": {"h"}}, {"h": "m"}))
    run.end("wh", "crash", replaced=False)
    given_up = sorted(run.given_up, key=lambda each: each.test)
    assert [(each.test, each.verdict, each.attempts) for each in given_up] == [
        ("a", Verdict.LAB, 1),
        ("b", Verdict.NOT_RUN, 0),
    ]
    assert given_up[0].reasons == ("worker wh crashed while it ran", "none is left")


def test_lab_goes_to_a_twin_first() -> None:
    """A twin of the handset that failed it takes it, although another handset is idle, too; once busy, it waits."""
    run = Run(Farm({"a": {"x1", "x2", "y"}}, {"x1": "x", "x2": "x", "y": "y"}))
    run.end("wx1", "LAB")
    assert run.running == {"wx2": "a"}
    run.end("wx2", "LAB")
    assert run.running == {"wy": "a"}
    run.end("wy", "LAB")
    assert (run.ended, run.dispatcher.finished) == (["a"], True)


def test_those_that_are_to_come_first_do() -> None:
    """With `--ff`, for example: the others are begun when none of them waits that the handset could run."""
    farm = Farm({"a": {"h"}, "b": {"h"}, "c": {"h"}}, {"h": "m"})
    dispatcher = Dispatcher(farm, farm.health)
    farm.workers["w"] = "h"
    dispatcher.schedule([Job("c", 1.0)], [Job("a", 100.0), Job("b", 10.0)])
    assert [dispatcher.take("w") for _ in range(4)] == ["c", "a", "b", None]


def test_a_twin_says_whose_fault_it_was_that_the_build_did_not_start() -> None:
    """Where there is one, the test is run there, and counts for the build; elsewhere the failure stands."""
    unstarted = Phase("call", Verdict.FAIL, ("no ready event",), unproven=True)
    for models, again in (({"a": "m", "b": "m"}, True), ({"a": "m", "b": "n"}, False)):
        farm = Farm({"t": {"a", "b"}}, models)
        run = Run(farm)
        ((worker, test),) = run.running.items()
        assert run.dispatcher.reported(test, unstarted) == again
        run.dispatcher.reported(test, Phase("teardown", Verdict.PASS))
        run.dispatcher.ended(test)
        assert (run.dispatcher.attempts.waits(test), run.dispatcher.finished) == (again, not again)
        assert farm.health.cause(farm.workers[worker]) is None


def test_work_stays_where_the_build_is() -> None:
    """A handset that it would have to be brought to is not worth it for little, and is as soon as no other is left."""
    farm = Farm({"a": {"h", "i"}, "b": {"h", "i"}}, {"h": "m", "i": "m"}, workers={"wh": "h", "wi": "i"})
    dispatcher = Dispatcher(farm, farm.health)
    dispatcher.schedule([Job("a", 9.0), Job("b", 9.0)], brought=Brought(frozenset({"i"}), 60))
    assert [dispatcher.take("wh", 0), dispatcher.take("wi", 0), dispatcher.take("wh", 0)] == [None, "a", None]
    dispatcher.leave("i")
    assert dispatcher.take("wh", 1) == "b"
