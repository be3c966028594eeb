"""monkey: starts an app and does something random with it (AOSP development/cmds/monkey, Monkey.java)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from framework.formats.apk import LAUNCHER, MAIN
from framework.virtual.apps.base import Intent
from framework.virtual.commands.context import Context

USAGE = """usage: monkey [-p ALLOWED_PACKAGE [-p ALLOWED_PACKAGE] ...]
              [-c MAIN_CATEGORY [-c MAIN_CATEGORY] ...]
              [--throttle MILLISEC] [-s SEED] [-v [-v] ...]
              [--pct-touch PERCENT] [--pct-motion PERCENT] [--pct-syskeys PERCENT] [--pct-anyevent PERCENT]
              COUNT
"""
MONKEY_CATEGORY = "android.intent.category.MONKEY"
NOTHING_TO_RUN, BAD_ARGUMENTS, CRASHED = 252, 255, 1
WITH_VALUE = ("--pct-", "--pkg-", "--setup", "--port", "--profile-wait", "--device-sleep-time", "-f", "--script-log")


@dataclass(slots=True)
class _Options:
    packages: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    throttle_ms: int = 0
    seed: int = 0
    verbose: int = 0
    count: int = 0


async def run(ctx: Context) -> int:
    words = ctx.argv[1:]
    await ctx.out("".join(f"  bash arg: {word}\n" for word in words))
    try:
        options = _read(words)
    except ValueError as error:
        await ctx.err(f"** Error: {error}\n{USAGE}")
        return BAD_ARGUMENTS
    await ctx.err(f"args: [{', '.join(words)}]\n" + "".join(f' arg: "{word}"\n' for word in words))
    unknown = [name for name in options.packages if ctx.device.packages.get(name) is None]
    starts = _starts(ctx, options)
    if unknown or not starts:
        await ctx.out("** No activities found to run, monkey aborted.\n")
        return NOTHING_TO_RUN
    if options.verbose:
        await ctx.out(f":Monkey: seed={options.seed} count={options.count}\n")
    return await _play(ctx, options, starts)


async def _play(ctx: Context, options: _Options, starts: Sequence[str]) -> int:
    """The first event starts an activity; those after it are fingers, wherever they land."""
    chance, device = Random(options.seed), ctx.device  # noqa: S311  # no secret
    begun_ns = device.clock.now_ns()
    component = chance.choice(starts)
    launch = device.activities.start(Intent(MAIN, component=component, categories=frozenset((LAUNCHER,))), uid=ctx.uid)
    for number in range(1, options.count):
        await device.clock.sleep(options.throttle_ms * 1_000_000)
        if launch.record is not None and not launch.record.process.running:
            await ctx.out(f"// CRASH: {component.partition('/')[0]}\n** Monkey aborted due to error.\n")
            await ctx.out(f"Events injected: {number}\n")
            return CRASHED
        width, height = device.screen.size
        await device.touch.press((chance.randrange(width), chance.randrange(height)))
    took_ms = (device.clock.now_ns() - begun_ns) // 1_000_000
    wifi, mobile = (took_ms, 0) if device.connectivity.enabled("wifi") else (0, took_ms)
    await ctx.out(f"Events injected: {options.count}\n")
    await ctx.out(f"## Network stats: elapsed time={took_ms}ms ({mobile}ms mobile, {wifi}ms wifi, 0ms not connected)\n")
    if options.verbose:
        await ctx.out("// Monkey finished\n")
    return 0


def _starts(ctx: Context, options: _Options) -> list[str]:
    """The main activities of the allowed packages that have one of the categories."""
    wanted = set(options.categories or (LAUNCHER, MONKEY_CATEGORY))
    return [
        f"{package.name}/{activity.name}"
        for package in ctx.device.packages.all()
        if not options.packages or package.name in options.packages
        for activity in package.activities
        if activity.enabled and any(MAIN in each.actions and wanted & set(each.categories) for each in activity.filters)
    ]


def _read(words: Sequence[str]) -> _Options:
    options, left = _Options(), list(words)
    while left and left[0].startswith("-"):
        option = left.pop(0)
        takes = option in ("-p", "-c", "-s", "--throttle") or option.startswith(WITH_VALUE)
        if takes and not left:
            raise ValueError(f'Option "{option}" requires a value')
        value = left.pop(0) if takes else ""
        match option:
            case "-p":
                options.packages.append(value)
            case "-c":
                options.categories.append(value)
            case "-s":
                options.seed = int(value)
            case "--throttle":
                options.throttle_ms = int(value)
            case "-v":
                options.verbose += 1
    if len(left) != 1 or not left[0].isdecimal():
        raise ValueError("Count not specified")
    options.count = int(left[0])
    return options
