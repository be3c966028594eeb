"""xargs: run a program with arguments from standard input."""

from __future__ import annotations

import re

from framework.virtual.commands.context import CommandFault, Context, to_text
from framework.virtual.commands.inputs import chunks
from framework.virtual.commands.options import Options, parse_options
from framework.virtual.system.pipes import BytesReader

WORD = re.compile(r"""(?:'([^'\n]*)'|"([^"\n]*)"|\\(.)|([^\s'"\\]+))""", re.DOTALL)
MAX_CHARACTERS = 131072


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "0prtxo", "EIsnPL", long={"null": "0", "no-run-if-empty": "r"}, leading=True)
    text = to_text(b"".join([data async for data in chunks(ctx.stdin)]))
    command = options.operands or ["echo"]
    status = 0
    for argv in _command_lines(text, command, options):
        if "t" in options:
            await ctx.err(" ".join(argv) + "\n")
        result = await ctx.launch(argv, stdin=BytesReader(b""))
        if result == 127:
            return await ctx.fail(f"exec {argv[0]}: No such file or directory", 127)
        if result == 255:
            return await ctx.fail("xargs: exited with status 255; aborting", 124)
        status = 123 if result else status
    return status


def _command_lines(text: str, command: list[str], options: Options) -> list[list[str]]:
    if "I" in options:
        marker = options.value("I")
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        return [[word.replace(marker, line) for word in command] for line in lines]
    if "L" in options:
        lines = [line for line in text.split("\n") if line.strip()]
        size = options.number("L")
        groups = [_words(" ".join(lines[i : i + size]), options) for i in range(0, len(lines), size)]
        return [[*command, *group] for group in groups]
    words = _words(text, options)
    if not words:
        return [] if "r" in options else [command]
    return [[*command, *group] for group in _groups(words, options.number("n", len(words)))]


def _groups(words: list[str], size: int) -> list[list[str]]:
    """At most `size` words, and at most as many characters as a command line may have."""
    groups: list[list[str]] = [[]]
    length = 0
    for word in words:
        if groups[-1] and (len(groups[-1]) >= size or length + len(word) > MAX_CHARACTERS):
            groups.append([])
            length = 0
        groups[-1].append(word)
        length += len(word) + 1
    return groups


def _words(text: str, options: Options) -> list[str]:
    if "0" in options:
        return [word for word in text.split("\0") if word]
    words: list[str] = []
    at, joined = 0, False
    while at < len(text):
        if text[at].isspace():
            at, joined = at + 1, False
            continue
        found = WORD.match(text, at)
        if found is None:
            raise CommandFault("unterminated quote")
        piece = next(group for group in found.groups() if group is not None)
        if joined:
            words[-1] += piece
        else:
            words.append(piece)
        at, joined = found.end(), True
    return words
