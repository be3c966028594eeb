"""Text of reports without serial numbers, accounts, phone numbers and secrets; how much was taken out is counted.

What stands in their place says what it was, never which: `[redacted phone number]`. Redacting twice is as good as once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any, TypeVar, cast

from framework.contract.run import HandsetIdentity
from framework.contract.turn import Evidence
from framework.redaction.patterns import Pattern
from framework.redaction.rules import BLOCKS, RULES, WORDS
from framework.redaction.walking import cleaned

T = TypeVar("T")

SHORTEST = 4
"""A serial number with fewer characters would be found in words that mean something else."""
TEXT_SUFFIXES = ("txt", "log", "json", "xml", "csv", "html", "md", "properties")
"""Of evidence that is text; everything else is left as it is."""
MARK = "[redacted "
LONG, SHORT, REMEMBERED = 2000, 100, 20_000
"""Characters from which on a text is looked at line by line, and up to which it is remembered as harmless; how many."""
_NOBODYS = re.compile(r"(?:emulator-\d+|(?:127\.|localhost|0\.0\.0\.0).*|unknown)", re.IGNORECASE)
"""Serial numbers that every machine has."""

WALKED = 16
"""So many records that were looked at are remembered, for they may be large."""


class Redactor:
    """Of one process; `serials` are numbers that are known to be of handsets. Threads may share it."""

    def __init__(self, serials: Iterable[str] = (), *, active: bool = True) -> None:
        """Inactive: it gives everything back as it came (`--no-redact`)."""
        self.active = active
        self._counts: Counter[str] = Counter()
        self._lock = Lock()
        self._serials: frozenset[str] = frozenset()
        self._pattern: re.Pattern[str] | None = None
        self._harmless: set[str] = set()
        self._walked: dict[int, tuple[Any, Any]] = {}
        self.know(serials)

    def know(self, serials: Iterable[str | None]) -> None:
        """These are numbers of handsets, whatever they look like."""
        new = {
            word
            for word in serials
            if word and len(word) >= SHORTEST and not _NOBODYS.fullmatch(word) and MARK not in word
        }
        if not new <= self._serials:
            self._serials |= new
            words = "|".join(re.escape(word) for word in sorted(self._serials, key=lambda word: (-len(word), word)))
            self._harmless, self._walked = set(), {}
            self._pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])")

    @property
    def known(self) -> frozenset[str]:
        """The numbers of handsets."""
        return self._serials

    @property
    def counts(self) -> Mapping[str, int]:
        """In words, such as `phone number` → how many passages were taken out since the last `take`."""
        with self._lock:
            return dict(self._counts)

    def take(self) -> Mapping[str, int]:
        """The counts, which begin anew."""
        with self._lock:
            counts, self._counts = dict(self._counts), Counter()
        return counts

    def text(self, text: str) -> str:
        if text in self._harmless or not self.active or len(text) < SHORTEST:
            return text
        clean = self._clean(text)
        return text if clean == text else clean

    def content(self, content: bytes) -> bytes:
        """Of a file of text; what is none is left as it is, byte for byte."""
        if not self.active or b"\0" in content[:4096]:
            return content
        text = content.decode("utf-8", "surrogateescape")
        clean = self.text(text)
        return content if clean is text or clean == text else clean.encode("utf-8", "surrogateescape")

    def evidence(self, piece: Evidence) -> Evidence:
        if not self.active or piece.suffix.lower() not in TEXT_SUFFIXES:
            return piece
        content = self.content(piece.content)
        return piece if content is piece.content else replace(piece, content=content)

    # -- text --------------------------------------------------------------------------------------------------------

    def _clean(self, text: str) -> str:
        for block in BLOCKS if "-----BEGIN" in text else ():
            text = self._without(block, text)
        if len(text) < LONG:
            return self._line(text)
        return "".join(map(self._line, text.splitlines(keepends=True)))

    def _line(self, text: str) -> str:
        clean = self._without_serials(text)
        small = clean.lower()
        for rule in RULES:
            if rule.hint(clean, small):
                for look in rule.looks:
                    clean = self._without(look, clean)
        if clean == text and len(text) < SHORT:
            self._remember(text)
        return clean

    def _remember(self, text: str) -> None:
        """Short texts come often: metrics, units, checks."""
        if len(self._harmless) >= REMEMBERED:
            self._harmless = set()
        self._harmless.add(text)

    def _without_serials(self, text: str) -> str:
        if self._pattern is None or not any(word in text for word in self._serials):
            return text
        clean, count = self._pattern.subn(f"{MARK}{WORDS['serial']}]", text)
        self._count("serial", count)
        return clean

    def _without(self, look: Pattern, text: str) -> str:
        return look.pattern.sub(lambda match: self._replaced(match, look), text)

    def _replaced(self, match: re.Match[str], look: Pattern) -> str:
        names = match.re.groupindex
        group: str | int = next((name for name in ("quoted", "id") if name in names and match[name] is not None), 0)
        found, whole = match[group], match[0]
        if MARK in whole or found.startswith("[redacted") or not look.accepts(match, found):
            return whole
        self._count(look.kind, 1)
        start, end = match.start(group) - match.start(), match.end(group) - match.start()
        return f"{whole[:start]}{MARK}{WORDS[look.kind]}]{whole[end:]}"

    def _count(self, kind: str, count: int) -> None:
        if count:
            with self._lock:
                self._counts[WORDS[kind]] += count

    # -- records, see `walking` ----------------------------------------------------------------------------------------

    def record(self, record: T) -> T:
        """A record of the contract with all its texts redacted, but for those by which it is found."""
        return cast(T, cleaned(self, record)) if self.active else record

    def handset(self, handset: HandsetIdentity) -> HandsetIdentity:
        """Without its number, which is known from now on; one that every machine has stays."""
        self.know((handset.serial,))
        return replace(handset, serial="") if handset.serial and not _NOBODYS.fullmatch(handset.serial) else handset

    def recall(self, record: Any) -> Any:
        kept = self._walked.get(id(record))
        return kept[1] if kept is not None and kept[0] is record else None

    def remember(self, record: Any, clean: Any) -> None:
        if len(self._walked) >= WALKED:
            self._walked = {}
        self._walked[id(record)] = record, clean
