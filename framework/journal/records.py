"""Records of the contract as JSON data, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from framework.contract.turn import Evidence

T = TypeVar("T")


def plain(value: Any) -> Any:
    """Records of the contract as JSON data: field by field, verdicts by name, evidence by name and size."""
    kind: Any = type(value)
    if kind in _SCALARS:
        return value
    if isinstance(value, Evidence):
        return {"name": value.name, "file_name": value.file_name, "bytes": len(value.content)}
    if names := _names(kind):
        return {name: plain(getattr(value, name)) for name in names}
    if kind is tuple or kind is list:
        return [plain(entry) for entry in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return {} if is_dataclass(kind) else value


_SCALARS = frozenset((str, int, float, bool, type(None)))


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a record; none of what is no record."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def rebuilt(kind: type[T], data: Any) -> T:
    """The record of the class `kind` that `plain` has made `data` of; evidence comes back without its content.

    A field that is missing takes its default, and one that is unknown is passed over, so that other versions'
    records are read too. ValueError: `data` is no such record.
    """
    exactly: Any = kind
    return cast(T, _maker(exactly)(data))


Maker = Callable[[Any], Any]


@cache
def _maker(kind: Any) -> Maker:
    """What makes a value of that type out of JSON data: found out once, since journals have millions of values."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Any:
        return lambda data: data
    if origin in (Union, UnionType):
        other = _maker(next(option for option in inner if option is not type(None)))
        return lambda data: None if data is None else other(data)
    if origin is Literal:
        return lambda data: _expected(data in inner, data, kind)
    if origin is tuple:
        return _tuple(inner)
    if origin is frozenset:
        of_set = _maker(inner[0])
        return lambda data: frozenset(of_set(entry) for entry in _checked(data, list))
    if origin is not None:  # the only generic left in the contract: a mapping by name
        of_map = _maker(inner[1])
        return lambda data: {name: of_map(entry) for name, entry in _checked(data, dict).items()}
    if kind is Evidence:
        return _evidence
    if is_dataclass(kind):
        return lambda data: _record(kind, _checked(data, dict))
    if issubclass(kind, Enum):
        return lambda data: kind(data)
    return _number if kind is float else lambda data: _checked(data, kind)


def _evidence(data: Any) -> Evidence:
    name, file_name = (_checked(_checked(data, dict).get(key), str) for key in ("name", "file_name"))
    return Evidence(name, file_name, b"")


def _tuple(inner: tuple[Any, ...]) -> Maker:
    if inner[1:] == (...,):
        of_all = _maker(inner[0])
        return lambda data: tuple([of_all(entry) for entry in _checked(data, list)])
    makers = [_maker(one) for one in inner]
    return lambda data: tuple([make(entry) for make, entry in zip(makers, _checked(data, list), strict=True)])


def _record(kind: Any, data: dict[str, Any]) -> Any:
    makers, needed = _fields(kind)
    values = {name: make(data[name]) for name, make in makers if name in data}
    lacks = [name for name in needed if name not in data]
    if lacks:
        raise ValueError(f"{kind.__name__} lacks {', '.join(lacks)}")
    return kind(**values)


@cache
def _fields(kind: Any) -> tuple[tuple[tuple[str, Maker], ...], tuple[str, ...]]:
    """The makers of a record's fields, and the fields without a default."""
    hints = get_type_hints(kind)
    without = [one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]
    return tuple((one.name, _maker(hints[one.name])) for one in fields(kind)), tuple(without)


def _number(data: Any) -> Any:
    return _expected(isinstance(data, int | float) and not isinstance(data, bool), data, "a number")


def _checked(data: Any, kind: type) -> Any:
    right = isinstance(data, kind) and not (kind is int and isinstance(data, bool))
    return _expected(right, data, kind.__name__)


def _expected(right: bool, data: Any, kind: object) -> Any:
    if not right:
        raise ValueError(f"expected {kind}, found {type(data).__name__}")
    return data
