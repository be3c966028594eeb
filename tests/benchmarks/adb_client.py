"""A small adb host on asyncio for benchmarks: packets by the protocol's text, nothing of the farm or the handset."""

from __future__ import annotations

import asyncio
import itertools
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

HEADER = struct.Struct("<6I")
CNXN, OPEN, OKAY, WRTE, CLSE, AUTH = (
    int.from_bytes(name, "little") for name in (b"CNXN", b"OPEN", b"OKAY", b"WRTE", b"CLSE", b"AUTH")
)
VERSION, MAX_PAYLOAD = 0x01000001, 1 << 20


def packet(command: int, arg0: int, arg1: int, payload: bytes = b"") -> bytes:
    check = sum(payload) & 0xFFFFFFFF if command in (CNXN, AUTH) else 0
    return HEADER.pack(command, arg0, arg1, len(payload), check, command ^ 0xFFFFFFFF) + payload


HELLO = packet(CNXN, VERSION, MAX_PAYLOAD, b"host::features=shell_v2\0")


class Stream:
    """Bytes of one service as they come; each piece is acknowledged when it is taken."""

    def __init__(self, client: Client, local: int) -> None:
        self.remote = 0
        self.pieces: asyncio.Queue[bytes] = asyncio.Queue()
        self._client, self._local = client, local

    async def read(self) -> bytes:
        """The next piece, b"" at the end."""
        piece = await self.pieces.get()
        if piece:
            self._client.send(packet(OKAY, self._local, self.remote))
        return piece

    async def read_all(self) -> bytes:
        pieces = []
        while piece := await self.read():
            pieces.append(piece)
        return b"".join(pieces)

    async def lines(self) -> AsyncIterator[bytes]:
        rest = b""
        while piece := await self.read():
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield line


class Client:
    """One connection with any number of streams."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._ids = itertools.count(1)
        self._streams: dict[int, Stream] = {}

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    def open(self, service: bytes) -> Stream:
        local = next(self._ids)
        stream = self._streams[local] = Stream(self, local)
        self.send(packet(OPEN, local, 0, service + b"\0"))
        return stream

    async def ask(self, service: bytes) -> bytes:
        """All that a service says."""
        return await self.open(service).read_all()

    async def serve(self) -> None:
        """Carry what comes to the streams until the connection ends."""
        while True:
            command, remote, local, size, *_ = HEADER.unpack(await self._reader.readexactly(HEADER.size))
            payload = await self._reader.readexactly(size)
            stream = self._streams.get(local)
            if stream is None:
                continue
            stream.remote = remote
            if command == WRTE:
                stream.pieces.put_nowait(payload)
            elif command == CLSE:
                stream.pieces.put_nowait(b"")
                del self._streams[local]


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[Client]:
    host, _, port = address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    client = Client(reader, writer)
    client.send(HELLO)
    serving = asyncio.create_task(client.serve())
    try:
        yield client
    finally:
        serving.cancel()
        writer.close()
        await asyncio.gather(serving, return_exceptions=True)
