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
        return f"{human(size) if kind == 'h' else size >> UNITS[kind]:>11}"

    info = meminfo(ctx)
    total, free, shared, buffers = (info[name] for name in ("MemTotal", "MemFree", "Shmem", "Buffers"))
    swap, swap_free = info["SwapTotal"], info["SwapFree"]
    used = total - free
    await ctx.out(
        f"       {'total':>13}{'used':>12}{'free':>12}{'shared':>12}{'buffers':>12}\n"
        f"Mem:    {shown(total)} {shown(used)} {shown(free)} {shown(shared)} {shown(buffers)}\n"
        f"-/+ buffers/cache:  {shown(used - buffers)} {shown(free + buffers)}\n"
        f"Swap:   {shown(swap)} {shown(swap - swap_free)} {shown(swap_free)}\n"
    )
    return 0


def meminfo(ctx: Context) -> dict[str, int]:
    """Kilobytes by name; 0 for what the kernel does not tell."""
    values = dict.fromkeys(("MemTotal", "MemFree", "Shmem", "Buffers", "SwapTotal", "SwapFree", "Cached"), 0)
    for line in ctx.device.files.read("/proc/meminfo").decode().splitlines():
        name, _, rest = line.partition(":")
        values[name] = int(rest.split()[0])
    return values
