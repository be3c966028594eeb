"""Puts together the fields that a word expands to: splitting by IFS, and what is quoted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from framework.virtual.shell.patterns import MAGIC, quote

Piece: TypeAlias = tuple[str, bool]
"""Text, and whether it is quoted."""


@dataclass(slots=True)
class Field:
    """One field and what it is made of."""

    pieces: list[Piece] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(piece for piece, _ in self.pieces)

    @property
    def pattern(self) -> str:
        return "".join(quote(piece) if quoted else piece for piece, quoted in self.pieces)

    @property
    def has_magic(self) -> bool:
        return any(not quoted and any(char in piece for char in "*?[") for piece, quoted in self.pieces) and bool(
            MAGIC.search(self.pattern)
        )


class FieldBuilder:
    """Collects fields from the parts of one word, left to right."""

    def __init__(self, ifs: str) -> None:
        self._blank = {char for char in ifs if char in " \t\n"}
        self._other = set(ifs) - self._blank
        self._done: list[Field] = []
        self._current: Field | None = None
        self._after_blank = False

    def add(self, text: str, *, quoted: bool) -> None:
        """Characters that are not split; quoted ones make a field even when there are none."""
        if text or quoted:
            self._open().pieces.append((text, quoted))

    def split(self, text: str) -> None:
        """The unquoted result of an expansion."""
        if not self._blank and not self._other:
            self.add(text, quoted=False)
            return
        start = 0
        for i, char in enumerate(text):
            if char in self._blank or char in self._other:
                self.add(text[start:i], quoted=False)
                self._separate(blank=char in self._blank)
                start = i + 1
        self.add(text[start:], quoted=False)

    def end_field(self) -> None:
        """What follows belongs to another field, as between the elements of `$@`."""
        self._close()
        self._after_blank = False

    def finish(self) -> list[Field]:
        self._close()
        return self._done

    def _separate(self, *, blank: bool) -> None:
        if self._current is not None:
            self._close()
            self._after_blank = blank
        elif blank:
            pass
        elif self._after_blank:
            self._after_blank = False
        else:
            self._done.append(Field())

    def _open(self) -> Field:
        if self._current is None:
            self._current = Field()
            self._after_blank = False
        return self._current

    def _close(self) -> None:
        if self._current is not None:
            self._done.append(self._current)
            self._current = None
