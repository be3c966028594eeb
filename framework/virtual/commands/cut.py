"""cut: columns and fields of lines."""

from __future__ import annotations

from collections.abc import Callable

from framework.virtual.commands.context import CommandFault, Context, to_bytes
from framework.virtual.commands.inputs import for_each, lines
from framework.virtual.commands.options import Options, parse_options
from framework.virtual.system.pipes import Reader

END = 1 << 30


async def run(ctx: Context) -> int:
    long = {"delimiter": "d", "fields": "f", "output-delimiter": "O", "only-delimited": "s"}
    options = parse_options(ctx.argv, "nsD", "bcfdOF", long=long)
    kind = next((letter for letter in "bcf" if letter in options), "")
    if not kind:
        raise CommandFault('Needs -CFfcb (see "cut --help")')
    pick = _fields(options) if kind == "f" else _columns(ranges(options.value(kind)), by_byte=kind == "b")

    async def cut(_: str, reader: Reader) -> None:
        async for line in lines(reader):
            made = pick(line.removesuffix(b"\n"))
            if made is not None:
                await ctx.stdout.write(made + b"\n")

    return await for_each(ctx, options.operands, cut)


def ranges(text: str) -> list[tuple[int, int]]:
    """`1,3-5,7-` as pairs of a first and a last place, from 1, in order. Raises CommandFault."""
    made = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if not (first or last) or not (first + last).isdigit():
            raise CommandFault(f"bad list '{text}'")
        made.append((int(first or 1), int(last or END) if dash else int(first)))
    return sorted(made)


def _chosen(wanted: list[tuple[int, int]], count: int) -> list[int]:
    """Places from 0, each once, in order."""
    return [place for place in range(count) if any(first <= place + 1 <= last for first, last in wanted)]


def _columns(wanted: list[tuple[int, int]], *, by_byte: bool) -> Callable[[bytes], bytes | None]:
    def pick(line: bytes) -> bytes:
        if by_byte:
            return b"".join(line[place : place + 1] for place in _chosen(wanted, len(line)))
        text = line.decode("utf-8", "surrogateescape")
        return to_bytes("".join(text[place] for place in _chosen(wanted, len(text))))

    return pick


def _fields(options: Options) -> Callable[[bytes], bytes | None]:
    delimiter = to_bytes(options.value("d", "\t"))
    joint = to_bytes(options.value("O")) if "O" in options else delimiter
    wanted = ranges(options.value("f"))

    def pick(line: bytes) -> bytes | None:
        if delimiter not in line and "s" in options:
            return None
        fields = line.split(delimiter)
        return joint.join(fields[place] for place in _chosen(wanted, len(fields)))

    return pick
