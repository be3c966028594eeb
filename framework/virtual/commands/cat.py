"""cat: copy files to standard output."""

from __future__ import annotations

from framework.virtual.commands.context import Context
from framework.virtual.commands.inputs import chunks, for_each
from framework.virtual.commands.options import Options, parse_options
from framework.virtual.system.pipes import Reader


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "uvte")

    async def copy(_: str, reader: Reader) -> None:
        async for data in chunks(reader):
            await ctx.stdout.write(_shown(data, options) if options.flags else data)

    return await for_each(ctx, options.operands, copy)


def _shown(data: bytes, options: Options) -> bytes:
    """-v, -t and -e: bytes that would not show, as text."""
    return b"".join(_shown_byte(byte, options) for byte in data)


def _shown_byte(byte: int, options: Options) -> bytes:
    if byte == 10:
        return b"$\n" if "e" in options else b"\n"
    if byte == 9 and "t" not in options:
        return b"\t"
    if "v" not in options and not (byte == 9 and "t" in options):
        return bytes((byte,))
    prefix = b"M-" if byte > 127 else b""
    byte &= 127
    return prefix + (b"^" + bytes((byte ^ 64,)) if byte < 32 or byte == 127 else bytes((byte,)))
