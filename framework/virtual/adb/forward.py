"""`tcp:PORT` and `local…:NAME`: a stream joined to one of the handset's own sockets."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from framework.virtual.adb.device_port import Ports
from framework.virtual.adb.stream import Stream
from framework.virtual.system.pipes import Pipe
from framework.virtual.system.ports import Address


async def forward(stream: Stream, ports: Ports, address: Address) -> None:
    """Carry bytes both ways until the handset's side closes; a client that goes closes it."""
    await carry(stream, *ports.connect(address))


async def carry(stream: Stream, reader: Pipe, writer: Pipe) -> None:
    """Carry what `reader` gives to the stream, and what comes on it to `writer`, until `reader` ends."""
    inward = asyncio.create_task(_inward(stream, reader, writer))
    try:
        while data := await reader.read():
            await stream.write(data)
    finally:
        inward.cancel()
        await asyncio.gather(inward, return_exceptions=True)
        reader.close_read()
        writer.close_write()


async def _inward(stream: Stream, reader: Pipe, writer: Pipe) -> None:
    """An ADB stream has no half-close: once the client closed it, nobody is left to read the answer."""
    while data := await stream.receive():
        with suppress(BrokenPipeError):  # the handset's side does not read: drop it
            await writer.write(data)
    writer.close_write()
    reader.close_read()
