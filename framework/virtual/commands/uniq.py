"""uniq: lines that repeat their neighbours."""

from __future__ import annotations

import re

from framework.virtual.commands.context import Context
from framework.virtual.commands.inputs import lines, opened
from framework.virtual.commands.options import Options, parse_options
from framework.virtual.system.pipes import BytesWriter, Writer


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "cduiz", "fsw", maximum=2)
    name = options.operands[0] if options.operands else "-"
    to_file = BytesWriter() if len(options.operands) > 1 else None
    output: Writer = to_file or ctx.stdout
    previous, count = b"", 0
    async with opened(ctx, name) as reader:
        async for raw in lines(reader):
            line = raw.removesuffix(b"\n")
            if count and _key(line, options) == _key(previous, options):
                count += 1
                continue
            await _show(output, options, previous, count)
            previous, count = line, 1
    await _show(output, options, previous, count)
    if to_file:
        ctx.files.write(ctx.path(options.operands[1]), bytes(to_file.data))
    return 0


def _key(line: bytes, options: Options) -> bytes:
    if fields := options.number("f"):
        line = re.sub(rb"^(?:\s*\S+){0,%d}" % fields, b"", line)
    line = line[options.number("s") :]
    if "w" in options:
        line = line[: options.number("w")]
    return line.lower() if "i" in options else line


async def _show(output: Writer, options: Options, line: bytes, count: int) -> None:
    if not count or ("d" in options and count == 1) or ("u" in options and count > 1):
        return
    await output.write((b"%7d " % count if "c" in options else b"") + line + b"\n")
