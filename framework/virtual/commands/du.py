"""du: how much space files take."""

from __future__ import annotations

import stat

from framework.virtual.commands.context import Context, reason
from framework.virtual.commands.options import Options, parse_options
from framework.virtual.commands.sizes import human

PAGE = 4096


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "abcdhHKkLlmsx", "d", long={"max-depth": "d"})
    usage = _Usage(ctx, options)
    total = 0
    for name in options.operands or ["."]:
        total += await usage.measure(name, 0)
    if "c" in options:
        await usage.show("total", total)
    return usage.status


class _Usage:
    def __init__(self, ctx: Context, options: Options) -> None:
        self.status = 0
        self._ctx = ctx
        self._options = options
        self._depth = 0 if "s" in options else options.number("d", 1 << 30)

    async def measure(self, name: str, depth: int) -> int:
        """Bytes below and at `name`, shown as the options say."""
        path = self._ctx.path(name)
        try:
            info = self._ctx.files.stat(path, follow="L" in self._options)
            is_directory = stat.S_ISDIR(info.mode)
            names = self._ctx.files.listdir(path) if is_directory else []
        except OSError as error:
            self.status = await self._ctx.fail(f"{name}: {reason(error)}")
            return 0
        size = info.size if "b" in self._options else -(-info.size // PAGE) * PAGE
        for entry in names:
            size += await self.measure(f"{name.rstrip('/')}/{entry}", depth + 1)
        if depth == 0 or (depth <= self._depth and (is_directory or "a" in self._options)):
            await self.show(name, size)
        return size

    async def show(self, name: str, size: int) -> None:
        options = self._options
        if "h" in options:
            text = human(size)
        elif "b" in options:
            text = str(size)
        else:
            unit = 1 << 20 if "m" in options else 1024
            text = str(-(-size // unit))
        await self._ctx.out(f"{text}\t{name}\n")
