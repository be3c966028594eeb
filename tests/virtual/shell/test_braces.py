"""Brace expansion."""

from __future__ import annotations

import pytest

from framework.virtual.shell.braces import expand_braces
from framework.virtual.shell.fields import Field


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a{b,c}d", ["abd", "acd"]),
        ("{a,b}{1,2}", ["a1", "a2", "b1", "b2"]),
        ("x{a,{b,c}}", ["xa", "xb", "xc"]),
        ("{a,}", ["a", ""]),
        ("{a}", ["{a}"]),
        ("{a,b", ["{a,b"]),
        ("a,b}", ["a,b}"]),
        ("plain", ["plain"]),
    ],
)
def test_every_alternative_makes_a_field(text: str, expected: list[str]) -> None:
    """Left to right, nested ones as well; a pair without a comma is text."""
    assert [field.text for field in expand_braces(Field([(text, False)]))] == expected


def test_quoted_braces_and_commas_are_text() -> None:
    """Only unquoted characters count, and quoted pieces stay quoted in each field."""
    assert expand_braces(Field([("{a,b}", True)])) == [Field([("{a,b}", True)])]
    made = expand_braces(Field([("{", False), ("x,y", True), (",z}", False)]))
    assert made == [Field([("x,y", True)]), Field([("z", False)])]
