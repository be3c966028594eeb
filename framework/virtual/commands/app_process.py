"""app_process: runs the main class of a jar that CLASSPATH names (AOSP frameworks/base/cmds/app_process)."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from framework.virtual.apps import PROGRAMS
from framework.virtual.commands.context import Context

USAGE = "Usage: app_process [java-options] cmd-dir start-class-name [options]\n"


async def run(ctx: Context) -> int:
    words = _after_options(ctx.argv[1:])
    if len(words) < 2:
        await ctx.err(USAGE)
        return 10
    name, arguments = words[1], words[2:]
    program = next((each for each in PROGRAMS if each.main_class == name), None)
    if program is None or not _readable(ctx):
        return await _no_class(ctx, name)
    return await program(ctx).main(arguments)


def _after_options(words: Sequence[str]) -> Sequence[str]:
    """The directory, then, behind options of the runtime, the class and its arguments."""
    left = [word for word in words if not word.startswith("-")]
    if len(left) < 2:
        return left
    at = words.index(left[1])
    return [left[0], *words[at:]]


def _readable(ctx: Context) -> bool:
    """Whether the jars of CLASSPATH are there for this user."""
    paths = [path for path in ctx.env.get("CLASSPATH", "").split(":") if path]
    try:
        for path in paths:
            ctx.files.open(ctx.path(path)).close()
    except OSError:
        return False
    return bool(paths)


async def _no_class(ctx: Context, name: str) -> int:
    """The runtime says so in the log and aborts (AndroidRuntime.cpp and app_main.cpp)."""
    text = f"ERROR: could not find class '{name}'"
    ctx.device.log.write("appproc", "E", text, pid=ctx.process.pid, uid=ctx.uid)
    ctx.process.signal(signal.SIGABRT)
    return 128 + signal.SIGABRT
