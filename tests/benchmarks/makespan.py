"""How close our schedules come to the best possible, beside xdist's and longest-first, on simulated fleets.

    python tests/benchmarks/makespan.py [SEEDS] [FIRST]

Each of SEEDS (50) instances: 10 to 200 handsets of 5 kinds, 200 to 5 000 tests with skewed durations and needs, drawn
as `makespan_fleets` says. A schedule is what happens when handsets take their next test whenever they are free, as
workers do in a run (one at a time, nothing is sent ahead), with expectations that are off by up to 30 %, and tests
last as long as they truly do. Makespans are divided by a lower bound that is computed here, by trying every set of
kinds, from the true durations. It cannot always be reached: no scheduler splits a test.

The other rules are given the same workload; `load` and `worksteal` are xdist's own classes. They and longest-first
send tests to handsets that cannot run them: those are skipped there in no time. Their share is told, and the makespan
is divided by the bound of what did run: nobody is charged for what was lost. "Without needs" is the same workload
where every handset can run everything.

Planning is timed on 5 000 tests, each asked for by itself, and 200 handsets, in this process: the time of its CPU,
which on a machine with nothing else to do is the wall time, too.

Last line: one line of JSON.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from makespan_fleets import Instance, bound_s, draw
from makespan_rules import Rule, load, longest_first, longest_that_fits, worksteal

from framework.fleet.planning.queue import Job, Queue, Station
from framework.fleet.planning.schedule import Schedule, play

SEEDS = 50
MEDIAN, WORST, PLANNING_S = 1.03, 1.15, 1.0
OTHERS: tuple[tuple[str, Rule], ...] = (
    ("load", load),
    ("worksteal", worksteal),
    ("longest first", longest_first),
    ("longest that fits", longest_that_fits),
)


@dataclass
class Figures:
    """Of one rule, by instance."""

    ratios: list[float] = field(default_factory=list)
    """Of what did run."""
    skipped: list[float] = field(default_factory=list)
    """Share of tests that did not."""
    plain: list[float] = field(default_factory=list)
    """Ratios of the workload without needs."""

    def line(self, name: str) -> str:
        lost = f"{statistics.median(self.skipped):7.0%}" if self.skipped else f"{0:7.0%}"
        return f"{name:20}{_three(self.ratios)}  {lost}  {_three(self.plain)}"

    def plainly(self) -> dict[str, float]:
        return {
            "median": round(statistics.median(self.ratios), 4),
            "worst": round(max(self.ratios), 4),
            "skipped_median": round(statistics.median(self.skipped), 4) if self.skipped else 0.0,
            "without_needs_median": round(statistics.median(self.plain), 4),
            "without_needs_worst": round(max(self.plain), 4),
        }


def _three(values: Sequence[float]) -> str:
    ninth = sorted(values)[min(len(values) * 9 // 10, len(values) - 1)]
    return f"{statistics.median(values):8.3f}{ninth:8.3f}{max(values):8.3f}"


class Blind(Queue):
    """Ours where nobody tells it the time."""

    def take(self, name: str, at: float | None = None) -> str | None:
        return super().take(name)


def ours(instance: Instance, queue: Callable[..., Queue] = Queue) -> Schedule:
    jobs = [Job(str(index), test.expected_s) for index, test in enumerate(instance.tests)]
    stations = [Station(str(index), str(kind)) for index, kind in enumerate(instance.handsets)]
    kinds = {job.id: test.kinds for job, test in zip(jobs, instance.tests, strict=True)}
    of = {station.name: kind for station, kind in zip(stations, instance.handsets, strict=True)}
    true_s = {job.id: test.true_s for job, test in zip(jobs, instance.tests, strict=True)}
    return play(queue(jobs, stations, lambda job, name: of[name] in kinds[job]), stations, lambda job, _: true_s[job])


def ratio(instance: Instance, bound: float, queue: Callable[..., Queue] = Queue) -> float:
    made = ours(instance, queue)
    _check(made, instance)
    return made.makespan_s / bound


def _check(made: Schedule, instance: Instance) -> None:
    """Every test once, where it can run, one at a time: the figures are of schedules that could be run."""
    assert sorted(int(entry.job) for entry in made.planned) == list(range(len(instance.tests)))
    busy_until: dict[str, float] = {}
    for entry in made.planned:
        assert instance.fits(int(entry.job), int(entry.station))
        assert entry.begin_s >= busy_until.get(entry.station, 0.0)
        assert abs(entry.end_s - entry.begin_s - instance.tests[int(entry.job)].true_s) < 1e-6
        busy_until[entry.station] = entry.end_s


def planning_s() -> tuple[float, float]:
    """(CPU time, wall time) for the largest fleet, the least of three."""
    instance = next(made for seed in range(10**6, 2 * 10**6) if len((made := draw(seed)).tests) > 4500)
    tests = (instance.tests * 2)[:5000]
    largest = Instance(tuple(index % 5 if index % 3 else 0 for index in range(200)), tests)
    times = []
    for _ in range(3):
        cpu, wall = time.process_time(), time.perf_counter()
        ours(largest)
        times.append((time.process_time() - cpu, time.perf_counter() - wall))
    return min(times)


def main() -> int:
    seeds, first = (int(word) for word in [*sys.argv[1:], *(str(SEEDS), "0")[len(sys.argv) - 1 :]])
    figures = {name: Figures() for name in ("ours", "ours, no clock", *(name for name, _ in OTHERS))}
    reasons = []
    for seed in range(first, first + seeds):
        instance = draw(seed)
        plain = instance.without_needs()
        (bound, why), (plain_bound, _) = bound_s(instance), bound_s(plain)
        for name, queue in (("ours", Queue), ("ours, no clock", Blind)):
            figures[name].ratios.append(ratio(instance, bound, queue))
            figures[name].plain.append(ratio(plain, plain_bound, queue))
        reasons.append((figures["ours"].ratios[-1], seed, len(instance.handsets), len(instance.tests), why))
        for name, rule in OTHERS:
            done = rule(instance)
            skipped = set(done.skipped)
            ran = [test for index, test in enumerate(instance.tests) if index not in skipped]
            figures[name].ratios.append(done.end_s / bound_s(Instance(instance.handsets, tuple(ran)))[0])
            figures[name].skipped.append(len(skipped) / len(instance.tests))
            figures[name].plain.append(rule(plain).end_s / plain_bound)
        print(f"\r{seed - first + 1} of {seeds}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return report(figures, sorted(reasons, reverse=True), planning_s())


def report(
    figures: dict[str, Figures], reasons: list[tuple[float, int, int, int, str]], planning: tuple[float, float]
) -> int:
    print("makespan over the lower bound: median, 9th decile, worst")
    print(f"{'':20}{'of what did run':>24}  skipped  {'without needs':>24}")
    for name, found in figures.items():
        print(found.line(name))
    by_load = [ratio for ratio, *_, why in reasons if why != "longest test"]
    print(f"\n{len(by_load)} of {len(reasons)} bounds are a set's load, not the longest test: ours {_three(by_load)}")
    print("\nour furthest from the bound, and what the bound is:")
    for ratio, seed, handsets, tests, why in reasons[:5]:
        print(f"  {ratio:.3f}  seed {seed}: {handsets} handsets, {tests} tests; {why}")
    print(f"\nplanning 5000 tests on 200 handsets: {planning[0]:.2f} s of CPU, {planning[1]:.2f} s")
    us = figures["ours"].plainly()
    holds = us["median"] <= MEDIAN and us["worst"] <= WORST and planning[0] < PLANNING_S
    found = {name: figure.plainly() for name, figure in figures.items()}
    print(json.dumps({"seeds": len(reasons), **found, "planning_s": round(planning[0], 3), "holds": holds}))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
