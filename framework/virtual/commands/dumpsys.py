"""dumpsys: what services tell of themselves (AOSP frameworks/native/cmds/dumpsys)."""

from __future__ import annotations

import time

from framework.virtual.android.binder import Call, Service, find_service, services_of
from framework.virtual.commands.context import Context

RULE = "-" * 79


async def run(ctx: Context) -> int:
    words = list(ctx.argv[1:])
    skipped: list[str] = []
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option == "-l":
            await ctx.out(
                "Currently running services:\n" + "".join(f"  {each.name}\n" for each in services_of(ctx.device))
            )
            return 0
        if option in ("-t", "-T", "--priority") and words:
            words.pop(0)
        elif option == "--skip":
            skipped, words = words, []
    if words:
        return await _one(ctx, words[0], words[1:])
    wanted = [each for each in services_of(ctx.device) if each.name not in skipped and each.handler("dump") is not None]
    await ctx.out("Currently running services:\n" + "".join(f"  {each.name}\n" for each in wanted))
    for service in wanted:
        await _section(ctx, service)
    return 0


async def _one(ctx: Context, name: str, words: list[str]) -> int:
    service = find_service(ctx.device, name)
    if service is None:
        await ctx.err(f"Can't find service: {name}\n")
        return 0
    await _dump(ctx, service, words)
    return 0


async def _section(ctx: Context, service: Service) -> None:
    clock = ctx.device.clock
    begun_ns = clock.now_ns()
    await ctx.out(f"{RULE}\nDUMP OF SERVICE {service.name}:\n")
    await _dump(ctx, service, [])
    ended = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(clock.wall_ns() // 10**9))
    took_s = (clock.now_ns() - begun_ns) / 1e9
    await ctx.out(f"--------- {took_s:.3f}s was the duration of dumpsys {service.name}, ending at: {ended}\n")


async def _dump(ctx: Context, service: Service, words: list[str]) -> None:
    dump = service.handler("dump")
    if dump is not None:
        await dump(Call(ctx.device, tuple(words), ctx.stdin, ctx.stdout, ctx.stderr, ctx.uid))
