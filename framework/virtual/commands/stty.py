"""stty and tty: the terminal that standard input is (toybox)."""

from __future__ import annotations

from dataclasses import fields

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.system.descriptors import Descriptor
from framework.virtual.system.line_editor import Modes
from framework.virtual.system.terminal import Terminal

NAME = "/dev/pts/0"
RAW = {"icanon": False, "isig": False, "icrnl": False, "onlcr": False}
MODES = tuple(field.name for field in fields(Modes))


async def run(ctx: Context) -> int:
    terminal = ctx.stdin.terminal if isinstance(ctx.stdin, Descriptor) else None
    if ctx.name == "tty":
        return await _tty(ctx, terminal)
    if terminal is None:
        raise CommandFault("tcgetattr: Not a typewriter")
    words = list(ctx.argv[1:]) or ["-a"]
    while words:
        await _setting(ctx, terminal, words)
    return 0


async def _tty(ctx: Context, terminal: Terminal | None) -> int:
    if "-s" not in ctx.argv:
        await ctx.out("not a tty\n" if terminal is None else f"{NAME}\n")
    return int(terminal is None)


async def _setting(ctx: Context, terminal: Terminal, words: list[str]) -> None:
    """Carry out one setting, and take it off."""
    word = words.pop(0)
    name, on = word.removeprefix("-"), not word.startswith("-")
    if word == "size":
        await ctx.out(f"{terminal.rows} {terminal.columns}\n")
    elif word == "-a":
        await ctx.out(_all(terminal))
    elif word in ("rows", "cols", "columns"):
        _resize(terminal, word, words.pop(0) if words else "")
    elif name in ("raw", "cooked"):
        _set(terminal, RAW if on == (name == "raw") else dict.fromkeys(RAW, True))
    elif word == "sane":
        _set(terminal, dict.fromkeys(MODES, True))
    elif name in MODES:
        _set(terminal, {name: on})
    else:
        raise CommandFault(f"unknown option '{word}'")


def _resize(terminal: Terminal, which: str, number: str) -> None:
    if not number.isdecimal() or int(number) > 0xFFFF:
        raise CommandFault(f"{which}: not a number")
    rows, columns = (int(number), terminal.columns) if which == "rows" else (terminal.rows, int(number))
    terminal.resize(rows, columns, terminal.pixels)


def _set(terminal: Terminal, modes: dict[str, bool]) -> None:
    for name, on in modes.items():
        setattr(terminal.modes, name, on)


def _all(terminal: Terminal) -> str:
    shown = " ".join(name if getattr(terminal.modes, name) else f"-{name}" for name in MODES)
    return f"speed 38400 baud; rows {terminal.rows}; columns {terminal.columns}; line = 0;\n{shown}\n"
