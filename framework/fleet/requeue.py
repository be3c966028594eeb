"""Where a test runs next that ended LAB, or whose worker crashed: a pure function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ATTEMPTS = 3
"""How often one test is run at most, on one handset after the other."""

CRASHES = 1
"""How many crashes of a worker one test is forgiven."""


@dataclass(frozen=True, slots=True)
class Lost:
    """An attempt that told nothing about the build: LAB on a handset, or the worker `crashed` in the middle of it.

    `unproven`: the build did not even start there, which may be its fault or the handset's.
    """

    handset: str
    model: str
    crashed: bool = False
    unproven: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """A handset that may be used; `fits`: it has what the test needs."""

    name: str
    model: str
    fits: bool = True


@dataclass(frozen=True, slots=True)
class Again:
    """Run it again: on one of `on`, the best first; that is, not on `avoid`, and on `model` where that is not None."""

    on: tuple[str, ...]
    avoid: tuple[str, ...] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Final:
    """The last attempt counts; `why` there is no other, in words."""

    why: str


def where_next(lost: Sequence[Lost], present: Iterable[Present]) -> Again | Final:
    """After at least one lost attempt: a twin (same model) that has not failed it, else any handset that can run it.

    A crash is no fault of the handset: the test may run there again. Whose fault it was that the build did not start
    is for a twin to say; what another model would say proves nothing.
    """
    if sum(attempt.crashed for attempt in lost) > CRASHES:
        return Final(f"its worker crashed in {CRASHES + 1} attempts")
    if len(lost) >= ATTEMPTS:
        return Final(f"it was run {len(lost)} times: on {', '.join(attempt.handset for attempt in lost)}")
    avoid = tuple(dict.fromkeys(attempt.handset for attempt in lost if not attempt.crashed))
    fit = [handset for handset in present if handset.fits and handset.name not in avoid]
    if not fit:
        return Final("no other handset is left that can run it")
    model = lost[-1].model if lost[-1].unproven else lost[0].model
    twins = tuple(handset.name for handset in fit if handset.model == model)
    if twins:
        return Again(twins, avoid, model)
    if lost[-1].unproven:
        return Final("no other handset of its model is left to tell whose fault it was")
    return Again(tuple(handset.name for handset in fit), avoid)
