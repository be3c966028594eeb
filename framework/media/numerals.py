"""Numbers in words, English and Mandarin."""

from __future__ import annotations

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_ENGLISH_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_IRREGULAR_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}

_DIGITS = "零一二三四五六七八九"
_PLACES = ((1000, "千"), (100, "百"), (10, "十"))
_CHINESE_SCALES = ((10**8, "亿"), (10**4, "万"))

LARGEST = 10**15
"""From here on, digits are read one by one."""


def english_integer(number: int) -> str:
    """105 → "one hundred five"; 0 ≤ number < LARGEST."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, one = divmod(number, 10)
        return _TENS[tens - 2] + (f" {_ONES[one]}" if one else "")
    scale, name = next(pair for pair in _ENGLISH_SCALES if number >= pair[0])
    head, rest = divmod(number, scale)
    return f"{english_integer(head)} {name}" + (f" {english_integer(rest)}" if rest else "")


def english_ordinal(number: int) -> str:
    """21 → "twenty first"."""
    *head, last = english_integer(number).split()
    if last in _IRREGULAR_ORDINALS:
        last = _IRREGULAR_ORDINALS[last]
    else:
        last = (last[:-1] + "ie" if last.endswith("y") else last) + "th"
    return " ".join((*head, last))


def english_number(digits: str) -> str:
    """ "3.05" → "three point zero five"; a leading zero or a very long number is read digit by digit."""
    whole, _, fraction = digits.partition(".")
    plain = (len(whole) == 1 or not whole.startswith("0")) and int(whole) < LARGEST
    words = english_integer(int(whole)) if plain else english_digits(whole)
    return f"{words} point {english_digits(fraction)}" if fraction else words


def english_digits(digits: str) -> str:
    return " ".join(_ONES[int(digit)] for digit in digits)


def chinese_integer(number: int) -> str:
    """105 → 一百零五, 12 → 十二; 0 ≤ number < LARGEST."""
    words = _chinese_section(number)
    return words.removeprefix("一") if words.startswith("一十") else words


def _chinese_section(number: int) -> str:
    if number < 10:
        return _DIGITS[number]
    unit, name = next(pair for pair in (*_CHINESE_SCALES, *_PLACES) if number >= pair[0])
    head, rest = divmod(number, unit)
    words = _chinese_section(head) + name
    if not rest:
        return words
    skipped_a_place = rest < unit // 10
    return words + ("零" if skipped_a_place else "") + _chinese_section(rest)


def chinese_number(digits: str) -> str:
    """ "3.05" → 三点零五; a leading zero or a very long number is read digit by digit."""
    whole, _, fraction = digits.partition(".")
    plain = (len(whole) == 1 or not whole.startswith("0")) and int(whole) < LARGEST
    words = chinese_integer(int(whole)) if plain else chinese_digits(whole)
    return f"{words}点{chinese_digits(fraction)}" if fraction else words


def chinese_digits(digits: str) -> str:
    return "".join(_DIGITS[int(digit)] for digit in digits)
