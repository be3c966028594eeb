"""cmp: whether two files are the same."""

from __future__ import annotations

from framework.virtual.commands.context import Context, reason
from framework.virtual.commands.inputs import opened
from framework.virtual.commands.options import Options, parse_options
from framework.virtual.system.pipes import Reader

BLOCK = 65536


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "ls", "n", long={"quiet": "s", "silent": "s"}, minimum=1)
    first, second = (*options.operands, "-")[:2]
    name = first
    try:
        async with opened(ctx, first) as left:
            name = second
            async with opened(ctx, second) as right:
                return await _compare(ctx, (first, second), (left, right), options)
    except BrokenPipeError:
        raise
    except OSError as error:
        return 2 if "s" in options else await ctx.fail(f"{name}: {reason(error)}", 2)


async def _compare(ctx: Context, names: tuple[str, str], readers: tuple[Reader, Reader], options: Options) -> int:
    """Block by block; to the first difference, or with -l to the end."""
    left = options.number("n", 1 << 62)
    place, line, status = 0, 1, 0
    while left > 0:
        blocks = [await _block(reader, min(BLOCK, left)) for reader in readers]
        common = min(map(len, blocks))
        if blocks[0][:common] != blocks[1][:common]:
            status = 1
            if "l" not in options:
                return await _tell_first(ctx, names, blocks, place, line, silent="s" in options)
            await _tell_all(ctx, blocks, place, common)
        if len(blocks[0]) != len(blocks[1]):
            if "s" not in options:
                await ctx.err(f"cmp: EOF on {names[len(blocks[0]) > len(blocks[1])]}\n")
            return 1
        if not common:
            break
        place, line, left = place + common, line + blocks[0].count(b"\n"), left - common
    return status


async def _block(reader: Reader, size: int) -> bytes:
    data = b""
    while len(data) < size and (more := await reader.read(size - len(data))):
        data += more
    return data


async def _tell_first(
    ctx: Context, names: tuple[str, str], blocks: list[bytes], place: int, line: int, *, silent: bool
) -> int:
    at = next(i for i, (a, b) in enumerate(zip(*blocks, strict=False)) if a != b)
    if not silent:
        line += blocks[0][:at].count(b"\n")
        await ctx.out(f"{names[0]} {names[1]} differ: char {place + at + 1}, line {line}\n")
    return 1


async def _tell_all(ctx: Context, blocks: list[bytes], place: int, common: int) -> None:
    left, right = blocks
    found = (f"{place + i + 1} {left[i]:o} {right[i]:o}\n" for i in range(common) if left[i] != right[i])
    await ctx.out("".join(found))
