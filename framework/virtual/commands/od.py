"""od and xxd: bytes as numbers."""

from __future__ import annotations

import re
import struct

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.inputs import read_all
from framework.virtual.commands.options import Options, parse_options

CONTROLS = [
    "nul",
    "soh",
    "stx",
    "etx",
    "eot",
    "enq",
    "ack",
    "bel",
    "bs",
    "ht",
    "nl",
    "vt",
    "ff",
    "cr",
    "so",
    "si",
    "dle",
    "dc1",
    "dc2",
    "dc3",
    "dc4",
    "nak",
    "syn",
    "etb",
    "can",
    "em",
    "sub",
    "esc",
    "fs",
    "gs",
    "rs",
    "us",
    "sp",
]
NAMED = {0: "\\0", 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r"}
SHORT = {"b": "o1", "c": "c1", "d": "u2", "o": "o2", "s": "d2", "x": "x2"}
WIDTHS = {
    "o1": 3,
    "o2": 6,
    "o4": 11,
    "x1": 2,
    "x2": 4,
    "x4": 8,
    "x8": 16,
    "u1": 3,
    "u2": 5,
    "u4": 10,
    "d1": 4,
    "d2": 6,
    "d4": 11,
}
WIDTHS |= {"u8": 20, "d8": 20, "o8": 22, "a1": 3, "c1": 3}
CODES = {1: "B", 2: "H", 4: "I", 8: "Q"}


async def run(ctx: Context) -> int:
    return await (_xxd(ctx) if ctx.name == "xxd" else _od(ctx))


async def _od(ctx: Context) -> int:
    options = parse_options(ctx.argv, "vbcdosx", "jNAtw")
    data = b"".join([await read_all(ctx, name) for name in options.operands or ["-"]])
    start = options.number("j")
    data = data[start : start + options.number("N", len(data))]
    forms = [SHORT[flag] for flag in options.flags if flag in SHORT]
    for text in options.values.get("t", []):
        forms += _forms(text)
    base = {"d": "07d", "o": "07o", "x": "06x", "n": ""}.get(options.value("A", "o"), "07o")
    await ctx.out(_dump(data, forms or ["o2"], base, start, squeeze="v" not in options))
    return 0


def _forms(text: str) -> list[str]:
    made = []
    for kind, size in re.findall(r"([acdoux])([1248CSIL]?)", text):
        number = {"C": "1", "S": "2", "I": "4", "L": "8", "": "4"}.get(size, size)
        made.append(f"{kind}1" if kind in "ac" else kind + number)
    if not made:
        raise CommandFault(f"bad -t {text}")
    return made


def _dump(data: bytes, forms: list[str], base: str, start: int, *, squeeze: bool) -> str:
    made: list[str] = []
    previous = b""
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        if squeeze and row == previous and at + 16 < len(data):
            if made[-1] != "*":
                made.append("*")
            continue
        previous = row
        per_byte = max(-(-(WIDTHS[form] + 1) // int(form[1])) for form in forms)
        for i, form in enumerate(forms):
            address = format(start + at, base) if base else ""
            made.append((address if i == 0 else " " * len(address)) + _row(row, form, per_byte))
    if base:
        made.append(format(start + len(data), base))
    return "".join(f"{line}\n" for line in made)


def _row(row: bytes, form: str, per_byte: int) -> str:
    """Every value has the room of its bytes, `per_byte` characters each."""
    kind, size = form[0], int(form[1])
    room = per_byte * size
    if kind in "ac":
        return "".join(f"{_character(byte, named=kind == 'a'):>{room}}" for byte in row)
    padded = row + bytes(-len(row) % size)
    code = CODES[size].lower() if kind == "d" else CODES[size]
    numbers = struct.unpack(f"<{len(padded) // size}{code}", padded)
    shape = {"x": f"0{WIDTHS[form]}x", "o": f"0{WIDTHS[form]}o"}.get(kind, "d")
    return "".join(f"{number:{shape}}".rjust(room) for number in numbers)


def _character(byte: int, *, named: bool) -> str:
    if named:
        return (*CONTROLS, *map(chr, range(33, 127)), "del")[byte & 127]
    return NAMED.get(byte) or (chr(byte) if 32 <= byte < 127 else f"{byte:03o}")


async def _xxd(ctx: Context) -> int:
    options = parse_options(ctx.argv, "ipr", "clgos", maximum=2)
    data = await read_all(ctx, options.operands[0] if options.operands else "-")
    if "r" in options:
        await ctx.stdout.write(_reversed(data, plain="p" in options))
        return 0
    start = options.number("s")
    data = data[start : start + options.number("l", len(data))]
    if "p" in options:
        width = options.number("c", 30)
        await ctx.out("".join(f"{data[at : at + width].hex()}\n" for at in range(0, len(data), width)))
        return 0
    await ctx.out(_hex_rows(data, options, start))
    return 0


def _hex_rows(data: bytes, options: Options, start: int) -> str:
    width, group = options.number("c", 16), options.number("g", 2) or 16
    size = width * 2 + (width + group - 1) // group
    made = ""
    for at in range(0, len(data), width):
        row = data[at : at + width]
        words = "".join(f"{row[i : i + group].hex()} " for i in range(0, len(row), group))
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        made += f"{start + at:08x}: {words:<{size}} {text}\n"
    return made


def _reversed(data: bytes, *, plain: bool) -> bytes:
    made = b""
    for line in data.decode(errors="replace").splitlines():
        body = line if plain else re.split(r"\s{2,}", line.partition(":")[2].strip(), maxsplit=1)[0]
        made += bytes.fromhex(re.sub(r"[^0-9a-fA-F]", "", body))
    return made
