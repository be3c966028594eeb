"""logcat: what is in the log, and what comes (AOSP system/logging/logcat/logcat.cpp)."""

from __future__ import annotations

from framework.virtual.android.logcat_options import DIVIDER, LogcatError, LogcatOptions, parse
from framework.virtual.android.logd import Buffer, LogEntry
from framework.virtual.commands.context import Context, reason, to_bytes

MAX_ENTRY_BYTES = 5120
MAX_PAYLOAD_BYTES = 4068
PRUNE_LIST = "~! ~1000/!"
USAGE = """Usage: logcat [options] [filterspecs]

General options:
  -b BUFFER   main, system, crash, events, radio, default or all, separated by commas
  -L          The log of the boot before
  -c          Clear the buffers
  -d          Print what is there, and exit
  -t COUNT    The last COUNT entries (or those since 'MM-DD hh:mm:ss.mmm'), and exit
  -T COUNT    The same, without exiting
  -g, -G SIZE Size of the buffers, and setting it
  -S          Statistics
  --pid=PID   Only of this process
  --uid=UIDS  Only of these users
  -f FILE     Into a file

Formatting: -v FORMAT  brief, long, process, raw, tag, thread, threadtime, time; color, descriptive, epoch,
  monotonic, nsec, printable, uid, usec, utc, year, zone
Filtering: -s, -e EXPR, -m COUNT, --print, and filterspecs TAG:PRIORITY
"""


async def run(ctx: Context) -> int:
    try:
        options = parse(ctx.argv[1:], ctx.env.get("ANDROID_LOG_TAGS"))
    except LogcatError as error:
        await ctx.err(f"{error}\n")
        return 1
    if options.clear:
        for buffer in options.buffers:
            ctx.device.log.clear(buffer)
        return 0
    if options.resize is not None:
        for buffer in options.buffers:
            ctx.device.log.resize(buffer, options.resize)
        return 0
    if options.help:
        await ctx.out(USAGE)
        return 0
    if options.prune_list:
        await ctx.out(f"{PRUNE_LIST}\n")
        return 0
    if options.statistics:
        await ctx.out(_statistics(ctx, options.buffers))
        return 0
    if options.last_boot:
        return 0  # nothing of the log outlives a boot here
    if options.file is not None and (fault := _unwritable(ctx, options.file)):
        await ctx.err(f"Couldn't open output file '{options.file}': {fault}\n")
        return 1
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
            matched = self._options.matches(entry)
            if matched or (self._options.print_all and self._options.filter.passes(entry)):
                text += [self._divider(entry), self._options.format.line(entry)]
                self._printed += matched
        if text:
            await self._write("".join(text))
        return self._enough()

    async def _write(self, text: str) -> None:
        if self._options.file is None:
            await self._ctx.out(text)
            return
        with self._ctx.files.open(self._ctx.path(self._options.file), "a", perm=0o600) as file:
            file.write(to_bytes(text))

    def _enough(self) -> bool:
        return self._options.max_count is not None and self._printed >= self._options.max_count

    def _divider(self, entry: LogEntry) -> str:
        known, changed = entry.buffer in self._seen, entry.buffer != self._last
        self._seen.add(entry.buffer)
        self._last = entry.buffer
        if len(self._options.buffers) == 1 or (known and not (changed and self._options.dividers)):
            return ""
        return DIVIDER.format("switch to" if known else "beginning of", entry.buffer)


def _unwritable(ctx: Context, name: str) -> str | None:
    """Why a file cannot be written; None where it can."""
    try:
        ctx.files.open(ctx.path(name), "a", perm=0o600).close()
    except OSError as error:
        return reason(error)
    return None


def _statistics(ctx: Context, buffers: tuple[Buffer, ...]) -> str:
    """Bytes and entries by buffer (AOSP logd LogStatistics.cpp, the first table)."""
    log = ctx.device.log
    counts = [(log.usage(buffer)[1], len(log.lines((buffer,)))) for buffer in buffers]
    totals = [*counts, (sum(size for size, _ in counts), sum(number for _, number in counts))]
    head = "size/num " + "".join(f"{name:<20}" for name in (*buffers, "Total"))
    now = "Now      " + "".join(f"{f'{size}/{number}':<20}" for size, number in totals)
    return f"{head.rstrip()}\n{now.rstrip()}\n"


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
