"""Which handset can run what: pure functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from functools import partial

from framework.contract.comparison import number_holds, system_holds, version_holds
from framework.contract.needs import Needs
from framework.contract.run import HandsetIdentity

Lacks = Iterator[str]


def missing(needs: Needs, handset: HandsetIdentity) -> tuple[str, ...]:
    """The capabilities that a handset lacks for `needs`, in words; empty where it can run it."""
    return tuple(lack for check in CHECKS for lack in check(needs, handset))


def nearest(needs: Needs, handsets: Iterable[HandsetIdentity]) -> str:
    """Which handset comes closest to `needs` and what it lacks, in words; empty where one of them can run it.

    The closest lacks the fewest capabilities; of alternatives (`any_of`) the one counts that it comes closest to.
    """
    every = list(handsets)
    if not every:
        return "there is no handset"
    closest = min(every, key=partial(_lacks, needs))
    lacks = missing(needs, closest)
    return f"the nearest, {closest.name}, lacks {' and '.join(lacks)}" if lacks else ""


def _lacks(needs: Needs, handset: HandsetIdentity) -> int:
    """How many capabilities it lacks."""
    own = sum(1 for check in CHECKS if check is not _alternatives for _ in check(needs, handset))
    return own + min((_lacks(other, handset) for other in needs.any_of), default=0)


def _foldable(needs: Needs, handset: HandsetIdentity) -> Lacks:
    if needs.foldable is not None and needs.foldable != handset.foldable:
        yield "foldable" if needs.foldable else "not foldable"


def _fold_states(needs: Needs, handset: HandsetIdentity) -> Lacks:
    for state in needs.fold_states:
        if state not in handset.fold_states:
            yield f"fold_states {state} (has {', '.join(handset.fold_states) or 'none'})"


def _numbers(needs: Needs, handset: HandsetIdentity) -> Lacks:
    for name, asked, has in (
        ("ram_gb", needs.ram_gb, handset.ram_gb),
        ("free_gb", needs.free_gb, handset.free_gb),
    ):
        value = math.nan if has is None else has
        if asked is not None and not number_holds(asked, value):
            yield f"{name} {asked} ({_had('' if math.isnan(value) else f'{value:g}')})"


def _versions(needs: Needs, handset: HandsetIdentity) -> Lacks:
    checks: tuple[tuple[str, str | None, str, Callable[[str, str], bool]], ...] = (
        ("android", needs.android, handset.android, version_holds),
        ("system", needs.system, handset.system, system_holds),
    )
    for name, asked, has, holds in checks:
        if asked is not None and not holds(asked, has):
            yield f"{name} {asked} ({_had(has)})"


def _names(needs: Needs, handset: HandsetIdentity) -> Lacks:
    if needs.soc and not _named(needs.soc, handset.soc):
        yield f"soc {' or '.join(needs.soc)} ({_had(handset.soc)})"
    if needs.model and not _named(needs.model, handset.model, handset.title):
        yield f"model {' or '.join(needs.model)} ({_is(handset)})"


def _emulated(needs: Needs, handset: HandsetIdentity) -> Lacks:
    if needs.emulated is not None and needs.emulated != handset.emulated:
        yield "emulated" if needs.emulated else "not emulated"


def _tags(needs: Needs, handset: HandsetIdentity) -> Lacks:
    yield from (f"tag {tag}" for tag in needs.tags if tag not in handset.tags)


def _alternatives(needs: Needs, handset: HandsetIdentity) -> Lacks:
    """One lack in all: what each alternative would have needed."""
    lacking = [missing(other, handset) for other in needs.any_of]
    if lacking and all(lacking):
        yield f"any of [{'] or ['.join(' and '.join(lacks) for lacks in lacking)}]"


def _named(patterns: Iterable[str], *names: str) -> bool:
    return any(name and fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns for name in names)


def _is(handset: HandsetIdentity) -> str:
    return f"is {handset.title}" if handset.model else "it does not tell"


def _had(value: str) -> str:
    return f"has {value}" if value else "it does not tell"


CHECKS: tuple[Callable[[Needs, HandsetIdentity], Lacks], ...] = (
    _foldable,
    _fold_states,
    _numbers,
    _versions,
    _names,
    _emulated,
    _tags,
    _alternatives,
)
