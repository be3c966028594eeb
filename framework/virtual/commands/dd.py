"""dd: copy blocks."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from framework.virtual.commands.context import CommandFault, Context, reason
from framework.virtual.commands.inputs import opened
from framework.virtual.commands.options import to_number
from framework.virtual.commands.sizes import human
from framework.virtual.system.descriptors import FileStream
from framework.virtual.system.pipes import Reader, Writer

NEW_FILE = 0o666
NAMES = ("if", "of", "bs", "ibs", "obs", "count", "skip", "seek", "conv", "iflag", "oflag", "status")


@dataclass(slots=True)
class _Copy:
    """Sizes in bytes, places in blocks."""

    values: dict[str, str]
    block: int = 512
    records: list[int] = field(default_factory=lambda: [0, 0])
    copied: int = 0

    def number(self, name: str, default: int = 0) -> int:
        return to_number(self.values[name]) if name in self.values else default


async def run(ctx: Context) -> int:
    copy = _Copy({})
    for word in ctx.argv[1:]:
        name, equals, value = word.partition("=")
        if not equals or name not in NAMES:
            raise CommandFault(f"bad arg {word}")
        copy.values[name] = value
    copy.block = copy.number("bs", copy.number("ibs", 512))
    started = ctx.device.clock.now_ns()
    try:
        async with AsyncExitStack() as stack:
            reader = await stack.enter_async_context(opened(ctx, copy.values.get("if", "-")))
            await _blocks(reader, _output(ctx, copy, stack), copy)
    except BrokenPipeError:
        raise
    except OSError as error:
        return await ctx.fail(f"{copy.values.get('of') or copy.values.get('if', '-')}: {reason(error)}")
    await _report(ctx, copy, ctx.device.clock.now_ns() - started)
    return 0


def _output(ctx: Context, copy: _Copy, stack: AsyncExitStack) -> Writer:
    if "of" not in copy.values:
        return ctx.stdout
    keep = "notrunc" in copy.values.get("conv", "")
    path = ctx.path(copy.values["of"])
    file = ctx.files.open(path, "w+" if keep or "seek" in copy.values else "w", perm=NEW_FILE & ~ctx.umask, uid=ctx.uid)
    stack.enter_context(file)
    if "seek" in copy.values:
        place = copy.number("seek") * copy.number("bs", copy.number("obs", 512))
        if not keep:
            file.truncate(place)
        file.seek(place)
    return FileStream(file)


async def _blocks(reader: Reader, writer: Writer, copy: _Copy) -> None:
    for _ in range(copy.number("skip")):
        if not await _block(reader, copy):
            break
    count = copy.number("count", -1)
    while count != 0 and (data := await _block(reader, copy)):
        count -= 1
        copy.records[len(data) < copy.block] += 1
        copy.copied += len(data)
        if len(data) < copy.block and "sync" in copy.values.get("conv", "").split(","):
            data = data.ljust(copy.block, b"\0")
        await writer.write(data)


async def _block(reader: Reader, copy: _Copy) -> bytes:
    data = await reader.read(copy.block)
    while "fullblock" in copy.values.get("iflag", "") and data and len(data) < copy.block:
        more = await reader.read(copy.block - len(data))
        if not more:
            break
        data += more
    return data


async def _report(ctx: Context, copy: _Copy, ns: int) -> None:
    status = copy.values.get("status")
    if status == "none":
        return
    records = f"{copy.records[0]}+{copy.records[1]}"
    text = f"{records} records in\n{records} records out\n"
    if status != "noxfer":
        seconds = max(ns, 1_000) / 1e9
        rate = human(copy.copied / seconds)
        text += f"{copy.copied} bytes ({human(copy.copied)}) copied, {seconds:.3f} s, {rate}/s\n"
    await ctx.err(text)
