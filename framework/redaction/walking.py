"""The way through a record of the contract to its texts, found out once for each type: a run has millions of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from types import UnionType
from typing import Any, Literal, Protocol, Union, get_args, get_origin, get_type_hints

from framework.contract.account import RunHead, TestAccount
from framework.contract.events import AssistantEvent
from framework.contract.run import BuildIdentity, Conclusion, HandsetIdentity, Repetition, Unit
from framework.contract.trace import Sample, Series, Trace
from framework.contract.turn import Estimate, Evidence, TurnRecord

KEPT: Mapping[type, frozenset[str]] = {
    AssistantEvent: frozenset(("event",)),
    BuildIdentity: frozenset(("name", "version", "package", "model", "hashes")),
    Conclusion: frozenset(("handset", "model")),
    Estimate: frozenset(("metric",)),
    HandsetIdentity: frozenset(("name", "manufacturer", "model", "soc", "android", "fingerprint", "system", "tags")),
    RunHead: frozenset(("name", "version")),
    Sample: frozenset(("probe", "values")),
    Series: frozenset(("name", "unit")),
    TestAccount: frozenset(("file", "handset", "model")),
    Unit: frozenset(("file",)),
}
"""Record → fields that stay as they are, beside `id`: by them runs are continued, compared and found, or
they are words of a table of ours."""


TOLD_AGAIN = frozenset((Unit, TurnRecord, Repetition, Trace))
"""Records of which several events tell: they are looked at once."""
_NO_TEXT = frozenset((int, float, bool, type(None)))


class Cleaning(Protocol):
    """What is done to what is found on the way; each gives the same object back where nothing has changed."""

    def text(self, text: str) -> str: ...
    def evidence(self, piece: Evidence) -> Evidence: ...
    def handset(self, handset: HandsetIdentity) -> HandsetIdentity: ...
    def recall(self, record: Any) -> Any:
        """What a record has become before; None where that is not known."""

    def remember(self, record: Any, clean: Any) -> None: ...


Walk = Callable[[Any, Any], Any]
"""(Cleaning, value) → the value without what is to be taken out."""


def cleaned(cleaning: Cleaning, value: Any) -> Any:
    """A value of any type; the same object where nothing had to be taken out."""
    kind: Any = type(value)
    if kind in _NO_TEXT:
        return value
    if kind is str:
        return cleaning.text(value)
    if isinstance(value, Mapping):
        return _of_mapping(cleaned)(cleaning, value)
    if isinstance(value, tuple | list | frozenset):
        return _of_items(cleaned)(cleaning, value)
    walk = walker(kind)
    return value if walk is None else walk(cleaning, value)


@cache
def walker(hint: Any) -> Walk | None:
    """The way through values of a type; None where there is no text in them."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is str:
        return lambda cleaning, value: cleaning.text(value)
    if hint is Any:
        return cleaned
    if hint is Evidence:
        return lambda cleaning, value: cleaning.evidence(value)
    if hint is HandsetIdentity:
        return lambda cleaning, value: cleaning.handset(value)
    if origin in (Union, UnionType):
        return cleaned if any(walker(one) for one in inner) else None
    if origin is Literal:
        return None
    if origin in (tuple, list, frozenset):
        items = {one for one in inner if one is not ...}
        of_one = walker(items.pop()) if len(items) == 1 else cleaned if any(map(walker, items)) else None
        return None if of_one is None else _of_items(of_one)
    if origin is not None:  # a mapping: its keys are names of ours
        of_value = walker(inner[-1])
        return None if of_value is None else _of_mapping(of_value)
    return _of_record(hint) if _is_record(hint) and telling(hint) else None


def _is_record(hint: Any) -> bool:
    return is_dataclass(hint)


@cache
def telling(kind: Any) -> tuple[str, ...]:
    """The fields of a record in which text may stand that has to be looked at."""
    return tuple(name for name, _ in _ways(kind))


@cache
def _ways(kind: Any) -> tuple[tuple[str, Walk], ...]:
    hints, kept = get_type_hints(kind), KEPT.get(kind, frozenset())
    names = [one.name for one in fields(kind) if one.name != "id" and one.name not in kept]
    return tuple((name, walk) for name in names if (walk := walker(hints[name])) is not None)


def _of_record(kind: Any) -> Walk:
    ways = _ways(kind)

    def changed(cleaning: Cleaning, record: Any) -> Any:
        changes = None
        for name, way in ways:
            old = getattr(record, name)
            new = way(cleaning, old)
            if new is not old:
                changes = {**(changes or {}), name: new}
        return replace(record, **changes) if changes else record

    def walk(cleaning: Cleaning, record: Any) -> Any:
        known = cleaning.recall(record)
        if known is not None:
            return known
        clean = changed(cleaning, record)
        cleaning.remember(record, clean)
        return clean

    return walk if kind in TOLD_AGAIN else changed


def _of_items(of_one: Walk) -> Walk:
    def walk(cleaning: Cleaning, items: Any) -> Any:
        if not items:
            return items
        made = [of_one(cleaning, item) for item in items]
        for new, old in zip(made, items, strict=True):
            if new is not old:
                return type(items)(made)
        return items

    return walk


def _of_mapping(of_value: Walk) -> Walk:
    def walk(cleaning: Cleaning, mapping: Any) -> Any:
        if not mapping:
            return mapping
        made = {key: of_value(cleaning, value) for key, value in mapping.items()}
        for key, value in mapping.items():
            if made[key] is not value:
                return made
        return mapping

    return walk
