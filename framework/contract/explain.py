"""What pydantic found wrong with a file, in plain words and with the place in the file."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import Tag, ValidationError
from pydantic_core import ErrorDetails

from framework.contract.errors import Problem
from framework.contract.record import FAULT, Record, nearest, quoted
from framework.contract.yaml_tree import KeyPath, Tree, path_text

Loc = tuple[str | int, ...]

EXPECTED: Mapping[str, str] = {
    "string_type": "expected text",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "finite_number": "expected a finite number",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_parsing_size": "expected a smaller number",
    "int_from_float": "expected a whole number",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "tuple_type": "expected a list",
    "dict_type": "expected a mapping (key: value)",
    "model_type": "expected a mapping (key: value)",
    "model_attributes_type": "expected a mapping (key: value)",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be at most {le:g}",
}
"""Type of a pydantic error → what was expected; what was found is put behind it."""

EMPTY = ("string_too_short", "too_short")
KEY = "[key]"
"""Pydantic's last location part where the key of a mapping is wrong, not its value."""


def problems(error: ValidationError, model: type[Record], tree: Tree, file: str) -> list[Problem]:
    """One problem for each place that is wrong."""
    faults = [_Fault(details, model) for details in error.errors(include_url=False)]
    meant = {(*fault.path[:-1], fault.suggestion) for fault in faults if fault.kind == "extra_forbidden"}
    return [fault.problem(tree, file) for fault in faults if not fault.follows_from(meant)]


class _Fault:
    """One error of pydantic, with the path and the record of its place."""

    def __init__(self, details: ErrorDetails, model: type[Record]) -> None:
        self.kind = details["type"]
        self.found = details["input"]
        self.context: Mapping[str, Any] = details.get("ctx", {})
        self.path, owner = _place(model, details["loc"])
        self.suggestion: str | None = None
        self.message = self._explain(owner) or details["msg"]

    def follows_from(self, meant: set[tuple[str | int | None, ...]]) -> bool:
        """A key that is missing because it was misspelt; a list that is "empty" because its items are wrong."""
        return (self.kind == "missing" and self.path in meant) or (self.kind == "too_short" and bool(self.found))

    def problem(self, tree: Tree, file: str) -> Problem:
        return Problem(self.message, file, tree.line(self.path), path_text(self.path) or None, self.suggestion)

    def _explain(self, owner: type[Record] | None) -> str | None:
        if self.kind == FAULT:
            self.path, self.suggestion = self.path + self.context["at"], self.context["suggestion"]
            return str(self.context["message"])
        if self.kind == "missing":
            return "missing"
        if self.kind in EMPTY:
            return "must not be empty"
        if self.kind == "extra_forbidden" and owner is not None:
            return self._unknown_key(owner)
        if self.kind == "literal_error":
            return self._not_among(_words(self.context["expected"]), self.found)
        if self.kind in ("union_tag_invalid", "union_tag_not_found"):
            return self._no_member()
        expected = EXPECTED.get(self.kind)
        return f"{expected.format(**self.context)}, found {quoted(self.found)}" if expected else None

    def _unknown_key(self, owner: type[Record]) -> str:
        key, known = str(self.path[-1]), tuple(owner.model_fields)
        self.suggestion = nearest(key, known) or _deeper(key, owner)
        return "unknown key" if self.suggestion else f"unknown key; there are {', '.join(known)}"

    def _not_among(self, options: tuple[str, ...], found: object) -> str:
        self.suggestion = nearest(found, options) if isinstance(found, str) else None
        wanted = f"{', '.join(options[:-1])} or {options[-1]}" if len(options) > 1 else options[0]
        return f"expected {wanted}, found {quoted(found)}"

    def _no_member(self) -> str | None:
        if not isinstance(self.found, dict):
            return f"{EXPECTED['model_type']}, found {quoted(self.found)}"
        (key,) = _words(self.context["discriminator"])
        self.path = (*self.path, key)
        return (
            self._not_among(_words(self.context["expected_tags"]), self.found.get(key))
            if key in self.found
            else "missing"
        )


def _words(text: str) -> tuple[str, ...]:
    """Pydantic's `'a', 'b' or 'c'` → ("a", "b", "c")."""
    return tuple(re.findall(r"'([^']*)'", text))


def _deeper(key: str, owner: type[Record]) -> str | None:
    """`expect.ttft_ms` for a key that belongs one level below."""
    for name, field in owner.model_fields.items():
        for _, member in _members(field.annotation):
            if _is_record(member) and key in member.model_fields:
                return f"{name}.{key}"
    return None


def _place(annotation: Any, loc: Loc) -> tuple[KeyPath, type[Record] | None]:
    """The path in the file (pydantic names the members of unions in between) and the record of its last key."""
    if not loc:
        return (), None
    members = _members(annotation)
    if len(members) > 1:
        return _place(dict(members)[str(loc[0])], loc[1:])
    inner = _inner(members[0][1], loc[0])
    path, owner = _place(inner, loc[1:]) if inner is not None and loc[1:] != (KEY,) else ((), None)
    holder = members[0][1] if len(loc) == 1 and _is_record(members[0][1]) else None
    return (loc[0], *path), owner or holder


def _inner(annotation: Any, part: str | int) -> Any:
    """Type of what `part` names within a value of that type; None where it names nothing known."""
    if _is_record(annotation):
        field = annotation.model_fields.get(part)
        return None if field is None else field.annotation
    arguments = get_args(annotation)
    return arguments[1] if get_origin(annotation) is dict else arguments[0] if arguments else None


def _members(annotation: Any, tag: str = "") -> list[tuple[str, Any]]:
    """(tag, type) of each member of a union; one pair for anything else. None is left out."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        tags = [extra.tag for extra in arguments[1:] if isinstance(extra, Tag)]
        return _members(arguments[0], tags[0] if tags else tag)
    if origin in (Union, types.UnionType):
        return [pair for member in arguments if member is not type(None) for pair in _members(member)]
    return [(tag or _kind(annotation), annotation)]


def _kind(annotation: Any) -> str:
    """The value of a record's `kind`, by which pydantic names it within a union."""
    field = annotation.model_fields.get("kind") if _is_record(annotation) else None
    return str(get_args(field.annotation)[0]) if field is not None else ""


def _is_record(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Record)
