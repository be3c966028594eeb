"""screenrecord: films the screen, on a handset that has an encoder (AOSP frameworks/av/cmds/screenrecord).

This one has none, and says so as AOSP's does.
"""

from __future__ import annotations

from framework.virtual.commands.context import Context, reason

FLAGS = ("--verbose", "--bugreport", "--rotate", "--monotonic-time", "--persistent-surface", "--show-device-info")
VALUED = ("--size", "--bit-rate", "--time-limit", "--output-format", "--codec-name", "--bframes", "--display-id")
LONGEST_S = 180


async def run(ctx: Context) -> int:
    """AOSP returns UNKNOWN_ERROR, INT_MIN, of which the exit status keeps the low byte: 0."""
    names, words = [], list(ctx.argv[1:])
    while words:
        word, equals, value = words.pop(0).partition("=")
        if word in VALUED:
            value = value if equals else (words.pop(0) if words else "")
            if word == "--time-limit" and not (value.isdigit() and 0 < int(value) <= LONGEST_S):
                await ctx.err(f"Time limit {_number(value)}s outside acceptable range [1,{LONGEST_S}]\n")
                return 2
        elif not word.startswith("--"):
            names.append(word)
        elif word not in FLAGS:
            await ctx.err(f"{ctx.name}: unrecognized option `{word}'\n")
            return 2
    if len(names) != 1:
        await ctx.err("Must specify output file (see --help).\n")
        return 2
    try:
        ctx.files.write(ctx.path(names[0]), b"", mode=0o644)
    except OSError as error:
        await ctx.err(f"Unable to open '{names[0]}': {reason(error)}\n")
        return 1
    await ctx.err("ERROR: unable to create video/avc codec instance\n")
    return 0


def _number(text: str) -> int:
    """atoi(3)."""
    return int(text) if text.lstrip("-").isdigit() else 0
