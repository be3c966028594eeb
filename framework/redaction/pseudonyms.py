"""Identifiers of a handset and of its owner → pseudonyms: pure functions over all texts of one bundle.

The same identifier gets the same pseudonym everywhere, and two get two. Pseudonyms look like what they stand for, so
that parsers read on, and are recognised: what is redacted already stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from framework.redaction.patterns import IDENTIFIERS, Pattern

Named = Mapping[str, Iterable[str]]
"""Class (a key of PSEUDONYMS) → identifiers that are known exactly."""

PSEUDONYMS: Mapping[str, Callable[[int], str]] = {
    "account": lambda n: f"account{n}@example.invalid",
    "android_id": lambda n: f"{0xA11D << 48 | n:016x}",
    "app": lambda n: f"redacted.app{n}",
    "ipv4": lambda n: f"192.0.2.{n}" if n < 256 else f"198.51.{100 + n // 256}.{n % 256}",
    "ipv6": lambda n: f"2001:db8::{n:x}",
    "mac": lambda n: "02:00:00:" + ":".join(f"{n >> shift & 255:02x}" for shift in (16, 8, 0)),
    "name": lambda n: f"redacted-name-{n}",
    "number": lambda n: f"00{n:013d}",
    "phone": lambda n: f"+999000{n:06d}",
    "serial": lambda n: f"REDACTED{n:04d}",
    "ssid": lambda n: f"redacted-ssid-{n}",
    "uuid": lambda n: f"00000000-0000-0000-0000-{n:012x}",
}
"""Class → its n-th pseudonym, from 1 on. 192.0.2.0/24 and 2001:db8::/32 are for documentation (RFC 5737, RFC 3849),
+999 is no country's, 02:00:00 is locally administered (and Android's own word for a MAC that is not told)."""

SHORTEST = 4
"""A known identifier with fewer characters would be found in words that mean something else."""


def redact(texts: Mapping[str, str], known: Named, numbers: frozenset[str] = frozenset()) -> dict[str, str]:
    """The texts, by the same names. `numbers` names those that hold only times and counts.

    No line is added or taken away.
    """
    table = _Table()
    exact = _exact(known)
    return {name: _redacted(text, exact, table, bare=name not in numbers) for name, text in texts.items()}


class _Table:
    """Identifier → pseudonym, given in the order of their first appearance."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def pseudonym(self, kind: str, found: str) -> str:
        key = (kind, found.lower() if kind in ("mac", "uuid", "ipv6", "account") else found)
        if key not in self._given:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._given[key] = PSEUDONYMS[kind](self._counts[kind])
        return self._given[key]


@dataclass(frozen=True, slots=True)
class _Exact:
    kinds: Mapping[str, str]
    pattern: re.Pattern[str] | None


def _exact(known: Named) -> _Exact:
    """Identifiers that are known, the longest first: one may be part of another."""
    kinds: dict[str, str] = {}
    for kind, values in known.items():
        kinds.update({value: kind for value in values if len(value) >= SHORTEST and not is_pseudonym(value)})
    words = sorted(kinds, key=lambda word: (-len(word), word))
    joined = "|".join(map(re.escape, words))
    return _Exact(kinds, re.compile(rf"(?<![A-Za-z0-9])(?:{joined})(?![A-Za-z0-9])") if words else None)


def _redacted(text: str, exact: _Exact, table: _Table, *, bare: bool) -> str:
    if exact.pattern is not None:
        text = exact.pattern.sub(lambda match: table.pseudonym(exact.kinds[match[0]], match[0]), text)
    for each in IDENTIFIERS:
        if bare or each.numbers:
            text = each.pattern.sub(lambda match, each=each: _replaced(match, each, table), text)  # type: ignore[misc]
    return text


def _replaced(match: re.Match[str], each: Pattern, table: _Table) -> str:
    group: str | int = "id" if "id" in match.re.groupindex else 0
    found = match[group]
    if not each.accepts(match, found):
        return match[0]
    start, end = match.start(group) - match.start(), match.end(group) - match.start()
    return match[0][:start] + table.pseudonym(each.kind, found) + match[0][end:]


_PSEUDONYM = re.compile(
    r"account\d+@example\.invalid|a11d[0-9a-f]{12}|redacted\.app\d+|192\.0\.2\.\d+|198\.51\.1\d\d\.\d+|2001:db8::[0-9a-f]+"
    r"|02:00:00(?::[0-9a-f]{2}){3}|redacted-(?:name|ssid)-\d+|00\d{13}|\+999000\d{6,}|REDACTED\d{4,}"
    r"|00000000-0000-0000-0000-[0-9a-f]{12}"
)


def is_pseudonym(text: str) -> bool:
    return _PSEUDONYM.fullmatch(text) is not None
