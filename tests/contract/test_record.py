"""Helpers of the records: suggestions and how found values are shown."""

from __future__ import annotations

import pytest

from framework.contract.record import nearest, quoted


@pytest.mark.parametrize(
    ("word", "options", "expected"),
    [
        ("addres", ("address", "name"), "address"),
        ("Handsets", ("defaults", "handsets"), "handsets"),
        ("half-open", ("closed", "half_open", "open"), "half_open"),
        ("xyz", ("address", "name"), None),
        ("x", (), None),
    ],
)
def test_the_nearest_word_is_suggested(word: str, options: tuple[str, ...], expected: str | None) -> None:
    """Slips of the finger and of the case are recognised; what is too far off is not guessed."""
    assert nearest(word, options) == expected


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "nothing"), ({}, "a mapping"), ([], "a list"), ("8 GB", '"8 GB"'), ("x" * 41, f'"{"x" * 40}…"')],
)
def test_found_values_are_shown_briefly(value: object, shown: str) -> None:
    """Long text is cut, collections are named and not printed."""
    assert quoted(value) == shown
