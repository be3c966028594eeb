"""Backslash escapes as echo, printf and `$'…'` read them."""

from __future__ import annotations

import re

SIMPLE = {"a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
ESCAPE = re.compile(
    r"\\(?:x(?P<hex>[0-9A-Fa-f]{1,2})|u(?P<short>[0-9A-Fa-f]{1,4})|U(?P<long>[0-9A-Fa-f]{1,8})"
    r"|(?P<octal>[0-7]{1,3})|c(?P<control>.)|(?P<other>.))",
    re.DOTALL,
)


def decode(text: str, *, zero_octal: bool = False, quotes: bool = False) -> str:
    r"""Replace the escapes in `text`; bytes above 127 become surrogates, as in all text of the shell.

    `zero_octal`: octal numbers begin with a 0 (echo's `\0101`); `quotes`: `\'` and `\"` and `\cX` mean something.
    """

    def value(found: re.Match[str]) -> str:
        if number := found["hex"]:
            return _byte(int(number, 16))
        if number := found["short"] or found["long"]:
            return chr(int(number, 16))
        if number := found["octal"]:
            return _byte(int(number, 8) & 255)
        if control := found["control"]:
            return chr(ord(control) & 31) if quotes else found[0]
        other = found["other"]
        if quotes and other in "'\"?":
            return other
        return SIMPLE.get(other, found[0])

    return ESCAPE.sub(value, _longer_octal(text) if zero_octal else text)


def _longer_octal(text: str) -> str:
    r"""echo's `\0NNN` has up to three digits behind the 0: bring it to the three that `ESCAPE` reads."""
    return re.sub(r"\\0([0-7]{3})", lambda found: f"\\{int(found[1], 8) & 255:03o}", text)


def _byte(value: int) -> str:
    return bytes((value,)).decode("utf-8", "surrogateescape")
