"""kill, killall and pkill: send signals; pgrep: find who would get them."""

from __future__ import annotations

import re
import signal

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.options import Options, parse_options
from framework.virtual.system.processes import Process


async def run(ctx: Context) -> int:
    return await {"kill": _kill, "killall": _killall, "pgrep": _pgrep, "pkill": _pgrep}[ctx.name](ctx)


def signal_of(text: str) -> int | None:
    """`9`, `KILL` or `SIGKILL`."""
    if text.isdigit():
        return int(text)
    name = f"SIG{text.upper().removeprefix('SIG')}"
    return next((number.value for number in signal.Signals if number.name == name), None)


def _take_signal(words: list[str]) -> int:
    """Take `-9`, `-KILL` or `-s KILL` off the front. Raises CommandFault."""
    if not words or not re.fullmatch(r"-(\d+|[A-Z]{2,}\w*|s)", words[0]):
        return signal.SIGTERM
    word = words.pop(0)
    text = words.pop(0) if word == "-s" and words else word[1:]
    number = signal_of(text)
    if number is None:
        raise CommandFault(f"bad signal '{text}'")
    return number


async def _kill(ctx: Context) -> int:
    words = list(ctx.argv[1:])
    if words[:1] == ["-l"]:
        named = [f"{number.value:2d}) {number.name[3:]}" for number in signal.Signals if number.value < 32]
        await ctx.out("\n".join(named) + "\n")
        return 0
    number = _take_signal(words)
    if not words:
        raise CommandFault("missing argument")
    status = 0
    for word in words:
        if not word.lstrip("-").isdigit():
            status = await ctx.fail(f"unknown pid '{word}'")
            continue
        status |= await _send(ctx, abs(int(word)), number, word)
    return status


async def _send(ctx: Context, pid: int, number: int, shown: str) -> int:
    try:
        ctx.device.processes.kill(pid, number, uid=ctx.uid)
    except ProcessLookupError:
        return await ctx.fail(f"bad pid '{shown}': No such process")
    except PermissionError:
        return await ctx.fail(f"bad pid '{shown}': Operation not permitted")
    return 0


async def _killall(ctx: Context) -> int:
    words = [word for word in ctx.argv[1:] if word not in ("-q", "-w", "-v", "-i")]
    number = _take_signal(words)
    if not words:
        raise CommandFault('Needs 1 argument (see "killall --help")')
    status = 0
    for name in words:
        found = [p for p in ctx.device.processes.all() if p is not ctx.process and name in (p.name, p.comm)]
        if not found:
            status = await ctx.fail(f"{name}: No such process")
        for process in found:
            status |= await _send(ctx, process.pid, number, name)
    return status


async def _pgrep(ctx: Context) -> int:
    words = list(ctx.argv[1:])
    number = _take_signal(words) if ctx.name == "pkill" else 0
    options = parse_options((ctx.argv[0], *words), "cflnovxL", "dGgPstUuX")
    found = [process for process in ctx.device.processes.all() if _wanted(ctx, process, options)]
    if "n" in options or "o" in options:
        found = sorted(found, key=lambda process: process.started_ns)[-1 if "n" in options else 0 :][:1]
    if ctx.name == "pkill":
        statuses = [await _send(ctx, process.pid, number, str(process.pid)) for process in found]
        return int(not found or any(statuses))
    if "c" in options:
        await ctx.out(f"{len(found)}\n")
    elif found:
        joint = options.value("d", "\n")
        await ctx.out(joint.join(_shown(process, options) for process in found) + "\n")
    return int(not found)


def _shown(process: Process, options: Options) -> str:
    if "l" not in options:
        return str(process.pid)
    return f"{process.pid} {' '.join(process.argv) if 'f' in options else process.comm}"


def _wanted(ctx: Context, process: Process, options: Options) -> bool:
    if process is ctx.process:
        return False
    if "P" in options and str(process.ppid) not in options.value("P").split(","):
        return False
    if ("u" in options or "U" in options) and str(process.uid) not in (options.value("u"), options.value("U")):
        return False
    text = " ".join(process.argv) if "f" in options else process.comm
    pattern = options.operands[0] if options.operands else ""
    match = re.fullmatch(pattern, text) if "x" in options else re.search(pattern, text)
    return bool(match) != ("v" in options)
