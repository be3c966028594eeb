"""Text of reports without serial numbers, accounts, phone numbers and secrets; how much was taken out is counted.

What stands in their place says what it was, never which: `[redacted phone number]`. Redacting twice is as good as once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from threading import Lock
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from framework.contract.account import RunHead, TestAccount
from framework.contract.run import BuildIdentity, Conclusion, HandsetIdentity, Repetition, Unit
from framework.contract.trace import Sample, Trace
from framework.contract.turn import Evidence, TurnRecord
from framework.redaction.patterns import Pattern
from framework.redaction.rules import BLOCKS, RULES, WORDS

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

KEPT: Mapping[type, frozenset[str]] = {
    BuildIdentity: frozenset(("name", "version", "package", "model", "hashes")),
    Conclusion: frozenset(("handset", "model")),
    HandsetIdentity: frozenset(("name", "manufacturer", "model", "soc", "android", "fingerprint", "system", "tags")),
    RunHead: frozenset(("name", "version")),
    Sample: frozenset(("probe", "values")),
    TestAccount: frozenset(("file", "handset", "model")),
    Unit: frozenset(("file",)),
}
"""Record → fields that stay as they are, beside `id`: by them runs are continued, compared and found."""


TOLD_AGAIN, WALKED = (Unit, TurnRecord, Repetition, Trace), 16
"""Records of which several events tell: they are looked at once. So many are remembered, for they may be large."""


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
        return self._clean(text)

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

    def record(self, record: T) -> T:
        """A record of the contract with all its texts redacted, but for those by which it is found (KEPT)."""
        return self._value(record) if self.active else record

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

    # -- records -----------------------------------------------------------------------------------------------------

    def _value(self, value: Any) -> Any:
        """The same object where nothing had to be taken out."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Evidence):
            return self.evidence(value)
        if isinstance(value, tuple | list | frozenset):
            made = [self._value(one) for one in value]
            return value if all(new is old for new, old in zip(made, value, strict=True)) else type(value)(made)
        if isinstance(value, Mapping):
            changed = {key: self._value(one) for key, one in value.items()}
            return value if all(changed[key] is one for key, one in value.items()) else changed
        return self._record(value) if is_dataclass(value) else value

    def _record(self, record: Any) -> Any:
        if isinstance(record, HandsetIdentity):
            return self._handset(record)
        kind: Any = type(record)
        done = self._walked.get(id(record))
        if done is not None and done[0] is record:
            return done[1]
        clean = self._changed(record, kind)
        if kind in TOLD_AGAIN:
            if len(self._walked) >= WALKED:
                self._walked = {}
            self._walked[id(record)] = record, clean
        return clean

    def _changed(self, record: Any, kind: Any) -> Any:
        changes = {}
        for name in telling(kind):
            old = getattr(record, name)
            new = self._value(old)
            if new is not old and new != old:
                changes[name] = new
        return replace(record, **changes) if changes else record

    def _handset(self, handset: HandsetIdentity) -> HandsetIdentity:
        """Without its number, which is known from now on; one that every machine has stays."""
        self.know((handset.serial,))
        return replace(handset, serial="") if handset.serial and not _NOBODYS.fullmatch(handset.serial) else handset


@cache
def telling(kind: type) -> tuple[str, ...]:
    """The fields of a record in which text may stand that has to be looked at."""
    return tuple(name for name, hint in _looked_at(kind) if _tells(hint, (kind,)))


def _looked_at(kind: Any) -> list[tuple[str, Any]]:
    hints, kept = get_type_hints(kind), KEPT.get(kind, frozenset())
    return [(one.name, hints[one.name]) for one in fields(kind) if one.name != "id" and one.name not in kept]


def _tells(hint: Any, within: tuple[Any, ...]) -> bool:
    origin, inner = get_origin(hint), get_args(hint)
    if hint in (str, Any, Evidence):
        return True
    if origin is Literal or hint in within:
        return False
    if origin in (Union, UnionType, tuple, list, frozenset):
        return any(_tells(one, within) for one in inner)
    if origin is not None:  # a mapping: its keys are names of ours
        return _tells(inner[-1], within)
    return is_dataclass(hint) and any(_tells(one, (*within, hint)) for _, one in _looked_at(hint))
