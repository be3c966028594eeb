"""top -b: a few pictures of what is busy."""

from __future__ import annotations

from framework.virtual.commands.context import Context
from framework.virtual.commands.free import meminfo
from framework.virtual.commands.options import Options, parse_options, to_nanoseconds
from framework.virtual.commands.processfields import COLUMNS, Sample, columns, header, row, samples

DEFAULT = "PID,USER:12,PR,NI,VIRT,RES,SHR,S,%CPU,%MEM,TIME+,ARGS"
THREADS = "TID,USER:12,PR,NI,VIRT,RES,SHR,S,%CPU,%MEM,TIME+,CMD=THREAD,NAME=PROCESS"
ESCAPES = "\x1b[H\x1b[J"
"""How top begins a picture on a terminal, which it takes anything for without -b."""


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "OhHbq", "kosdmnpu")
    threads = "H" in options
    shown = columns(options.values.get("o") or [THREADS if threads else DEFAULT])
    ticks: dict[int, tuple[int, int]] = {}
    count = options.number("n", -1)
    while count != 0:
        found = samples(ctx, threads=threads)
        found = [sample for sample in found if "p" not in options or str(sample.process.pid) in options.value("p")]
        found.sort(key=lambda sample: _since(sample, ticks), reverse=True)
        await ctx.out(("" if "b" in options else ESCAPES) + _picture(ctx, found, options))
        await ctx.out(header(shown) + "\n")
        limit = options.number("m", len(found))
        await ctx.out("".join(row(shown, sample) + "\n" for sample in found[:limit]))
        ticks = {sample.tid: (sample.cpu_ticks, sample.now_ns) for sample in found}
        count -= 1
        if count:
            await ctx.device.clock.sleep(to_nanoseconds(options.value("d", "3")))
    return 0


def _since(sample: Sample, before: dict[int, tuple[int, int]]) -> float:
    """CPU time per time since the last picture, or since the process started."""
    ticks, at = before.get(sample.tid, (0, sample.process.started_ns))
    return (sample.cpu_ticks - ticks) / max(1, sample.now_ns - at)


def _picture(ctx: Context, found: list[Sample], options: Options) -> str:
    if "q" in options:
        return ""
    info = meminfo(ctx)
    running = sum(COLUMNS["S"].value(sample) == "R" for sample in found)
    used, swapped = info["MemTotal"] - info["MemFree"], info["SwapTotal"] - info["SwapFree"]
    what = "Threads" if "H" in options else "Tasks"
    return (
        f"{what}: {len(found)} total, {running:3d} running, {len(found) - running:3d} sleeping,"
        "   0 stopped,   0 zombie\n"
        f"  Mem: {_mb(info['MemTotal'])} total, {_mb(used)} used, {_mb(info['MemFree'])} free,"
        f" {_mb(info['Buffers'])} buffers\n"
        f" Swap: {_mb(info['SwapTotal'])} total, {_mb(swapped)} used, {_mb(info['SwapFree'])} free,"
        f" {_mb(info['Cached'])} cached\n"
        f"{_processors(ctx)}\n"
    )


def _mb(kilobytes: int) -> str:
    return f"{kilobytes >> 10:8d}M"


def _processors(ctx: Context) -> str:
    """Shares of the time since boot, in percent of one CPU."""
    lines = ctx.device.files.read("/proc/stat").decode().splitlines()
    numbers = [int(word) for word in lines[0].split()[1:9]]
    count = sum(line.startswith("cpu") for line in lines) - 1
    shares = [round(number / max(1, sum(numbers)) * count * 100) for number in numbers]
    names = ("user", "nice", "sys", "idle", "iow", "irq", "sirq", "host")
    return f"{count * 100}%cpu" + "".join(f"{share:4d}%{name}" for share, name in zip(shares, names, strict=True))
