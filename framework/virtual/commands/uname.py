"""uname: the kernel's name and version."""

from __future__ import annotations

from framework.virtual.commands.context import Context
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "oamvrsnp", long={"all": "a"})
    values = _values(ctx)
    letters = "snrvmo" if "a" in options else [letter for letter in "snrvmo" if letter in options.flags] or "s"
    await ctx.out(" ".join(values[letter] for letter in letters) + "\n")
    return 0


def _values(ctx: Context) -> dict[str, str]:
    """From /proc/version: `Linux version RELEASE (builder) (compiler) VERSION`."""
    words = ctx.device.files.read("/proc/version").decode()
    release = words.split()[2]
    version = words[words.find("#") :].strip() if "#" in words else "#1"
    return {"s": "Linux", "n": "localhost", "r": release, "v": version, "m": "aarch64", "o": "Toybox"}
