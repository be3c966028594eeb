"""Sets of handsets, as bit masks, and the work that only they can do: what decides when everything is done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from operator import or_

MAX_SETS = 128


def unions(masks: Iterable[int], limit: int = MAX_SETS) -> list[int]:
    """The masks, all of them together, and their unions, not more than about `limit`, in a fixed order.

    No other sets count: the union of the masks within a set of handsets has the same work, on no more handsets.
    """
    alone = sorted(set(masks) - {0})
    found = dict.fromkeys([*alone, reduce(or_, alone, 0)] if alone else ())
    for mask in alone:
        for other in list(found):
            if len(found) >= limit:
                return list(found)
            found.setdefault(mask | other)
    return list(found)


class Sets:
    """The seconds of pending work that each of some sets of handsets must do, since nobody else can."""

    def __init__(self, able: Collection[int], limit: int = MAX_SETS) -> None:
        """`able`: for each kind of job the mask of the handsets that can run it."""
        self.masks = unions(able, limit)
        self.counts = [mask.bit_count() for mask in self.masks]
        self._work = [0.0] * len(self.masks)
        self._inside = {mask: [i for i, s in enumerate(self.masks) if mask & ~s == 0] for mask in able}
        self._of: dict[int, tuple[int, ...]] = {}
        self._harmed: dict[tuple[int, int], list[int]] = {}

    def add(self, able: int, seconds: float) -> None:
        """More work (less, if negative) for the handsets of `able`."""
        for index in self._inside[able]:
            self._work[index] += seconds

    def loads(self, ends: Mapping[int, float], now: float) -> list[float]:
        """Seconds of work by set, with what its handsets have still to do: `ends`, by the handset's bit."""
        loads = self._work.copy()
        by_kind: dict[tuple[int, ...], float] = {}
        of = self._of
        for bit, end in ends.items():
            if end > now:
                kind = of[bit] if bit in of else self.of(bit)
                by_kind[kind] = by_kind.get(kind, 0.0) + end - now
        for kind, seconds in by_kind.items():
            for index in kind:
                loads[index] += seconds
        return loads

    def of(self, bit: int) -> tuple[int, ...]:
        """Indices of the sets that hold a handset."""
        if bit not in self._of:
            self._of[bit] = tuple(index for index, mask in enumerate(self.masks) if mask & bit)
        return self._of[bit]

    def harmed(self, bit: int, able: int) -> list[int]:
        """Indices of the sets of which a handset is, and which lose its time if it runs what others can run too."""
        key = (bit, able)
        if key not in self._harmed:
            inside = set(self._inside[able])
            self._harmed[key] = [index for index in self.of(bit) if index not in inside]
        return self._harmed[key]
