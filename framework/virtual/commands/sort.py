"""sort: lines in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cmp_to_key
from itertools import pairwise
from typing import Any

from framework.virtual.commands.context import Context, reason
from framework.virtual.commands.inputs import read_all
from framework.virtual.commands.options import Options, parse_options

KEY = re.compile(r"(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?")
HUMAN = {"k": 1, "m": 2, "g": 3, "t": 4, "p": 5, "e": 6}


@dataclass(frozen=True, slots=True)
class Key:
    """Fields `first` to `last` (0: to the end), from their characters on; `flags` of its own or the command's."""

    first: int
    first_character: int
    last: int
    last_character: int
    flags: str


async def run(ctx: Context) -> int:
    options = parse_options(
        ctx.argv, "bcdfghiMmnrsuVxz", "kotST", long={"reverse": "r", "unique": "u", "key": "k"}, status=2
    )
    rows: list[bytes] = []
    end = b"\0" if "z" in options else b"\n"
    for name in options.operands or ["-"]:
        try:
            data = await read_all(ctx, name)
        except OSError as error:
            return await ctx.fail(f"{name}: {reason(error)}", 2)
        rows += data.removesuffix(end).split(end) if data else []
    order = _Order(options)
    if "c" in options:
        return await _check(ctx, rows, order)
    rows.sort(key=cmp_to_key(order.compare))
    if "u" in options:
        rows = [row for i, row in enumerate(rows) if i == 0 or order.by_keys(rows[i - 1], row)]
    output = b"".join(row + end for row in rows)
    if "o" in options:
        ctx.files.write(ctx.path(options.value("o")), output)
    else:
        await ctx.stdout.write(output)
    return 0


async def _check(ctx: Context, rows: list[bytes], order: _Order) -> int:
    for number, (row, following) in enumerate(pairwise(rows), 2):
        if order.compare(row, following) > 0:
            return await ctx.fail(f"{number}: Check line {following.decode(errors='replace')}")
    return 0


class _Order:
    def __init__(self, options: Options) -> None:
        self._flags = "".join(flag for flag in options.flags if flag in "bdfgiMnrVxh")
        self._separator = options.value("t").encode() or None
        self._keys = [self._key(text) for text in options.values.get("k", [])]
        self._stable = "s" in options or "u" in options

    def _key(self, text: str) -> Key:
        found = KEY.fullmatch(text)
        if found is None:
            return Key(1, 1, 0, 0, self._flags)
        flags = found[3] + (found[6] or "") or self._flags
        return Key(int(found[1]), int(found[2] or 1), int(found[4] or 0), int(found[5] or 0), flags)

    def compare(self, left: bytes, right: bytes) -> int:
        """By the keys, then, unless told otherwise, by the whole lines."""
        return self.by_keys(left, right) or (0 if self._stable else self._whole(left, right))

    def by_keys(self, left: bytes, right: bytes) -> int:
        if not self._keys:
            return _compare(left, right, self._flags)
        for key in self._keys:
            if result := _compare(self._part(left, key), self._part(right, key), key.flags):
                return result
        return 0

    def _whole(self, left: bytes, right: bytes) -> int:
        result = (left > right) - (left < right)
        return -result if "r" in self._flags else result

    def _part(self, line: bytes, key: Key) -> bytes:
        if self._separator is None:
            fields = re.findall(rb"\s*\S+|\s+$", line)
            joint = b""
        else:
            fields, joint = line.split(self._separator), self._separator
        chosen = fields[key.first - 1 : key.last or None]
        if chosen and key.last_character:
            chosen = [*chosen[:-1], chosen[-1][: key.last_character]]
        text = joint.join(chosen)
        if "b" in key.flags:
            text = text.lstrip()
        return text[key.first_character - 1 :]


def _compare(left: bytes, right: bytes, flags: str) -> int:
    first, second = _value(left, flags), _value(right, flags)
    result = int(first > second) - int(first < second)
    return -result if "r" in flags else result


def _value(text: bytes, flags: str) -> Any:
    """Of one kind for the same flags, so that two can be compared."""
    if "n" in flags or "g" in flags or "h" in flags:
        return _number(text, human="h" in flags)
    if "x" in flags:
        found = re.match(rb"\s*(?:0x)?([0-9a-fA-F]+)", text)
        return int(found[1], 16) if found else 0
    if "M" in flags:
        months = b"jan feb mar apr may jun jul aug sep oct nov dec".split()
        name = text.strip()[:3].lower()
        return months.index(name) + 1 if name in months else 0
    if "V" in flags:
        return [(int(part), b"") if part.isdigit() else (-1, part) for part in re.split(rb"(\d+)", text)]
    if "d" in flags:
        text = re.sub(rb"[^\w\s]", b"", text)
    if "i" in flags:
        text = re.sub(rb"[^\x20-\x7e]", b"", text)
    return text.upper() if "f" in flags else text


def _number(text: bytes, *, human: bool) -> float:
    found = re.match(rb"\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)([kKmMgGtTpPeE]?)", text)
    if not found:
        return 0.0
    unit = HUMAN.get(found[2].decode().lower(), 0) if human else 0
    return float(found[1]) * 1024.0**unit
