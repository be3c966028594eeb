"""Sums: what is asked in digits, words or symbols, and sums that go on from the last result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import isqrt

from framework.virtual.apps.assistant.dialogue.numbers import show, with_digits
from framework.virtual.apps.assistant.dialogue.state import Answer, Facts, Said, State

TOPIC = "arithmetic"

_MOST_CHARACTERS = 60
_LARGEST = 10**15

_WORDS: tuple[tuple[str, str], ...] = (
    (r"percent of|% of", "% *"),
    (r"percent", "%"),
    (r"(?<=\d)的?(?:百|100)分之(\d+(?:\.\d+)?)", r" * \1 %"),
    (r"(?:百|100)分之(\d+(?:\.\d+)?)", r"\1 %"),
    (r"divided by|over|除以", "/"),
    (r"multiplied by|times|乘以|乘|×", "*"),
    (r"plus|add|加上|加", "+"),
    (r"minus|subtract|减去|减", "-"),
    (r"÷", "/"),
    (r"(?<=\d)\s*x\s*(?=\d)", "*"),
)
_ASKING = re.compile(
    r"^(?:(?:what is|how much is|calculate|compute|and|then|now|请问|算一下|计算|再)\s*)+"
    r"|(?:\s*(?:equals?|=|等于多少|等于几|是多少|得多少|等于))+\s*$"
)
_SUM = re.compile(r"[-+*/(]?[\d\s.+\-*/()%]*\d[\d\s.+\-*/()%]*")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[-+*/()%]")
_ROOT = (r"square root of ([\w .-]+)", r"(.+?)的平方根")


def answer(said: Said, state: State, facts: Facts) -> Answer | None:
    if (root := said.match(*_ROOT)) is not None:
        return _square_root(said, state, root[1])
    written = _as_sum(said.compact if said.language == "zh" else said.plain)
    if written is None:
        return None
    if written[0] in "+*/" or (written[0] == "-" and not said.plain.startswith("-")):
        if state.number is None:
            return Answer(said.choose("From which number?", "从哪个数算起？"), state)
        written = f"{_plain(state.number)}{written}"
    return _evaluated(said, state, written)


def _as_sum(text: str) -> str | None:
    """The sum in symbols; None when this is none, or only a number."""
    if len(text) > _MOST_CHARACTERS:
        return None
    text = with_digits(_ASKING.sub("", text))
    for pattern, symbol in _WORDS:
        text = re.sub(pattern, symbol, text)
    text = text.strip()
    return text if _SUM.fullmatch(text) and re.search(r"[-+*/%]", text) else None


def _evaluated(said: Said, state: State, written: str) -> Answer:
    try:
        result = _Sum(written).value()
    except ZeroDivisionError:
        return Answer(said.choose("Nothing can be divided by zero.", "不能除以零。"), state)
    except ValueError:
        return Answer(said.choose("I can not read that sum.", "我看不懂这个算式。"), state)
    return _told(said, state, result)


def _told(said: Said, state: State, result: Fraction) -> Answer:
    if abs(result) >= _LARGEST:
        return Answer(said.choose("That number is too large for me.", "这个数太大了。"), state)
    shown = show(result)
    text = said.choose(f"The result is {shown}.", f"结果是{shown}。")
    return Answer(text, replace(state, number=result))


def _square_root(said: Said, state: State, words: str) -> Answer | None:
    found = re.fullmatch(r"\s*(\d{1,12})\s*", with_digits(words))
    if found is None:
        return None
    number = int(found[1])
    exact = isqrt(number)
    root = Fraction(exact) if exact * exact == number else Fraction(round(number**0.5, 4)).limit_denominator(10_000)
    return _told(said, state, root)


def _plain(number: Fraction) -> str:
    return (
        f"({number.numerator}/{number.denominator})" if number >= 0 else f"(0-{-number.numerator}/{number.denominator})"
    )


class _Sum:
    """A sum by recursive descent: sign, percent, product, sum. ValueError for what is none."""

    def __init__(self, written: str) -> None:
        self._tokens: Iterator[str] = iter(_TOKEN.findall(written))
        if "".join(_TOKEN.findall(written)) != written.replace(" ", ""):
            raise ValueError(written)
        self._next = next(self._tokens, "")

    def value(self) -> Fraction:
        value = self._terms()
        if self._next:
            raise ValueError(self._next)
        return value

    def _take(self) -> str:
        taken, self._next = self._next, next(self._tokens, "")
        return taken

    def _terms(self) -> Fraction:
        value = self._product()
        while self._next in ("+", "-"):
            value = value + self._product() if self._take() == "+" else value - self._product()
        return value

    def _product(self) -> Fraction:
        value = self._percent()
        while self._next in ("*", "/"):
            value = value * self._percent() if self._take() == "*" else value / self._percent()
        return value

    def _percent(self) -> Fraction:
        value = self._single()
        while self._next == "%":
            self._take()
            value /= 100
        return value

    def _single(self) -> Fraction:
        match self._take():
            case "-":
                return -self._single()
            case "(":
                value = self._terms()
                if self._take() != ")":
                    raise ValueError("a bracket is left open")
                return value
            case number:
                return Fraction(number)
