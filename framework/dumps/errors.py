"""The one error of the parsers: text that is not what its kind prints."""

from __future__ import annotations


class DumpError(ValueError):
    """What was `expected` at which line (the first is 1) of a dump of `kind`; nothing is guessed beyond that line."""

    def __init__(self, kind: str, line: int, expected: str) -> None:
        self.kind, self.line, self.expected = kind, line, expected
        super().__init__(kind, line, expected)

    def __str__(self) -> str:
        return f"{self.kind}: line {self.line}: expected {self.expected}"
