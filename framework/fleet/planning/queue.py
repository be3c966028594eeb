"""Pending jobs, and which of them a handset takes next.

Longest first, which balances the tail; but a handset takes nothing that others can run as well while some set of
handsets that it belongs to is needed, until the very end, for work that nobody else can do. Which sets those are is
computed anew for every job, from what is pending and what is running: so a wrong expectation is made up for.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import truediv

from framework.fleet.planning.choice import Free, Group, choose, left_to_others
from framework.fleet.planning.sets import Sets

BOUND_SETS = 4096


@dataclass(frozen=True, slots=True)
class Job:
    """One test."""

    id: str
    seconds: float
    """Expected, host time."""
    measured: bool = False
    """Whether it must begin on a cool handset."""
    kind: Hashable = None
    """Jobs of one kind fit the same handsets; None: it is a kind of its own."""


@dataclass(frozen=True, slots=True)
class Station:
    """A handset as the planner sees it."""

    name: str
    model: str
    holds: bool = True
    """Whether the build is deployed to it."""


@dataclass(frozen=True, slots=True)
class Brought:
    """Where the build is already, and what it costs to bring it elsewhere."""

    holding: frozenset[str] = frozenset()
    """Names of handsets."""
    deploy_s: float = 0.0
    """Seconds; 0 where it is not known: then it does not matter who holds it."""

    def station(self, name: str, model: str) -> Station:
        return Station(name, model, holds=self.deploy_s <= 0 or name in self.holding)


@dataclass(frozen=True, slots=True)
class Bound:
    """What no schedule can be shorter than."""

    seconds: float
    job: str | None
    """The longest job, where that is the reason; else the handsets are."""
    handsets: tuple[str, ...]
    """Those that have the most to do that nobody else can run."""


class Queue:
    """Pending jobs, and which of them a handset takes next: pure (no clock, no I/O) and deterministic.

    `fits(job id, station name)`: whether that handset can run that test; asked once. `deploy_s`: what it costs to
    bring the build to a handset that does not hold it.
    """

    def __init__(
        self,
        jobs: Iterable[Job],
        stations: Iterable[Station],
        fits: Callable[[str, str], bool],
        deploy_s: float = 0.0,
    ) -> None:
        self._fits, self._deploy_s = fits, deploy_s
        self._jobs = {job.id: job for job in jobs}
        self._order = {job: -number for number, job in enumerate(self._jobs)}
        self._pending = dict.fromkeys(self._jobs)
        self._stations: dict[str, Station] = {}
        self._bits: dict[str, int] = {}
        self._present = 0
        self._kinds = {_kind(job): job.id for job in reversed(self._jobs.values())}
        """Kind of job → the first of it."""
        self._fitting: dict[Hashable, int] = dict.fromkeys(self._kinds, 0)
        """Kind of job → mask of the handsets that can run it, whether they are there or not."""
        self._restricted: dict[str, tuple[frozenset[str], str | None]] = {}
        """Job → the handsets that it avoids, and the model that it prefers."""
        self._running: dict[str, str] = {}
        """Handset → the job that it has taken."""
        self._ends: dict[int, float] = {}
        """Bit of a handset that has taken a job → when it is expected to be done."""
        self._cool_in_s: dict[str, float] = {}
        self._deployed: set[str] = set()
        """Handsets that the build was brought to by a job."""
        self._groups: list[Group] | None = None
        """None where they must be made anew."""
        self._sets = Sets(())
        for station in stations:
            self.join(station)

    # -- the fleet -------------------------------------------------------------------------------------------------

    def join(self, station: Station) -> None:
        """A handset is there (again); the build that a job has brought to it before is still there."""
        self._stations[station.name] = replace(station, holds=station.holds or station.name in self._deployed)
        self._groups = None
        if station.name not in self._bits:
            self._bits[station.name] = 1 << len(self._bits)
            self._ask(station.name)
        self._present |= self._bits[station.name]

    def leave(self, name: str) -> None:
        """A handset takes no more; what it runs is given back by whoever knows."""
        self._stations.pop(name, None)
        self._stop(name)
        self._present &= ~self._bits.get(name, 0)
        self._groups = None

    def warm(self, name: str, cool_in_s: float) -> None:
        """A measured job would have to wait so long on this handset; 0 once it is cool."""
        self._cool_in_s[name] = cool_in_s

    # -- the jobs --------------------------------------------------------------------------------------------------

    def take(self, name: str, at: float | None = None) -> str | None:
        """The best job for this handset now, which has nothing to do; the job is no longer pending.

        None where it can run nothing that is pending, or where others are done sooner without it, that hold the build
        or are cool: ask again when anything has changed. `at`: now, seconds on any clock, always or never given;
        without it, what others are running is taken to be half done.
        """
        self._stop(name)
        station = self._stations.get(name)
        if station is None or not self._pending:
            return None
        groups, bit = self._grouped(), self._bits[name]
        able = [group for group in groups if group.jobs and group.able & bit]
        now = at or 0.0
        if not able or self._is_left_to_others(station, able, now):
            return None
        return self._start(station, choose(self._free(name), able, groups, self._sets, self._ends, now), at)

    def give_back(self, job: str, *, avoid: Collection[str] = (), model: str | None = None) -> None:
        """Pending again: not on `avoid`, and on a handset of `model` while one is there. KeyError: no such job."""
        self._pending[self._jobs[job].id] = None
        before, wanted = self._restricted.get(job, (frozenset(), None))
        self._restricted[job] = (before | frozenset(avoid), model or wanted)
        for name in [name for name, running in self._running.items() if running == job]:
            self._stop(name)
        self._groups = None

    def stuck(self) -> tuple[str, ...]:
        """Pending jobs that no handset that is there can run."""
        return tuple(job for job in self._pending if not self._able(job))

    def pending(self) -> tuple[str, ...]:
        return tuple(self._pending)

    def bound(self) -> Bound:
        """Nothing does what is pending sooner; deployments are not counted.

        With very many kinds of handsets some sets of them are not looked at: then the bound may be too low.
        """
        groups = self._grouped()
        longest = max((group.jobs[-1] for group in groups if group.jobs), default=(0.0, 0, None))
        sets = Sets({group.able for group in groups}, BOUND_SETS)
        for group in groups:
            sets.add(group.able, group.seconds)
        loads = zip(map(truediv, sets.loads({}, 0), sets.counts), sets.masks, strict=True)
        seconds, mask = max(loads, default=(0.0, 0))
        if seconds <= longest[0]:
            return Bound(longest[0], longest[2], ())
        return Bound(seconds, None, tuple(name for name, bit in self._bits.items() if bit & mask))

    def _start(self, station: Station, group: Group, at: float | None) -> str:
        seconds, _, job = group.jobs.pop()
        self._sets.add(group.able, -seconds)
        del self._pending[job]
        deploys = 0.0 if station.holds else self._deploy_s
        waits = self._cool_in_s.get(station.name, 0.0) if group.measured else 0.0
        lasts = deploys + waits + seconds
        self._running[station.name] = job
        self._ends[self._bits[station.name]] = lasts / 2 if at is None else at + lasts
        if not station.holds:
            self._deployed.add(station.name)
            self._stations[station.name] = replace(station, holds=True)
        return job

    def _free(self, name: str) -> Free:
        cool_in_s = self._cool_in_s.get(name, 0.0)
        warm = any(seconds > 0 and other in self._stations for other, seconds in self._cool_in_s.items())
        return Free(self._bits[name], cool_in_s, others_warm=warm and cool_in_s <= 0)

    def _stop(self, name: str) -> None:
        if self._running.pop(name, None) is not None:
            del self._ends[self._bits[name]]

    def _is_left_to_others(self, station: Station, able: Sequence[Group], now: float) -> bool:
        """To those that hold the build and, where all is measured, are cool: who is both leaves nothing to others."""
        holders = [name for name, other in self._stations.items() if other.holds]
        if not station.holds and self._deploy_s > 0:
            mask = self._mask(holders)
            if left_to_others(self._deploy_s, mask, able, self._ends, now):
                return True
        cool_in_s = self._cool_in_s.get(station.name, 0.0)
        if cool_in_s <= 0 or not all(group.measured for group in able):
            return False
        cool = self._mask(name for name in holders if self._cool_in_s.get(name, 0.0) <= 0)
        return left_to_others(cool_in_s, cool, able, self._ends, now)

    # -- which handsets can run what -------------------------------------------------------------------------------

    def _ask(self, name: str) -> None:
        """What a new handset can run."""
        bit, fits = self._bits[name], self._fits
        for kind, job in self._kinds.items():
            if fits(job, name):
                self._fitting[kind] |= bit

    def _able(self, job: str) -> int:
        """Mask of the handsets that are there and may run it."""
        able = self._fitting[_kind(self._jobs[job])] & self._present
        if job not in self._restricted:
            return able
        avoid, model = self._restricted[job]
        able &= ~self._mask(avoid)
        return able & self._mask(name for name, station in self._stations.items() if station.model == model) or able

    def _mask(self, names: Iterable[str]) -> int:
        return sum(self._bits.get(name, 0) for name in set(names))

    def _grouped(self) -> list[Group]:
        """The pending jobs by what can run them; those that nothing can run are in no group."""
        if self._groups is None:
            groups: dict[tuple[int, bool], Group] = {}
            for job in map(self._jobs.__getitem__, self._pending):
                able = self._able(job.id)
                group = groups.setdefault((able, job.measured), Group(able, job.measured))
                insort(group.jobs, (job.seconds, self._order[job.id], job.id))
            self._groups = [group for group in groups.values() if group.able]
            self._sets = Sets({group.able for group in self._groups})
            for group in self._groups:
                self._sets.add(group.able, group.seconds)
        return self._groups


def _kind(job: Job) -> Hashable:
    return (job.id,) if job.kind is None else job.kind
