"""Which handset can run what: a pure function."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable

from framework.contract.run import HandsetIdentity
from framework.contract.scenario import Needs

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}


def missing(needs: Needs, handset: HandsetIdentity) -> tuple[str, ...]:
    """The capabilities that a handset lacks for `needs`, in words; empty where it can run it."""
    lacks = []
    if needs.foldable is not None and needs.foldable != handset.foldable:
        lacks.append("foldable" if needs.foldable else "not foldable")
    if not _holds(needs.ram_gb, handset.ram_gb):
        lacks.append(f"ram_gb {needs.ram_gb} (has {handset.ram_gb:g})")
    if not _holds(needs.android, _release(handset.android)):
        lacks.append(f"android {needs.android} (has {handset.android})")
    lacks += [f"tag {tag}" for tag in needs.tags if tag not in handset.tags]
    return tuple(lacks)


def _holds(need: str | None, has: float) -> bool:
    """Whether `has` satisfies a need such as `">=8"`; a bare number means at least."""
    if need is None:
        return True
    sign, number = re.fullmatch(r"(>=|<=|>|<|==)?\s*(.+)", need).groups()  # type: ignore[union-attr]
    return COMPARISONS[sign or ">="](has, float(number))


def _release(android: str) -> float:
    """`"14"` or `"8.1.0"` as a number; an unreadable release is older than everything."""
    found = re.match(r"\d+(\.\d+)?", android)
    return float(found[0]) if found else 0.0


def nearest(needs: Needs, handsets: Iterable[HandsetIdentity]) -> str:
    """Which handset comes closest to `needs`, and what it lacks; empty where one of them can run it."""
    lacking = [(missing(needs, handset), handset.name) for handset in handsets]
    if not lacking:
        return "there is no handset"
    lacks, name = min(lacking, key=lambda pair: len(pair[0]))
    return f"the nearest, {name}, lacks {' and '.join(lacks)}" if lacks else ""
