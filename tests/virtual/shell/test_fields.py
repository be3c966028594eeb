"""Field splitting."""

from __future__ import annotations

import pytest

from framework.virtual.shell.fields import FieldBuilder


def fields(ifs: str, *pieces: tuple[str, str]) -> list[str]:
    """Pieces are ("split" | "plain" | "quoted" | "end", text)."""
    builder = FieldBuilder(ifs)
    for kind, text in pieces:
        if kind == "split":
            builder.split(text)
        elif kind == "end":
            builder.end_field()
        else:
            builder.add(text, quoted=kind == "quoted")
    return [field.text for field in builder.finish()]


@pytest.mark.parametrize(
    ("ifs", "text", "expected"),
    [
        (" \t\n", "  a  b\tc\n", ["a", "b", "c"]),
        (" \t\n", "", []),
        (":", "a:b::c", ["a", "b", "", "c"]),
        (":", ":a", ["", "a"]),
        (":", "a:", ["a"]),
        (" :", " a : b :: c ", ["a", "b", "", "c"]),
        ("", "a b", ["a b"]),
        ("x", "axbx", ["a", "b"]),
    ],
)
def test_unquoted_results_are_split_by_ifs(ifs: str, text: str, expected: list[str]) -> None:
    """Blanks in IFS run together and vanish at the ends; other characters end a field each."""
    assert fields(ifs, ("split", text)) == expected


def test_what_touches_joins_and_what_is_quoted_stays() -> None:
    """`a"b c"$x` with x='d e' is two fields; an empty quotation is a field of its own."""
    assert fields(" ", ("plain", "a"), ("quoted", "b c"), ("split", "d e")) == ["ab cd", "e"]
    assert fields(" ", ("quoted", "")) == [""]
    assert fields(" ", ("split", ""), ("end", ""), ("quoted", "")) == [""]
    assert fields(" ", ("quoted", "a"), ("end", ""), ("quoted", "b")) == ["a", "b"]
