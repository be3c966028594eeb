"""free: how much memory is taken, from /proc/meminfo."""

from __future__ import annotations

from framework.virtual.commands.context import Context
from framework.virtual.commands.options import parse_options
from framework.virtual.commands.sizes import human

UNITS = {"b": 0, "k": 10, "m": 20, "g": 30, "t": 40}


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "htgmkb")
    kind = options.last_of("htgmkb", "b")

    def shown(kilobytes: int) -> str:
        size = kilobytes * 1024
        return human(size) if kind == "h" else str(size >> UNITS[kind])

    info = meminfo(ctx)
    total, free, shared, buffers = (info[name] for name in ("MemTotal", "MemFree", "Shmem", "Buffers"))
    swap, swap_free = info["SwapTotal"], info["SwapFree"]
    used = total - free
    await ctx.out(
        f"\t\ttotal{'used':>12}{'free':>12}{'shared':>12}{'buffers':>12}\n"
        f"Mem:{shown(total):>17}{shown(used):>12}{shown(free):>12}{shown(shared):>12}{shown(buffers):>12}\n"
        f"-/+ buffers/cache:{shown(used - buffers):>15}{shown(free + buffers):>12}\n"
        f"Swap:{shown(swap):>16}{shown(swap - swap_free):>12}{shown(swap_free):>12}\n"
    )
    return 0


def meminfo(ctx: Context) -> dict[str, int]:
    """Kilobytes by name; 0 for what the kernel does not tell."""
    values = dict.fromkeys(("MemTotal", "MemFree", "Shmem", "Buffers", "SwapTotal", "SwapFree", "Cached"), 0)
    for line in ctx.device.files.read("/proc/meminfo").decode().splitlines():
        name, _, rest = line.partition(":")
        values[name] = int(rest.split()[0])
    return values
