"""What a fleet makes of a queue when everything lasts as long as it truly does."""

from __future__ import annotations

import random
from statistics import median

from framework.fleet.planning.queue import Job, Queue, Station
from framework.fleet.planning.schedule import Planned, Schedule, play

KINDS = 3


def test_handsets_take_whenever_they_are_free() -> None:
    """One at a time, in the order in which they become free; the schedule says when and where."""
    stations = [Station("a", "m"), Station("b", "m")]
    jobs = [Job("x", 3), Job("y", 2), Job("z", 2)]
    schedule = play(
        Queue(jobs, stations, lambda job, name: True), stations, lambda job, name: {"x": 3, "y": 4, "z": 5}[job]
    )
    assert schedule == Schedule((Planned("x", "a", 0, 3), Planned("y", "b", 0, 4), Planned("z", "a", 3, 8)), ())
    assert schedule.makespan_s == 8


def test_a_build_is_brought_once() -> None:
    """Before the first job of each handset that does not hold it; what is left to another is asked for again."""
    stations = [Station("bare", "m", holds=False), Station("a", "m")]
    jobs = [Job(name, 30) for name in "wxyz"]
    schedule = play(Queue(jobs, stations, lambda job, name: True, 20), stations, lambda job, name: 30, 20)
    assert [(each.station, each.deploy_s, each.end_s) for each in schedule.planned] == [
        ("bare", 20, 50),
        ("a", 0, 30),
        ("a", 0, 60),
        ("bare", 0, 80),
    ]


def ratio(seed: int) -> float:
    """Makespan over bound of 400 jobs that are up to 30 % off, on 20 handsets, most sets of which are about as busy."""
    rng = random.Random(seed)
    stations = [Station(f"s{index}", str(index % 7 % KINDS)) for index in range(20)]
    models = {station.name: int(station.model) for station in stations}
    able: dict[str, int] = {}
    true_s: dict[str, float] = {}
    masks = range(1, 2**KINDS)
    shares = [sum(mask >> kind & 1 for kind in models.values()) for mask in masks]
    for index, mask in enumerate(rng.choices(masks, shares, k=400)):
        able[f"j{index}"], true_s[f"j{index}"] = mask, 20 * rng.lognormvariate(0, 1)

    def fits(job: str, name: str) -> bool:
        return bool(able[job] >> models[name] & 1)

    bound_s = Queue([Job(job, seconds) for job, seconds in true_s.items()], stations, fits).bound().seconds
    expected = [Job(job, seconds * rng.uniform(0.7, 1.3)) for job, seconds in true_s.items()]
    return play(Queue(expected, stations, fits), stations, lambda job, name: true_s[job]).makespan_s / bound_s


def test_schedules_are_close_to_the_bound() -> None:
    """Though expectations are wrong and every kind of handset has work of its own; see tests/benchmarks/makespan.py."""
    ratios = [ratio(seed) for seed in range(15)]
    assert median(ratios) <= 1.03
    assert max(ratios) <= 1.1
