"""What a fleet would make of a workload: who runs what and when, how long it takes, and what nobody can run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean, median

from framework.contract.needs import Needs
from framework.contract.run import HandsetIdentity
from framework.fleet.match import missing, nearest
from framework.fleet.planning.queue import Bound, Job, Queue, Station
from framework.fleet.planning.schedule import Planned, play

USUAL_S = 60.0
"""Of tests of which nothing is known, where nothing is known of any other either."""


@dataclass(frozen=True, slots=True)
class Task:
    """One test to be planned."""

    id: str
    needs: Needs = field(default_factory=Needs)
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Model of the handset, "" for any → how long it is expected to take there; empty where nothing is known."""
    measured: bool = False
    model: str | None = None
    """The one model that it is for."""
    handset: str | None = None
    """The one handset of that model that it is for."""

    @property
    def asked(self) -> Asked:
        return self.needs, self.model, self.handset


Asked = tuple[Needs, str | None, str | None]
"""What decides where a test can run."""


@dataclass(frozen=True, slots=True)
class Row:
    """One handset's part."""

    handset: HandsetIdentity
    planned: tuple[Planned, ...]
    """In their order."""

    @property
    def busy_s(self) -> float:
        return sum(entry.end_s - entry.begin_s for entry in self.planned)

    @property
    def end_s(self) -> float:
        return max((entry.end_s for entry in self.planned), default=0.0)


@dataclass(frozen=True, slots=True)
class Plan:
    rows: tuple[Row, ...]
    """One for each handset, in the order of the fleet."""
    bound: Bound
    unrunnable: Mapping[str, str]
    """Test → why no handset can run it: the nearest one and what it lacks."""
    guessed: tuple[str, ...]
    """Tests of which no duration is known."""
    guess_s: float
    """What they were taken to last."""

    @property
    def makespan_s(self) -> float:
        return max((row.end_s for row in self.rows), default=0.0)

    @property
    def ratio(self) -> float:
        """Makespan over lower bound: 1 cannot be beaten."""
        return self.makespan_s / self.bound.seconds if self.bound.seconds else 1.0


def plan(tasks: Sequence[Task], handsets: Sequence[HandsetIdentity], deploy_s: float = 0.0) -> Plan:
    """As a run would go if everything lasted as expected; ids of tests and names of handsets must be unique.

    `deploy_s`: seconds that it takes to bring the build to a handset; 0: all of them hold it.
    """
    known = [fmean(task.seconds.values()) for task in tasks if task.seconds]
    guess_s = median(known) if known else USUAL_S
    seconds = {task.id: fmean(task.seconds.values()) if task.seconds else guess_s for task in tasks}
    matching = _Matching(tasks, handsets)
    jobs = [Job(task.id, seconds[task.id], task.measured, matching.kinds[task.id]) for task in tasks]
    stations = [Station(handset.name, handset.model, holds=deploy_s <= 0) for handset in handsets]
    queue = Queue(jobs, stations, matching.fits, deploy_s)
    bound = queue.bound()
    schedule = play(queue, stations, _lasting(tasks, handsets, seconds), deploy_s)
    by_handset: dict[str, list[Planned]] = {handset.name: [] for handset in handsets}
    for entry in schedule.planned:
        by_handset[entry.station].append(entry)
    return Plan(
        rows=tuple(Row(handset, tuple(by_handset[handset.name])) for handset in handsets),
        bound=bound,
        unrunnable={test: matching.reason(test) for test in schedule.stuck},
        guessed=tuple(task.id for task in tasks if not task.seconds),
        guess_s=guess_s,
    )


def _lasting(
    tasks: Sequence[Task], handsets: Sequence[HandsetIdentity], otherwise: Mapping[str, float]
) -> Callable[[str, str], float]:
    """(test, handset) → seconds, as known of its model."""
    by_model = {task.id: task.seconds for task in tasks}
    models = {handset.name: handset.model for handset in handsets}
    return lambda test, name: by_model[test].get(models[name], otherwise[test])


class _Matching:
    """Which handset can run what, each kind of needs compared with each kind of handset once."""

    def __init__(self, tasks: Sequence[Task], handsets: Sequence[HandsetIdentity]) -> None:
        self._handsets = handsets
        numbers: dict[Asked, int] = {}
        self.kinds = {task.id: numbers.setdefault(task.asked, len(numbers)) for task in tasks}
        """Test → number of its kind."""
        self._asked = list(numbers)
        alike: dict[tuple[HandsetIdentity, float | None], HandsetIdentity] = {}
        self._stands_for = {
            handset.name: alike.setdefault((replace(handset, name="", serial=""), handset.free_gb), handset)
            for handset in handsets
        }
        """Handset → the first one that is like it."""
        self._known: dict[tuple[int, str], bool] = {}

    def fits(self, test: str, name: str) -> bool:
        kind, alike = self.kinds[test], self._stands_for[name]
        _, model, only = self._asked[kind]
        if model not in (None, alike.model) or only not in (None, name):
            return False
        key = (kind, alike.name)
        if key not in self._known:
            self._known[key] = not missing(self._asked[kind][0], alike)
        return self._known[key]

    def reason(self, test: str) -> str:
        """Why no handset can run it."""
        needs, model, only = self._asked[self.kinds[test]]
        meant = [one for one in self._handsets if model in (None, one.model) and only in (None, one.name)]
        return nearest(needs, meant) if meant else f"there is no {only or model}"
