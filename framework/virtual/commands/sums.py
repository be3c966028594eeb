"""md5sum, sha1sum, sha224sum, sha256sum, sha384sum, sha512sum: digests of files."""

from __future__ import annotations

import asyncio
import hashlib

from framework.virtual.commands.context import Context
from framework.virtual.commands.inputs import chunks, for_each
from framework.virtual.commands.options import parse_options
from framework.virtual.system.pipes import Reader


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "b", long={"brief": "b"})
    algorithm = ctx.name.removesuffix("sum")

    async def digest(name: str, reader: Reader) -> None:
        state = hashlib.new(algorithm, usedforsecurity=False)
        async for data in chunks(reader):
            state.update(data)
            await asyncio.sleep(0)
        await ctx.out(f"{state.hexdigest()}\n" if "b" in options else f"{state.hexdigest()}  {name}\n")

    return await for_each(ctx, options.operands, digest)
