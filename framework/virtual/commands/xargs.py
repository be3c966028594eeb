"""xargs: run a program with arguments from standard input."""

from __future__ import annotations

from framework.virtual.commands.context import Context, to_text
from framework.virtual.commands.inputs import chunks
from framework.virtual.commands.options import Options, parse_options
from framework.virtual.system.pipes import BytesReader

MAX_CHARACTERS = 131072


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "0prtx", "EsnP", long={"null": "0", "no-run-if-empty": "r"}, leading=True)
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
    """Words are separated by blanks alone: toybox knows no quotes here."""
    words = [word for word in text.split("\0") if word] if "0" in options else text.split()
    if "E" in options and options.value("E") in words:
        words = words[: words.index(options.value("E"))]
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
