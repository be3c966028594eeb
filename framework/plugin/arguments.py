"""The command line of a run that continues another one: what the first was given, and what is given now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

RESUME = "--resume"

BY_HISTORY: tuple[str, ...] = ("--lf", "--last-failed", "--ff", "--failed-first", "--nf", "--new-first")
BY_HISTORY += ("--sw", "--stepwise")
BY_HISTORY += ("--sw-skip", "--stepwise-skip", "--sw-reset", "--stepwise-reset", "--cache-clear", "--clean-alluredir")
"""Of no use the second time: what was selected is known, and what was found is kept."""
BY_HISTORY_WITH_VALUE = ("--lfnf", "--last-failed-no-failures")

OF_CONFIGURATION = ("-c", "--config-file", "--rootdir", "-o", "--override-ini")
"""Read before any plugin is asked."""

REPLACED = ("--handset",)
"""Options that add up, but not to those of the first time."""

SELECTING = ("file_or_dir", "keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise")
"""What narrows a run, as pytest's parser names it."""


@dataclass(frozen=True, slots=True)
class Merged:
    """`arguments` are those that hold; `narrowed`: whether only a part of what is left was asked for."""

    arguments: tuple[str, ...]
    narrowed: bool


def merged(first: Sequence[str], given: Sequence[str], parser: pytest.Parser) -> Merged:
    """The first run's arguments and then those that are given now, which win; paths replace paths.

    pytest.UsageError for those of the first run that come too late by now.
    """
    now = tuple(without(given, (RESUME,)))
    kept = list(without(without_flags(first, BY_HISTORY), (RESUME, *BY_HISTORY_WITH_VALUE)))
    _refuse_late(kept, now)
    asked = parser.parse_known_args(list(now))
    if asked.file_or_dir:
        kept = _without_paths(kept, parser.parse_known_args(list(kept)).file_or_dir)
    kept = list(without(kept, [option for option in REPLACED if _has(now, option)]))
    bare = parser.parse_known_args([])
    narrowed = any(getattr(asked, name, None) != getattr(bare, name, None) for name in SELECTING)
    return Merged((*kept, *now), narrowed)


def without(arguments: Sequence[str] | Iterator[str], options: Sequence[str]) -> Iterator[str]:
    """Arguments without those options and their values, in one word or in two."""
    words = iter(arguments)
    for word in words:
        if word in options:
            next(words, None)
        elif not any(word.startswith(f"{option}=") for option in options):
            yield word


def without_flags(arguments: Sequence[str], flags: Sequence[str]) -> list[str]:
    return [word for word in arguments if word not in flags]


def _without_paths(arguments: list[str], paths: Sequence[str]) -> list[str]:
    """The paths are found from the right: a word before them that is the same is some option's value."""
    left = list(reversed(arguments))
    for path in paths:
        left.remove(path)
    return list(reversed(left))


def _has(arguments: Sequence[str], option: str) -> bool:
    return any(word == option or word.startswith(f"{option}=") for word in arguments)


def _refuse_late(first: Sequence[str], now: Sequence[str]) -> None:
    late = [words for words in _with_values(first, OF_CONFIGURATION) if not _follows(now, words)]
    if late:
        told = " ".join(word for words in late for word in words)
        raise pytest.UsageError(f"{RESUME}: give again what the first run was configured by: {told}")


def _with_values(arguments: Sequence[str], options: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for number, word in enumerate(arguments):
        if word in options:
            yield tuple(arguments[number : number + 2])
        elif any(word.startswith(f"{option}=") for option in options):
            yield (word,)


def _follows(arguments: Sequence[str], words: tuple[str, ...]) -> bool:
    size = len(words)
    return any(tuple(arguments[at : at + size]) == words for at in range(len(arguments) - size + 1))
