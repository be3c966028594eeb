"""service: what service manager knows, and calls by number (AOSP frameworks/native/cmds/service)."""

from __future__ import annotations

from framework.virtual.android.binder import find_service, services_of
from framework.virtual.commands.context import Context

USAGE = """Usage: service [-h|-?]
       service list
       service check SERVICE
       service call SERVICE CODE [i32 N | i64 N | f N | d N | s16 STR | null | fd f | nfd n | afd f ] ...
"""
PAGE_FLIPS = 1013
"""SurfaceFlinger::onTransact"""


async def run(ctx: Context) -> int:
    match ctx.argv[1:]:
        case ("list",):
            services = services_of(ctx.device)
            lines = [f"{number}\t{each.name}: [{each.interface}]\n" for number, each in enumerate(services)]
            await ctx.out(f"Found {len(services)} services:\n" + "".join(lines))
            return 0
        case ("check", name):
            await ctx.out(f"Service {name}: {'not found' if find_service(ctx.device, name) is None else 'found'}\n")
            return 0
        case ("call", name, code, *_) if code.isdecimal():
            return await _call(ctx, name, int(code))
    await ctx.out(USAGE)
    return 10


async def _call(ctx: Context, name: str, code: int) -> int:
    """A transaction: of those that are known by number here there is one; others are none of the service's."""
    if find_service(ctx.device, name) is None:
        await ctx.err(f"service: Service {name} does not exist\n")
        return 10
    if (name, code) == ("SurfaceFlinger", PAGE_FLIPS):
        await ctx.out(f"Result: Parcel({_word(ctx.device.frames.shown_count())})\n")
        return 0
    await ctx.out('Result: Parcel(Error: 0xffffffffffffffb6 "Not a data message")\n')
    return 0


def _word(value: int) -> str:
    """One 32-bit word as android::hexdump has it: the number, then its bytes."""
    data = (value & 0xFFFFFFFF).to_bytes(4, "little")
    return f"{value & 0xFFFFFFFF:08x}    '{''.join(chr(byte) if 32 <= byte < 127 else '.' for byte in data)}'"
