"""Numbers as people write and say them, in English and Chinese, read and written."""

from __future__ import annotations

import re
from fractions import Fraction

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_UNITS = {word: value for value, word in enumerate([*_SMALL.split(), "eighteen", "nineteen"])}
_DECADES = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = {word: 10 * value for value, word in enumerate(_DECADES.split(), start=2)}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_ENGLISH_WORD = "|".join([*_TENS, *sorted(_UNITS, key=len, reverse=True), *_SCALES])
_ENGLISH = re.compile(rf"\b(?:{_ENGLISH_WORD})(?:(?:[ -]|(?<=hundred) and )(?:{_ENGLISH_WORD})){{0,12}}\b")

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_CHINESE = re.compile(r"[零〇一二两三四五六七八九十百千万]{1,16}(?:点[零〇一二两三四五六七八九]{1,8})?")

_MOST_DECIMALS = 4


def with_digits(text: str) -> str:
    """`text` with every number that is in words written in digits."""
    text = _ENGLISH.sub(lambda found: str(_english(found[0])), text)
    text = _CHINESE.sub(lambda found: _written(found[0]), text)
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)


def show(number: Fraction) -> str:
    """As a decimal with at most four places, without trailing zeros."""
    if number.denominator == 1:
        return str(number.numerator)
    return f"{float(number):.{_MOST_DECIMALS}f}".rstrip("0").rstrip(".")


def _english(words: str) -> int:
    total = part = 0
    for word in re.split(r"[ -]", words):  # "and" counts nothing
        if word in _SCALES and word != "hundred":
            total, part = total + max(part, 1) * _SCALES[word], 0
        elif word == "hundred":
            part = max(part, 1) * 100
        else:
            part += _UNITS.get(word, _TENS.get(word, 0))
    return total + part


def _written(characters: str) -> str:
    whole, _, decimals = characters.partition("点")
    value = _chinese(whole)
    return f"{value}.{''.join(str(_DIGITS[digit]) for digit in decimals)}" if decimals else str(value)


def _chinese(characters: str) -> int:
    if all(character in _DIGITS for character in characters):
        return int("".join(str(_DIGITS[character]) for character in characters) or 0)
    high, ten_thousand, low = characters.rpartition("万")
    if ten_thousand:
        return (_chinese(high) if high else 1) * 10_000 + _chinese(low)
    total, digit = 0, 0
    for character in characters:
        if character in _PLACES:
            total += (digit or 1) * _PLACES[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit
