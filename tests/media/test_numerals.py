"""Numbers in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.media.numerals import (
    LARGEST,
    chinese_integer,
    chinese_number,
    english_integer,
    english_number,
    english_ordinal,
)

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
UNITS = {"十": 10, "百": 100, "千": 1000}


def read_chinese(words: str) -> int:
    """The number that Chinese words mean, by the rules of their grammar: an oracle of its own."""
    for unit, value in (("亿", 10**8), ("万", 10**4)):
        if unit in words:
            head, tail = words.rsplit(unit, 1)
            return (read_chinese(head) if head else 1) * value + (read_chinese(tail) if tail else 0)
    total, digit = 0, None
    for letter in words:
        if letter in DIGITS:
            digit = DIGITS[letter]
        else:
            total, digit = total + (1 if digit is None else digit) * UNITS[letter], None
    return total + (digit or 0)


@given(st.integers(0, LARGEST - 1))
def test_chinese_words_mean_the_number(number: int) -> None:
    """Read back by another hand they give the same number."""
    assert read_chinese(chinese_integer(number)) == number


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (10, "十"),
        (12, "十二"),
        (110, "一百一十"),
        (105, "一百零五"),
        (1005, "一千零五"),
        (1010, "一千零一十"),
        (10500, "一万零五百"),
        (110000, "十一万"),
        (100005000, "一亿零五千"),
    ],
)
def test_zeros_are_said_where_places_are_skipped(number: int, words: str) -> None:
    """As a Mandarin speaker says them."""
    assert chinese_integer(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (20, "twenty"),
        (99, "ninety nine"),
        (105, "one hundred five"),
        (1_234, "one thousand two hundred thirty four"),
        (2_000_000, "two million"),
    ],
)
def test_english_words(number: int, words: str) -> None:
    """American style, without "and" and hyphens."""
    assert english_integer(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "first"),
        (2, "second"),
        (3, "third"),
        (4, "fourth"),
        (12, "twelfth"),
        (20, "twentieth"),
        (31, "thirty first"),
    ],
)
def test_english_ordinals(number: int, words: str) -> None:
    """Regular and irregular ones."""
    assert english_ordinal(number) == words


@pytest.mark.parametrize(
    ("digits", "english", "chinese"),
    [
        ("3.05", "three point zero five", "三点零五"),
        ("007", "zero zero seven", "零零七"),
        ("1" + "0" * 15, "one" + " zero" * 15, "一" + "零" * 15),
    ],
)
def test_fractions_codes_and_long_numbers(digits: str, english: str, chinese: str) -> None:
    """Digits after the point, behind leading zeros and of very long numbers are read one by one."""
    assert (english_number(digits), chinese_number(digits)) == (english, chinese)
