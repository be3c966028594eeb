"""tr: translate, squeeze and delete characters."""

from __future__ import annotations

import re
import string

from framework.virtual.commands.context import Context
from framework.virtual.commands.escapes import decode
from framework.virtual.commands.inputs import chunks
from framework.virtual.commands.options import parse_options

CLASSES = {
    "alpha": string.ascii_uppercase + string.ascii_lowercase,
    "digit": string.digits,
    "alnum": string.digits + string.ascii_uppercase + string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "lower": string.ascii_lowercase,
    "space": "\t\n\v\f\r ",
    "blank": "\t ",
    "punct": string.punctuation,
    "xdigit": "0123456789ABCDEFabcdef",
}
PART = re.compile(r"\[:(\w+):\]|(.)-(.)|(.)", re.DOTALL)


async def run(ctx: Context) -> int:
    long = {"delete": "d", "squeeze-repeats": "s", "complement": "c"}
    options = parse_options(ctx.argv, "cCdst", long=long, minimum=1, maximum=2)
    first = _expanded(options.operands[0])
    if "c" in options or "C" in options:
        first = bytes(byte for byte in range(256) if byte not in first)
    second = _expanded(options.operands[1]) if len(options.operands) > 1 else b""
    deleted = first if "d" in options else b""
    table = None
    if second and not deleted:
        table = bytes.maketrans(first, (second + second[-1:] * len(first))[: len(first)])
    squeezed = (second or first) if "s" in options else b""
    last = -1
    async for data in chunks(ctx.stdin):
        data = data.translate(table, deleted)
        if squeezed:
            kept = bytearray()
            for byte in data:
                if byte != last or byte not in squeezed:
                    kept.append(byte)
                last = byte
            data = bytes(kept)
        await ctx.stdout.write(data)
    return 0


def _expanded(text: str) -> bytes:
    """A set such as `a-z[:digit:]\\n` as its bytes, in order."""
    made = ""
    for name, first, last, single in PART.findall(decode(text)):
        if name:
            made += CLASSES.get(name, "")
        elif first:
            made += "".join(map(chr, range(ord(first), ord(last) + 1)))
        else:
            made += single
    return made.encode("utf-8", "surrogateescape")
