"""Reads what stands between `[[` and `]]`."""

from __future__ import annotations

from framework.virtual.shell.lexer import Kind, Token
from framework.virtual.shell.syntax import (
    BinaryTest,
    BothTests,
    NotTest,
    Operand,
    ShellSyntaxError,
    Test,
    UnaryTest,
)

UNARY = frozenset(f"-{letter}" for letter in "abcdefghkLnoOGprsStuvwxz")
BINARY = frozenset(("=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"))


def parse_test(tokens: list[Token]) -> Test:
    """Raises ShellSyntaxError in mksh's words."""
    parser = _TestParser(tokens)
    test = parser.either()
    if parser.left():
        parser.fail()
    return test


class _TestParser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def either(self) -> Test:
        test = self._both()
        while self._take("||"):
            test = BothTests(test, self._both(), either=True)
        return test

    def left(self) -> list[Token]:
        return self._tokens[self._next :]

    def fail(self) -> None:
        text = self.left()[0].text if self.left() else "]]"
        raise ShellSyntaxError(f"syntax error: unexpected '{text}'")

    def _both(self) -> Test:
        test = self._one()
        while self._take("&&"):
            test = BothTests(test, self._one(), either=False)
        return test

    def _one(self) -> Test:
        if self._take("!", Kind.WORD):
            return NotTest(self._one())
        if self._take("("):
            test = self.either()
            if not self._take(")"):
                self.fail()
            return test
        return self._primary()

    def _primary(self) -> Test:
        rest = self.left()
        if len(rest) > 2 and rest[1].text in BINARY and rest[0].kind is rest[2].kind is Kind.WORD:
            self._next += 3
            return BinaryTest(rest[1].text, rest[0].word, rest[2].word)
        if len(rest) > 1 and rest[0].text in UNARY and rest[1].kind is Kind.WORD:
            self._next += 2
            return UnaryTest(rest[0].text, rest[1].word)
        if not rest or rest[0].kind is not Kind.WORD:
            self.fail()
        self._next += 1
        return Operand(rest[0].word)

    def _take(self, text: str, kind: Kind = Kind.OPERATOR) -> bool:
        rest = self.left()
        if rest and rest[0].text == text and rest[0].kind is kind:
            self._next += 1
            return True
        return False
