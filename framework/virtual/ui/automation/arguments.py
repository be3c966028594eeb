"""Fields of a request's JSON object, checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from framework.virtual.ui.automation.errors import AutomationError

T = TypeVar("T")


def argument(fields: Mapping[str, Any], name: str, kind: type[T]) -> T:
    """A field of that type; an AutomationError "invalid argument" when it is missing or of another."""
    value = fields.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise AutomationError("invalid argument", f"{name} must be a {kind.__name__}, not {value!r}")
    return value


def number(fields: Mapping[str, Any], name: str, default: float | None = None) -> float:
    """A number; an AutomationError "invalid argument" when it is missing without a default, or none."""
    value = fields.get(name, default)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise AutomationError("invalid argument", f"{name} must be a number, not {value!r}")
    return value


def json_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object that a request's body is, an empty one for an empty body."""
    if not body:
        return {}
    try:
        fields = json.loads(body)
    except ValueError as error:
        raise AutomationError("invalid argument", f"the body is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise AutomationError("invalid argument", "the body must be a JSON object")
    return fields
