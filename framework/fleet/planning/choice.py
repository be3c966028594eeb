"""Which kind of job a handset takes now: a pure decision on what is pending and what is running."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_, truediv

from framework.fleet.planning.sets import Sets

EXACT_S = 1e-6
DOUBT = 1.2
"""What is pending may take so many times as long: of jobs that have been left for later, more are longer than expected
than shorter. A set that would be busy to the end by then is kept for its own work, which costs nothing."""


@dataclass(slots=True)
class Group:
    """Pending jobs that the same handsets can run."""

    able: int
    """Mask of the handsets."""
    measured: bool
    jobs: list[tuple[float, int, str]] = field(default_factory=list)
    """(expected seconds, place in order, negative, id), the longest last."""

    @property
    def longest(self) -> float:
        return self.jobs[-1][0]

    @property
    def seconds(self) -> float:
        return sum(seconds for seconds, _, _ in self.jobs)


@dataclass(frozen=True, slots=True)
class Free:
    """A handset that has nothing to do."""

    bit: int
    cool_in_s: float
    """How long a measured job would have to wait on it."""
    others_warm: bool
    """Whether it is cool while others are not."""


def choose(
    free: Free, able: Sequence[Group], groups: Iterable[Group], sets: Sets, ends: Mapping[int, float], now: float
) -> Group:
    """The group whose longest job is taken, of those that the handset is able to run.

    `ends`: when each busy handset, by its bit, is expected to be done. The first job that does not put off the end,
    as far as it can be told, in the order: measured ones first where it is cool and others are not, then by length. If
    each puts it off, the one that does so least.
    """
    loads = sets.loads(ends, now)
    last = max(ends.values(), default=now) - now
    end = max(last, *map(truediv, loads, sets.counts), *(group.longest for group in groups if group.jobs))
    best: tuple[tuple[float, bool], Group] | None = None
    for group in _in_order(free, able, end):
        waits = free.cool_in_s if group.measured else 0.0
        rank = (_put_off(free, group, waits, sets, loads, end), waits > 0)
        if rank <= (EXACT_S, False):
            return group
        if best is None or rank < best[0]:
            best = rank, group
    assert best is not None
    return best[1]


def _in_order(free: Free, able: Sequence[Group], end: float) -> list[Group]:
    """Longest first; a cool handset takes measured ones first, unless something else is too long to wait."""
    by_length = sorted(able, key=lambda group: -group.longest)
    if free.others_warm and (by_length[0].measured or by_length[0].longest < end / 2):
        by_length.sort(key=lambda group: not group.measured)
    return by_length


def _put_off(free: Free, group: Group, waits: float, sets: Sets, loads: Sequence[float], end: float) -> float:
    """Seconds by which the end is put off if the handset takes the longest of a group, as far as it can be told."""
    lost = waits + group.longest
    ends = [(loads[index] * DOUBT + lost) / sets.counts[index] for index in sets.harmed(free.bit, group.able)]
    if waits:
        ends += [lost, *((loads[index] + waits) / sets.counts[index] for index in sets.of(free.bit))]
    return max(0.0, *ends, end) - end


def left_to_others(
    ready_in_s: float, others: int, able: Sequence[Group], ends: Mapping[int, float], now: float
) -> bool:
    """Whether `others` are done with these jobs before one more handset would be ready for them.

    Those that hold the build, before it would be on one more; those that are cool, before one more would be.
    """
    if not all(group.able & others for group in able):
        return False
    others &= reduce(or_, (group.able for group in able))
    busy = [end - now for bit, end in ends.items() if bit & others and end > now]
    jobs = sum(len(group.jobs) for group in able)
    soon_free = others.bit_count() - sum(seconds > ready_in_s for seconds in busy)
    work = sum(busy) + sum(group.seconds for group in able)
    return jobs <= soon_free or work <= ready_in_s * others.bit_count()
