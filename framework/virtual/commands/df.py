"""df: how full the file systems are."""

from __future__ import annotations

from framework.virtual.commands.context import Context, reason
from framework.virtual.commands.options import parse_options
from framework.virtual.commands.sizes import human
from framework.virtual.system.layout import MOUNTS, Mount

PARTITION = 3 << 30
"""The size of a read-only partition, in bytes."""
FIRST_WIDTH = 14
SHARED_SPACE = ("/data", "/storage/emulated")


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "HPkhiaT", "t")
    mounts = [mount for mount in MOUNTS if mount.kind not in ("proc", "sysfs") or "a" in options]
    status = 0
    if options.operands:
        mounts = []
        for name in options.operands:
            try:
                ctx.files.stat(ctx.path(name))
                mounts.append(_mount_of(ctx.files.realpath(ctx.path(name))))
            except OSError as error:
                status = await ctx.fail(f"{name}: {reason(error)}")
    readable = "h" in options or "H" in options
    rows = [_row(ctx, mount, readable=readable) for mount in mounts]
    if rows:
        await ctx.out(_table([_titles(readable=readable), *rows]))
    return status


def _mount_of(path: str) -> Mount:
    holding = [mount for mount in MOUNTS if path == mount.path or path.startswith(mount.path.rstrip("/") + "/")]
    return max(holding, key=lambda mount: len(mount.path))


def _titles(*, readable: bool) -> list[str]:
    return ["Filesystem", "Size" if readable else "1K-blocks", "Used", "Avail" if readable else "Available", "Use%"]


def _row(ctx: Context, mount: Mount, *, readable: bool) -> list[str]:
    total = ctx.files.total_bytes() if mount.path in SHARED_SPACE else PARTITION
    used = total - ctx.files.free_bytes() if mount.path in SHARED_SPACE else int(total * mount.share)
    share = -(-used * 100 // total)
    sizes = [human(size) if readable else str(size // 1024) for size in (total, used, total - used)]
    return [mount.device, *sizes, f"{share}%", mount.path]


def _table(rows: list[list[str]]) -> str:
    """Names to the left, numbers to the right, as wide as the widest."""
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    widths[0] = max(widths[0], FIRST_WIDTH)
    made = []
    for row in rows:
        mounted = row[5] if len(row) > 5 else "Mounted on"
        cells = [row[0].ljust(widths[0]), *(row[i].rjust(widths[i]) for i in range(1, 5))]
        made.append(f"{' '.join(cells)} {mounted}\n")
    return "".join(made)
