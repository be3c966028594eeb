"""Brace expansion: `a{b,c}d` is the two words `abd` and `acd`. It is done on the script's text, before any other."""

from __future__ import annotations

from itertools import pairwise
from typing import TypeAlias

from framework.virtual.shell.syntax import Part, Text, Word
from framework.virtual.shell.words import make_word

Item: TypeAlias = str | Part
"""One unquoted character, or a part that braces do not look into."""


def expand_braces(word: Word) -> list[Word]:
    """The words that a word stands for: itself, if it has no pair of braces with a comma between them."""
    items: list[Item] = []
    for part in word.parts:
        items += list(part.value) if isinstance(part, Text) and not part.quoted else [part]
    return [make_word([Text(item) if isinstance(item, str) else item for item in made]) for made in _expand(items)]


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
