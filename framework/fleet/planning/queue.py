"""Pending jobs, and which of them a handset takes next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """One test."""

    id: str
    seconds: float
    """Expected, host time."""
    measured: bool = False
    """Whether it must begin on a cool handset."""


@dataclass(frozen=True, slots=True)
class Station:
    """A handset as the planner sees it."""

    name: str
    model: str
    holds: bool = True
    """Whether the build is deployed to it."""


class Queue:
    """Pending jobs, and which of them a handset takes next: pure (no clock, no I/O) and deterministic.

    `fits(job id, station name)`: whether that handset can run that test.
    """

    def __init__(self, jobs: Iterable[Job], stations: Iterable[Station], fits: Callable[[str, str], bool]) -> None:
        self._fits = fits
        self._jobs = {job.id: job for job in jobs}
        self._pending = dict.fromkeys(self._jobs)
        self._avoid: dict[str, frozenset[str]] = {}
        self._model: dict[str, str] = {}
        self._cool_in_s: dict[str, float] = {}
        self._stations: dict[str, Station] = {}
        for station in stations:
            self.join(station)

    def join(self, station: Station) -> None:
        """A handset is there (again)."""
        self._stations[station.name] = station

    def leave(self, name: str) -> None:
        """A handset takes no more; what it runs is given back by whoever knows."""
        self._stations.pop(name, None)

    def warm(self, name: str, cool_in_s: float) -> None:
        """A measured job would have to wait so long on this handset; 0 once it is cool."""
        self._cool_in_s[name] = cool_in_s

    def take(self, name: str) -> str | None:
        """The best job for this handset now, no longer pending; None where there is none, or none that is for it."""
        station = self._stations.get(name)
        able = [job for job in self._pending if station is not None and self._runs(job, station)]
        if not able:
            return None
        job = min(able, key=lambda job: self._rank(job, name))
        del self._pending[job]
        return job

    def give_back(self, job: str, *, avoid: Collection[str] = (), model: str | None = None) -> None:
        """Pending again: not on `avoid`, and on a handset of `model` while one is there. KeyError: no such job."""
        self._pending[self._jobs[job].id] = None
        self._avoid[job] = self._avoid.get(job, frozenset()) | frozenset(avoid)
        if model is not None:
            self._model[job] = model

    def stuck(self) -> tuple[str, ...]:
        """Pending jobs that no handset that is there can run."""
        return tuple(job for job in self._pending if not self._able(job))

    def pending(self) -> tuple[str, ...]:
        return tuple(self._pending)

    def _rank(self, job: str, name: str) -> tuple[bool, int, float]:
        warm = self._jobs[job].measured and self._cool_in_s.get(name, 0.0) > 0
        return warm, len(self._able(job)), -self._jobs[job].seconds

    def _able(self, job: str) -> list[Station]:
        return [station for station in self._stations.values() if self._runs(job, station)]

    def _runs(self, job: str, station: Station) -> bool:
        if station.name in self._avoid.get(job, ()) or not self._fits(job, station.name):
            return False
        wanted = self._model.get(job)
        return wanted is None or station.model == wanted or not self._twin(job, wanted)

    def _twin(self, job: str, model: str) -> bool:
        """Whether a handset of that model is there and could run it."""
        return any(
            other.model == model and other.name not in self._avoid.get(job, ()) and self._fits(job, other.name)
            for other in self._stations.values()
        )
