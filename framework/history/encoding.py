"""Text and lists as every database takes them: PostgreSQL has no NUL in its text, and UTF-8 has no lone surrogates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

_MARK = "\U0010ffff"
"""No character of any script, and valid in UTF-8."""
_UNSTORABLE = re.compile(f"[\0\ud800-\udfff{_MARK}]")
_ESCAPED = re.compile(f"{_MARK}([0-9a-f]{{6}})")

_DUMPS = json.JSONEncoder(separators=(",", ":")).encode


def stored(text: str) -> str:
    """`text` with what cannot be stored escaped; most text is left as it is."""
    return _UNSTORABLE.sub(lambda found: f"{_MARK}{ord(found[0]):06x}", text)


def told(text: str) -> str:
    """What `stored` was given."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if _MARK in text else text


def dumped(value: Iterable[Any] | Mapping[str, Any]) -> str:
    """As JSON in ASCII; NaN and infinities as Python writes them."""
    if not value:
        return "{}" if isinstance(value, Mapping) else "[]"
    return _DUMPS(dict(value) if isinstance(value, Mapping) else list(value))


word = lru_cache(1000)(stored)
"""As `stored`, for what comes again and again, such as names of metrics."""


def listed(words: Sequence[str]) -> str:
    """As `dumped`, of text."""
    return _DUMPS([stored(word) for word in words]) if words else "[]"


def texts(value: str) -> tuple[str, ...]:
    """What `listed` was given."""
    return tuple(map(told, json.loads(value))) if value != "[]" else ()
