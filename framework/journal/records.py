"""Records of the contract as JSON data, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from framework.contract.turn import Evidence

T = TypeVar("T")


def plain(value: Any) -> Any:
    """Records of the contract as JSON data: field by field, verdicts by name, evidence by name and size."""
    if isinstance(value, Evidence):
        return {"name": value.name, "file_name": value.file_name, "bytes": len(value.content)}
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value


def rebuilt(kind: type[T], data: Any) -> T:
    """The record of the class `kind` that `plain` has made `data` of; evidence comes back without its content.

    A field that is missing takes its default, and one that is unknown is passed over, so that other versions'
    records are read too. ValueError: `data` is no such record.
    """
    return cast(T, _rebuilt(kind, data))


def _rebuilt(kind: Any, data: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Any:
        return data
    if origin in (Union, UnionType):
        return None if data is None else _rebuilt(next(option for option in inner if option is not type(None)), data)
    if origin is Literal:
        return _expected(data in inner, data, kind)
    if origin is tuple:
        return _tuple(inner, _checked(data, list))
    if origin is frozenset:
        return frozenset(_rebuilt(inner[0], entry) for entry in _checked(data, list))
    if origin is not None:  # the only generic left in the contract: a mapping by name
        return {name: _rebuilt(inner[1], entry) for name, entry in _checked(data, dict).items()}
    if kind is Evidence:
        name, file_name = (_checked(_checked(data, dict).get(key), str) for key in ("name", "file_name"))
        return Evidence(name, file_name, b"")
    if is_dataclass(kind):
        return _record(kind, _checked(data, dict))
    if issubclass(kind, Enum):
        return kind(data)
    return _number(data) if kind is float else _checked(data, kind)


def _tuple(inner: tuple[Any, ...], data: list[Any]) -> tuple[Any, ...]:
    kinds = [inner[0]] * len(data) if inner[1:] == (...,) else inner
    return tuple(_rebuilt(kind, entry) for kind, entry in zip(kinds, data, strict=True))


def _record(kind: Any, data: dict[str, Any]) -> Any:
    values = {name: _rebuilt(hint, data[name]) for name, hint in _hints(kind).items() if name in data}
    lacks = [
        field.name
        for field in fields(kind)
        if field.name not in data and field.default is MISSING and field.default_factory is MISSING
    ]
    if lacks:
        raise ValueError(f"{kind.__name__} lacks {', '.join(lacks)}")
    return kind(**values)


@cache
def _hints(kind: type) -> dict[str, Any]:
    """The types of a record's fields; reading them from the annotations each time would cost more than the rest."""
    return get_type_hints(kind)


def _number(data: Any) -> Any:
    return _expected(isinstance(data, int | float) and not isinstance(data, bool), data, "a number")


def _checked(data: Any, kind: type) -> Any:
    right = isinstance(data, kind) and not (kind is int and isinstance(data, bool))
    return _expected(right, data, kind.__name__)


def _expected(right: bool, data: Any, kind: object) -> Any:
    if not right:
        raise ValueError(f"expected {kind}, found {type(data).__name__}")
    return data
