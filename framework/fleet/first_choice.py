"""Which handsets a run begins with that has fewer workers than handsets: a pure function."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from framework.contract.needs import Needs
from framework.contract.run import HandsetIdentity
from framework.fleet.match import missing


def preferred(
    handsets: Sequence[HandsetIdentity], needs: Iterable[Needs], holding: Collection[str] = ()
) -> list[HandsetIdentity]:
    """All of them, the first ones to be used first.

    What few handsets can run comes first: for it one that is able is taken, if none that was taken before is; of
    several the one that can run most, then one of `holding`, the names of those that hold the build already, then the
    first. The others follow by the same rule.
    """
    able = [frozenset(handset.name for handset in handsets if not missing(each, handset)) for each in needs]
    taken: list[HandsetIdentity] = []

    def rank(handset: HandsetIdentity) -> tuple[int, bool]:
        return sum(handset.name in those for those in able), handset.name in holding

    for those in sorted(filter(None, able), key=len):
        if not any(handset.name in those for handset in taken):
            taken.append(max((handset for handset in handsets if handset.name in those), key=rank))
    others = [handset for handset in handsets if handset not in taken]
    return taken + sorted(others, key=rank, reverse=True)
