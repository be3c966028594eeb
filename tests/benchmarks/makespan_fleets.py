"""Simulated fleets and workloads, drawn by a seed, and the bound that no schedule can be shorter than."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

KINDS = 5
ALL = frozenset(range(KINDS))
HANDSETS, TESTS = (10, 200), (200, 5000)
ERROR = 0.3
"""Expected durations are off by up to this share of the true one, either way."""


@dataclass(frozen=True, slots=True)
class Test:
    true_s: float
    expected_s: float
    kinds: frozenset[int]
    """Kinds of handsets that can run it."""


@dataclass(frozen=True, slots=True)
class Instance:
    handsets: tuple[int, ...]
    """The kind of each."""
    tests: tuple[Test, ...]

    def fits(self, test: int, handset: int) -> bool:
        return self.handsets[handset] in self.tests[test].kinds

    def without_needs(self) -> Instance:
        """The same, but every handset can run everything."""
        return Instance(self.handsets, tuple(Test(test.true_s, test.expected_s, ALL) for test in self.tests))


def draw(seed: int) -> Instance:
    """Sizes log-uniform over the whole range; kinds of unequal sizes; three to eight kinds of needs beside "any".

    How much work has which needs is drawn in every second instance without regard to the fleet (then some kind is
    often far busier than all others), and in the others about in proportion to the handsets that can run it (then many
    sets of handsets are about as busy, which is harder). Durations are log-normal or, of every second instance on
    average, Pareto, at most an hour.
    """
    rng = random.Random(seed)
    handsets = _fleet(rng, _log_uniform(rng, *HANDSETS))
    needs = [ALL, *(_some_kinds(rng) for _ in range(rng.randint(3, 8)))]
    if seed % 2:
        shares = [sum(kind in kinds for kind in handsets) * rng.uniform(0.5, 1) for kinds in needs]
    else:
        shares = [rng.expovariate(1) for _ in needs]
    duration = _duration(rng)
    tests = []
    for kinds in rng.choices(needs, shares, k=_log_uniform(rng, *TESTS)):
        true_s = duration()
        tests.append(Test(true_s, true_s * rng.uniform(1 - ERROR, 1 + ERROR), kinds))
    return Instance(handsets, tuple(tests))


def bound_s(instance: Instance) -> tuple[float, str]:
    """The longest test; for every set of kinds, what only they can run over their number; and which of them it is."""
    best = max(test.true_s for test in instance.tests), "longest test"
    for size in range(1, KINDS + 1):
        for chosen in map(frozenset, combinations(range(KINDS), size)):
            count = sum(kind in chosen for kind in instance.handsets)
            load = sum(test.true_s for test in instance.tests if test.kinds <= chosen)
            best = max(best, (load / count, f"{size} kinds, {count} handsets"))
    return best


def _log_uniform(rng: random.Random, low: int, high: int) -> int:
    return round(math.exp(rng.uniform(math.log(low), math.log(high))))


def _fleet(rng: random.Random, count: int) -> tuple[int, ...]:
    """At least one of each kind, the others by weights that differ much; in random order."""
    weights = [rng.expovariate(1) for _ in range(KINDS)]
    handsets = [*range(KINDS), *rng.choices(range(KINDS), weights, k=count - KINDS)]
    rng.shuffle(handsets)
    return tuple(handsets)


def _some_kinds(rng: random.Random) -> frozenset[int]:
    return frozenset(rng.sample(range(KINDS), rng.randint(1, KINDS)))


def _duration(rng: random.Random) -> Callable[[], float]:
    if rng.random() < 0.5:
        sigma = rng.uniform(0.5, 1.2)
        return lambda: 20 * math.exp(rng.gauss(0, sigma))
    alpha = rng.uniform(1.3, 2.5)
    return lambda: min(10 * rng.paretovariate(alpha), 3600.0)
