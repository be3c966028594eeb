"""logcat: what is in the log, and what comes (AOSP system/logging/logcat/logcat.cpp)."""

from __future__ import annotations

from framework.virtual.android.logcat_options import DIVIDER, LogcatError, LogcatOptions, parse
from framework.virtual.android.logd import Buffer, LogEntry
from framework.virtual.commands.context import Context

MAX_ENTRY_BYTES = 5120
MAX_PAYLOAD_BYTES = 4068


async def run(ctx: Context) -> int:
    try:
        options = parse(ctx.argv[1:], ctx.env.get("ANDROID_LOG_TAGS"))
    except LogcatError as fault:
        await ctx.err(f"{fault}\n")
        return 1
    if options.clear:
        for buffer in options.buffers:
            ctx.device.log.clear(buffer)
        return 0
    if options.resize is not None:
        for buffer in options.buffers:
            ctx.device.log.resize(buffer, options.resize)
        return 0
    if options.sizes:
        await ctx.out("".join(_size_line(ctx, buffer) for buffer in options.buffers))
        return 0
    await _Printer(ctx, options).run()
    return 0


class _Printer:
    """Prints matching entries, with a divider before the first of each buffer where there are several."""

    def __init__(self, ctx: Context, options: LogcatOptions) -> None:
        self._ctx = ctx
        self._options = options
        self._seen: set[Buffer] = set()
        self._last: Buffer | None = None
        self._printed = 0

    async def run(self) -> None:
        log, options = self._ctx.device.log, self._options
        entries = [entry for entry in log.lines(options.buffers) if options.is_from_wanted_process(entry)]
        last = entries[-1].sequence if entries else 0
        if await self._print(options.tail(entries)) or options.dump:
            return
        async for entry in log.follow(options.buffers, after=last):
            if options.is_from_wanted_process(entry) and await self._print([entry]):
                return

    async def _print(self, entries: list[LogEntry]) -> bool:
        """Print what matches, in one piece; True when enough was printed."""
        text = []
        for entry in entries:
            if self._enough():
                break
            if self._options.matches(entry):
                text += [self._divider(entry), self._options.format.line(entry)]
                self._printed += 1
        if text:
            await self._ctx.out("".join(text))
        return self._enough()

    def _enough(self) -> bool:
        return self._options.max_count is not None and self._printed >= self._options.max_count

    def _divider(self, entry: LogEntry) -> str:
        known, changed = entry.buffer in self._seen, entry.buffer != self._last
        self._seen.add(entry.buffer)
        self._last = entry.buffer
        if len(self._options.buffers) == 1 or (known and not (changed and self._options.dividers)):
            return ""
        return DIVIDER.format("switch to" if known else "beginning of", entry.buffer)


def _size_line(ctx: Context, buffer: Buffer) -> str:
    limit, used = ctx.device.log.usage(buffer)
    sizes = f"ring buffer is {_human(limit)} ({_human(used)} consumed, {_human(used)} readable)"
    return f"{buffer}: {sizes}, max entry is {MAX_ENTRY_BYTES} B, max payload is {MAX_PAYLOAD_BYTES} B\n"


def _human(amount: int) -> str:
    for unit in ("B", "KiB", "MiB"):
        if amount < 1024 or unit == "MiB":
            return f"{amount} {unit}"
        amount //= 1024
    raise AssertionError
