"""Numbers in words, read against how they are written."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.media.numerals import chinese_number, english_number
from framework.virtual.apps.assistant.dialogue.numbers import show, with_digits


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("two hundred and five", "205"),
        ("one million two thousand", "1002000"),
        ("twenty-one and three", "21 and 3"),
        ("one or none", "1 or none"),
        ("十", "10"),
        ("二十三", "23"),
        ("一百零五", "105"),
        ("两千零八", "2008"),
        ("一万二千", "12000"),
        ("三点一四", "3.14"),
        ("二零二五", "2025"),
        ("1,234,567", "1234567"),
    ],
)
def test_words_become_digits(words: str, digits: str) -> None:
    """What is not a number stays as it is."""
    assert with_digits(words) == digits


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 999_999))
def test_what_the_voice_says_is_read_back(number: int) -> None:
    """The numerals of the synthesiser and those of the dialogue were written apart, and agree."""
    assert with_digits(english_number(str(number))) == str(number)
    assert with_digits(chinese_number(str(number))) == str(number)


@pytest.mark.parametrize(
    ("number", "shown"), [(Fraction(1, 3), "0.3333"), (Fraction(5), "5"), (Fraction(-1, 2), "-0.5")]
)
def test_numbers_are_shown_short(number: Fraction, shown: str) -> None:
    """At most four decimals and no trailing zeros."""
    assert show(number) == shown
