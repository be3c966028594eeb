"""screencap: the picture on the screen (AOSP frameworks/base/cmds/screencap)."""

from __future__ import annotations

import io
import struct

from framework.virtual.commands.context import Context, reason

RGBA_8888 = 1
SRGB = 1


async def run(ctx: Context) -> int:
    words, as_png, path = list(ctx.argv[1:]), False, None
    while words:
        word = words.pop(0)
        if word == "-p":
            as_png = True
        elif word == "-d" and words:
            words.pop(0)  # one display is lit, and it is that one
        elif word.startswith("-"):
            return await ctx.fail(f"invalid option -- {word[1:]}")
        else:
            path = word
    png = await ctx.device.screen.capture()
    as_png = as_png or (path is not None and path.endswith(".png"))
    return await _hand_over(ctx, path, png if as_png else _raw(png))


async def _hand_over(ctx: Context, path: str | None, picture: bytes) -> int:
    if path is None:
        await ctx.stdout.write(picture)
        return 0
    try:
        ctx.files.write(ctx.path(path), picture, mode=0o664)
    except OSError as error:
        await ctx.err(f"Error opening file: {path} ({reason(error)})\n")
        return 1
    return 0


def _raw(png: bytes) -> bytes:
    """Without -p: width, height, pixel format and colour space as 32 bit words, then the pixels."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        return struct.pack("<IIII", image.width, image.height, RGBA_8888, SRGB) + image.convert("RGBA").tobytes()
