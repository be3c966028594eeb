"""The Java that a `-android uiautomator` locator is written in: `new Name(…).method(…)…`, read into a tree.

As UiExpressionParser and UiAutomatorParser of appium-uiautomator2-server read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn, TypeGuard

from framework.virtual.ui.automation.errors import AutomationError

_START = re.compile(r"\s*(?:new\s+)?(?P<name>Ui\w+)\s*\(\s*")
_METHOD = re.compile(r"\s*\.\s*(?P<name>\w+)\s*\(\s*")
_BARE_METHOD = re.compile(r"\s*\.?\s*(?P<name>[a-z]\w+)\s*\(\s*")
_STRING = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"')
_WORD = re.compile(r"true\b|false\b|-?\d+(?:\.\d+)?")
_COMMA = re.compile(r"\s*,\s*")
_END = re.compile(r"\s*\)")
_STATEMENT_END = re.compile(r"\s*(?:;\s*|$)")


@dataclass(frozen=True, slots=True)
class Invocation:
    """One method call and the character that it stands at."""

    name: str
    arguments: tuple[Argument, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Expression:
    """A constructed object and what is called on it, one after the other."""

    constructor: Invocation
    calls: tuple[Invocation, ...]


Argument = str | bool | float | Expression


def parse(text: str) -> tuple[Expression, ...]:
    """The statements of a locator; an AutomationError "invalid selector" says what is wrong with it."""
    parser = _Parser(text)
    statements = [parser.expression()]
    while parser.more():
        statements.append(parser.expression())
    return tuple(statements)


def fail(text: str, at: int, what: str) -> NoReturn:
    raise AutomationError("invalid selector", f"{what} at character {at} of {text!r}")


def fits(call: Invocation, *kinds: type) -> TypeGuard[Invocation]:
    """Whether a call has arguments of these types."""
    given = [type(argument) for argument in call.arguments]
    return given == list(kinds)


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def expression(self) -> Expression:
        """One that starts with a method is of a UiSelector."""
        begun = self._at
        found = self._accept(_START)
        if found is not None:
            constructor = Invocation(found["name"], self._arguments(), begun)
            calls: list[Invocation] = []
        else:
            first = self._call(_BARE_METHOD)
            if first is None:
                self._fail("new UiSelector() or new UiScrollable(…) expected")
            constructor, calls = Invocation("UiSelector", (), begun), [first]
        while (call := self._call(_METHOD)) is not None:
            calls.append(call)
        return Expression(constructor, tuple(calls))

    def more(self) -> bool:
        """Whether another statement follows."""
        if self._accept(_STATEMENT_END) is None:
            self._fail("the selector should end")
        return self._at < len(self._text)

    def _call(self, pattern: re.Pattern[str]) -> Invocation | None:
        begun = self._at
        found = self._accept(pattern)
        return Invocation(found["name"], self._arguments(), begun) if found is not None else None

    def _arguments(self) -> tuple[Argument, ...]:
        """What stands between the parentheses, up to and with the closing one."""
        if self._accept(_END):
            return ()
        arguments = [self._argument()]
        while self._accept(_COMMA):
            arguments.append(self._argument())
        if not self._accept(_END):
            self._fail("a closing parenthesis expected")
        return tuple(arguments)

    def _argument(self) -> Argument:
        if (string := self._accept(_STRING)) is not None:
            return re.sub(r"\\(.)", r"\1", string["text"])
        if (word := self._accept(_WORD)) is not None:
            return word[0] == "true" if word[0] in ("true", "false") else _number(word[0])
        if not _START.match(self._text, self._at) and not _BARE_METHOD.match(self._text, self._at):
            self._fail("a string, a number, a truth value or a selector expected")
        return self.expression()

    def _accept(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _fail(self, what: str) -> NoReturn:
        fail(self._text, self._at, what)


def _number(word: str) -> int | float:
    return float(word) if "." in word else int(word)
