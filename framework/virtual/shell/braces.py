"""Brace expansion: `a{b,c}d` becomes `abd` and `acd`. mksh does it on fields, so braces may come from a variable."""

from __future__ import annotations

from itertools import pairwise
from typing import TypeAlias

from framework.virtual.shell.fields import Field, Piece

Item: TypeAlias = "str | Piece"
"""One unquoted character, or a quoted piece, which braces do not look into."""


def expand_braces(field: Field) -> list[Field]:
    """The fields that a field stands for: itself, if it has no pair of braces with a comma between them."""
    if not any("{" in text and not quoted for text, quoted in field.pieces):
        return [field]
    items: list[Item] = []
    for text, quoted in field.pieces:
        items += [(text, True)] if quoted else list(text)
    return [_field(made) for made in _expand(items)]


def _field(items: list[Item]) -> Field:
    return Field([(item, False) if isinstance(item, str) else item for item in items])


def _expand(items: list[Item]) -> list[list[Item]]:
    for start, item in enumerate(items):
        if item == "{" and (found := _alternatives(items, start)):
            alternatives, end = found
            tails = _expand(items[end:])
            return [
                [*items[:start], *middle, *tail]
                for alternative in alternatives
                for middle in _expand(alternative)
                for tail in tails
            ]
    return [items]


def _alternatives(items: list[Item], start: int) -> tuple[list[list[Item]], int] | None:
    """What is between the commas of the braces opened at `start`, and the place behind the closing one."""
    depth = 0
    cuts = [start]
    for i in range(start, len(items)):
        if items[i] == "{":
            depth += 1
        elif items[i] == "}":
            depth -= 1
        elif items[i] == "," and depth == 1:
            cuts.append(i)
        if depth == 0:
            cuts.append(i)
            return ([items[a + 1 : b] for a, b in pairwise(cuts)], i + 1) if len(cuts) > 2 else None
    return None
