"""Tests that are to be run before others, such as with `--ff`: a queue for each turn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import pytest

from framework.fleet.planning.queue import Job, Queue, Station


class InTurn:
    """`Queue`s one after the other: a handset takes from the first that has something for it."""

    def __init__(
        self,
        turns: Iterable[Sequence[Job]],
        stations: Iterable[Station],
        fits: Callable[[str, str], bool],
        deploy_s: float = 0.0,
    ) -> None:
        stations = tuple(stations)
        self._queues: list[Queue] = []
        self._of: dict[str, Queue] = {}
        for jobs in turns:
            queue = Queue(jobs, stations, fits, deploy_s)
            self._queues.append(queue)
            self._of |= dict.fromkeys((job.id for job in jobs), queue)

    def join(self, station: Station) -> None:
        for queue in self._queues:
            queue.join(station)

    def leave(self, name: str) -> None:
        for queue in self._queues:
            queue.leave(name)

    def warm(self, name: str, cool_in_s: float) -> None:
        for queue in self._queues:
            queue.warm(name, cool_in_s)

    def take(self, name: str, at: float | None = None) -> str | None:
        return next((job for queue in self._queues if (job := queue.take(name, at)) is not None), None)

    def give_back(self, job: str, *, avoid: Collection[str] = (), model: str | None = None) -> None:
        self._of[job].give_back(job, avoid=avoid, model=model)

    def stuck(self) -> tuple[str, ...]:
        return tuple(job for queue in self._queues for job in queue.stuck())


def turns_of(config: pytest.Config, jobs: Sequence[Job]) -> list[list[Job]]:
    """By what pytest's cache knows: with `--ff` those that failed last, with `--nf` new ones, before the others."""
    first = _before_others(config, [job.id for job in jobs])
    turns = ([job for job in jobs if job.id in first], [job for job in jobs if job.id not in first])
    return [turn for turn in turns if turn] or [[]]


def _before_others(config: pytest.Config, tests: Sequence[str]) -> set[str]:
    cache: Any = getattr(config, "cache", None)
    if cache is None:
        return set()
    first: set[str] = set()
    if config.getoption("failedfirst", False):
        first |= set(cache.get("cache/lastfailed", {}))
    if config.getoption("newfirst", False):
        first |= set(tests) - set(cache.get("cache/nodeids", []))
    return first
