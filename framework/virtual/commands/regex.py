"""POSIX regular expressions, basic and extended, as Python's `re` understands them."""

from __future__ import annotations

import re

from framework.virtual.commands.context import CommandFault

CLASSES = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "a-zA-Z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r" \t\n\r\f\v",
    "blank": r" \t",
    "punct": r"!-/:-@\[-`{-~",
    "xdigit": "0-9A-Fa-f",
    "cntrl": r"\x00-\x1f\x7f",
    "print": r"\x20-\x7e",
    "graph": r"\x21-\x7e",
}
SWAPPED = "(){}+?|"
"""Characters that are special alone in extended expressions, and behind a backslash in basic ones."""
ESCAPES = {"<": r"\b(?=\w)", ">": r"\b(?<=\w)", "w": r"\w", "W": r"\W", "s": r"\s", "S": r"\S", "b": r"\b", "B": r"\B"}
ESCAPES |= {"n": r"\n", "t": r"\t", "`": r"\A", "'": r"\Z"}


def compile_regex(
    pattern: str, *, extended: bool = False, fixed: bool = False, ignore_case: bool = False
) -> re.Pattern[bytes]:
    """Over bytes. Raises CommandFault for what is no regular expression."""
    source = re.escape(pattern) if fixed else _Translation(pattern, extended).run()
    try:
        return re.compile(source.encode("utf-8", "surrogateescape"), re.IGNORECASE if ignore_case else 0)
    except re.error as error:
        raise CommandFault(f"bad REGEX '{pattern}': {error.msg}") from None


class _Translation:
    def __init__(self, pattern: str, extended: bool) -> None:
        self._pattern = pattern
        self._extended = extended
        self._at = 0
        self._made: list[str] = []

    def run(self) -> str:
        while self._at < len(self._pattern):
            char = self._pattern[self._at]
            self._at += 1
            if char == "\\" and self._at < len(self._pattern):
                self._escaped(self._pattern[self._at])
                self._at += 1
            elif char == "[":
                self._made.append(self._bracket())
            else:
                self._plain(char)
        return "".join(self._made)

    def _escaped(self, char: str) -> None:
        if char in SWAPPED:
            self._made.append(re.escape(char) if self._extended else self._special(char))
        elif char.isdigit() and char != "0":
            self._made.append(f"(?:\\{char})")
        else:
            self._made.append(ESCAPES.get(char, re.escape(char)))

    def _plain(self, char: str) -> None:
        if char == "*":
            at_start = not self._made or self._made[-1] in ("(", "|", "^")
            self._made.append(r"\*" if at_start else "*")
        elif char == "^":
            anchors = self._extended or not self._made or self._made[-1] in ("(", "|")
            self._made.append("^" if anchors else r"\^")
        elif char == "$":
            rest = self._pattern[self._at :]
            anchors = self._extended or not rest or rest.startswith((r"\)", r"\|"))
            self._made.append(r"(?=\n?\Z)" if anchors else r"\$")
        elif char in SWAPPED:
            self._made.append(self._special(char) if self._extended else re.escape(char))
        else:
            self._made.append("." if char == "." else re.escape(char))

    def _special(self, char: str) -> str:
        """An operator; an interval that is none, or a repetition of nothing, is text."""
        if char == "{" and not re.match(r"\d*,?\d*\\?\}", self._pattern[self._at + (not self._extended) :]):
            return r"\{"
        if char in "+?" and (not self._made or self._made[-1] in ("(", "|")):
            return re.escape(char)
        return char

    def _bracket(self) -> str:
        start = self._at
        negated = self._pattern.startswith("^", start)
        at = start + negated
        made = ""
        while at < len(self._pattern) and (self._pattern[at] != "]" or at == start + negated):
            if named := re.compile(r"\[:(\w+):\]").match(self._pattern, at):
                made += CLASSES.get(named[1], "")
                at = named.end()
                continue
            char = self._pattern[at]
            made += char if char == "-" and at > start + negated else re.escape(char)
            at += 1
        if at >= len(self._pattern):
            raise CommandFault(f"bad REGEX '{self._pattern}': brackets ([ ]) not balanced")
        self._at = at + 1
        return f"[{'^' if negated else ''}{made}]"
