"""Lines and numbers as the kernel and Android's tools print them, for the parsers beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from framework.dumps.errors import DumpError

_LINE_END = re.compile(r"\r*\n")
_WHOLE = re.compile(r"[0-9]{1,20}")
_SIZE = re.compile(r"(?P<number>[0-9]{1,15}(?:\.[0-9]{1,6})?)(?P<unit>[BKMGTP]?)")
_KB = {"B": 1 / 1024, "": 1, "K": 1, "M": 1024, "G": 1024**2, "T": 1024**3, "P": 1024**4}


def numbered(text: str) -> list[tuple[int, str]]:
    """(number from 1, content without white space at its end) of every line that is not blank; CRLF is taken.

    Only line feeds end a line: names of processes and files may hold what `str.splitlines` would split at.
    """
    lines = enumerate(_LINE_END.split(text), start=1)
    return [(number, line.rstrip()) for number, line in lines if line.strip()]


def after_last(text: str) -> int:
    """The number of the line where something that is missing at the end would have stood."""
    lines = numbered(text)
    return lines[-1][0] + 1 if lines else 1


def whole(kind: str, line: int, name: str, text: str, unit: str = "") -> int:
    """The number in `text`, which must be whole, not negative and followed by exactly this unit."""
    number, _, after = text.strip().partition(" ")
    if not _WHOLE.fullmatch(number) or after.strip() != unit:
        raise DumpError(kind, line, f"{name} as a whole number" + (f" and {unit}" if unit else ""))
    return int(number)


def size_kb(kind: str, line: int, name: str, text: str) -> int:
    """A size such as 4.6M, 10G or 1072K in kB, as exact as it was printed; without a letter it is kB already."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise DumpError(kind, line, f"{name} as a size (1072K, 4.6M)")
    return round(float(match["number"]) * _KB[match["unit"]])


def amounts(kind: str, text: str, known: Mapping[str, str], unit: str = "") -> dict[str, int]:
    """Field → number of the lines `KEY: NUMBER [unit]` whose key is in `known` (key → field); others are passed over.

    DumpError where none is there, where one comes twice (two dumps in one text) or where one is no number.
    """
    found: dict[str, int] = {}
    for number, line in numbered(text):
        key, colon, value = line.partition(":")
        field = known.get(key.strip())
        if not colon or field is None:
            continue
        if field in found:
            raise DumpError(kind, number, f"{key.strip()} only once")
        found[field] = whole(kind, number, key.strip(), value, unit)
    if not found:
        raise DumpError(kind, after_last(text), f"lines such as `{next(iter(known))}: 0{unit and ' '}{unit}`")
    return found
