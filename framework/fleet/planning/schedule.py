"""What a fleet makes of a queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from framework.fleet.planning.queue import Queue, Station


@dataclass(frozen=True, slots=True)
class Planned:
    """One job on one handset; seconds from the begin of the run."""

    job: str
    station: str
    begin_s: float
    end_s: float
    deploy_s: float = 0.0
    """What of it is spent on bringing the build there."""


@dataclass(frozen=True, slots=True)
class Schedule:
    planned: tuple[Planned, ...]
    """In the order in which they begin."""
    stuck: tuple[str, ...]
    """Jobs that no handset can run."""

    @property
    def makespan_s(self) -> float:
        return max((entry.end_s for entry in self.planned), default=0.0)


def play(
    queue: Queue,
    stations: Sequence[Station],
    seconds: Callable[[str, str], float],
    deploy_s: float = 0.0,
) -> Schedule:
    """What happens if handsets take from a queue whenever they are free and a job lasts for `seconds(job, handset)`."""
    holds = {station.name: station.holds for station in stations}
    free = [station.name for station in stations]
    events: list[tuple[float, int, str]] = []
    planned: list[Planned] = []
    now, places = 0.0, {name: place for place, name in enumerate(free)}
    while True:
        waiting = []
        for name in free:
            job = queue.take(name, now)
            if job is None:
                waiting += [] if holds[name] else [name]
                continue
            deploy = 0.0 if holds[name] else deploy_s
            end = now + deploy + seconds(job, name)
            holds[name] = True
            planned.append(Planned(job, name, now, end, deploy))
            heappush(events, (end, places[name], name))
        if not events:
            return Schedule(tuple(planned), queue.stuck())
        now, _, name = heappop(events)
        free = [name, *waiting]
