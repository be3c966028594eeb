"""Text as it is said: digits, dates, times and symbols in words.

eSpeak reads digits and symbols in Mandarin half in English. Recognised text is compared in words, so both sides of
a comparison go through here too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from re import Match
from typing import TYPE_CHECKING

from framework.media.numerals import (
    chinese_digits,
    chinese_integer,
    chinese_number,
    english_integer,
    english_number,
    english_ordinal,
)

if TYPE_CHECKING:
    from framework.contract.scenario import Language

Rule = tuple[str, Callable[[Match[str]], str] | str]
"""A pattern, and its words as a function or as a template of `re.sub`; the rules of a language run in order."""

_NUMBER = r"\d+(?:\.\d+)?"
_DATE = r"(?<!\d)(\d{4})([-/.])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d)"
_TIME = r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])"
_GROUPED = r"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])"
_RANGE = r"(?<=[\d%CF°])[-–~](?=\d)"
_MINUS = rf"(?<![\w.])[-−](?={_NUMBER})"

# fmt: off
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)
# fmt: on


def spoken(text: str, language: Language) -> str:
    """`text` with the digits and symbols that are said written out in words of `language`."""
    text = unicodedata.normalize("NFKC", text)
    for pattern, words in _CHINESE if language == "zh" else _ENGLISH:
        text = re.sub(pattern, words, text)
    return text


def _ungroup(match: Match[str]) -> str:
    return match[0].replace(",", "")


def _english_date(match: Match[str]) -> str:
    return f"{_MONTHS[int(match[3]) - 1]} {english_ordinal(int(match[4]))} {english_number(match[1])}"


def _english_time(match: Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    if minute == 0:
        return f"{english_integer(hour)} o'clock"
    return f"{english_integer(hour)} {'oh ' if minute < 10 else ''}{english_integer(minute)}"


_ENGLISH: tuple[Rule, ...] = (
    (_DATE, _english_date),
    (_TIME, _english_time),
    (_GROUPED, _ungroup),
    (_RANGE, " to "),
    (_MINUS, "minus "),
    (r"\b(\d+)(?:st|nd|rd|th)\b", lambda match: english_ordinal(int(match[1]))),
    (rf"\$({_NUMBER})", r"\1 dollars"),
    (rf"¥({_NUMBER})", r"\1 yuan"),
    (r"(?<=\d)\s*%", " percent"),
    (r"(?<=\d)\s*°\s*C\b", " degrees Celsius"),
    (r"(?<=\d)\s*°\s*F\b", " degrees Fahrenheit"),
    (r"(?<=\d)\s*°", " degrees"),
    (r"(?<=\d)\s*km/h\b", " kilometers per hour"),
    (r"(?<=\d)\s*km\b", " kilometers"),
    (r"\s*&\s*", " and "),
    (r"\s*\+\s*", " plus "),
    (r"\s*=\s*", " equals "),
    (r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)", " "),
    (_NUMBER, lambda match: english_number(match[0])),
)


def _chinese_date(match: Match[str]) -> str:
    return f"{chinese_digits(match[1])}年{chinese_integer(int(match[3]))}月{chinese_integer(int(match[4]))}日"


def _chinese_time(match: Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    words = "两点" if hour == 2 else f"{chinese_integer(hour)}点"
    if minute == 0:
        return words
    return f"{words}{'零' if minute < 10 else ''}{chinese_integer(minute)}分"


_CHINESE: tuple[Rule, ...] = (
    (_DATE, _chinese_date),
    (r"(?<!\d)(\d{4})(?=\s*年)", lambda match: chinese_digits(match[1])),
    (_TIME, _chinese_time),
    (_GROUPED, _ungroup),
    (_RANGE, "到"),
    (rf"{_MINUS}({_NUMBER})\s*°", r"零下\1°"),
    (_MINUS, "负"),
    (rf"({_NUMBER})\s*%", r"百分之\1"),
    (rf"\$({_NUMBER})", r"\1美元"),
    (rf"¥({_NUMBER})", r"\1元"),
    (r"(?<=\d)\s*°\s*C", "摄氏度"),
    (r"(?<=\d)\s*°\s*F", "华氏度"),
    (r"(?<=\d)\s*°", "度"),
    (r"(?<=\d)\s*km/h", "公里每小时"),
    (r"(?<=\d)\s*km", "公里"),
    (r"(?<=\d)\s*kg", "公斤"),
    (r"\s*&\s*", "和"),
    (r"\s*\+\s*", "加"),
    (r"\s*=\s*", "等于"),
    (r"(?<!\d)2(?=\s*[个点位天])", "两"),
    (_NUMBER, lambda match: chinese_number(match[0])),
)
