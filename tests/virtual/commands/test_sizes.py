"""Sizes for people."""

from __future__ import annotations

import pytest

from framework.virtual.commands.sizes import human


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1.0K"),
        (1536, "1.5K"),
        (10 << 20, "10M"),
        (1 << 30, "1.0G"),
        (250 * 10**9, "233G"),
    ],
)
def test_three_digits_and_a_letter(size: int, text: str) -> None:
    """As toybox writes them."""
    assert human(size) == text
