"""The `sync:` service: files to and from the handset (AOSP packages/modules/adb/daemon/file_sync_service.cpp).

After a FAIL the session ends, as adbd's does; what the client still sends of a file is read and dropped first,
or it would lose the message.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from framework.virtual.adb import sync_wire as wire
from framework.virtual.adb.compression import COMPRESSIONS, FLAGS, Decoder, Encoder
from framework.virtual.adb.device_port import Files, FileStat, OpenFile
from framework.virtual.adb.stream import ExactReader, Stream
from framework.virtual.adb.upload import SyncFailure, Upload, UploadFailure, drop_upload, failing, take_upload

_Command: TypeAlias = Callable[[str], Awaitable[None]]


class SyncSession:
    """One session; ends when the client says QUIT, closes the stream, or gets a FAIL."""

    def __init__(self, stream: Stream, files: Files) -> None:
        self._stream = stream
        self._files = files
        self._reader = ExactReader(stream)

    async def run(self) -> None:
        commands: dict[bytes, _Command] = {
            wire.STAT_V1: self._stat_v1,
            wire.STAT_V2: self._stat_v2,
            wire.LSTAT_V2: self._lstat_v2,
            wire.LIST_V1: self._list_v1,
            wire.LIST_V2: self._list_v2,
            wire.SEND_V1: self._send_v1,
            wire.SEND_V2: self._send_v2,
            wire.RECV_V1: self._recv_v1,
            wire.RECV_V2: self._recv_v2,
        }
        try:
            while (request := await self._request())[0] != wire.QUIT:
                command, path = request
                if command not in commands:
                    raise SyncFailure(f"unknown command {int.from_bytes(command, 'little'):08x}")
                await commands[command](path)
        except UploadFailure as failure:
            await self._fail(failure)
            await drop_upload(self._reader)
        except SyncFailure as failure:
            await self._fail(failure)

    async def _request(self) -> tuple[bytes, str]:
        command, size = wire.HEADER.unpack(await self._reader.exactly(wire.HEADER.size))
        if size > wire.MAX_PATH:
            raise SyncFailure("path too long")
        path = await self._reader.exactly(size)
        return command, path.split(b"\0")[0].decode(errors="surrogateescape")

    async def _fail(self, failure: SyncFailure) -> None:
        reason = str(failure).encode(errors="surrogateescape")
        await self._stream.write(wire.HEADER.pack(wire.FAIL, len(reason)) + reason)

    # -- stat and list -------------------------------------------------------------------------------------

    async def _stat_v1(self, path: str) -> None:
        await self._stream.write(wire.STAT_V1 + wire.stat_v1(self._look(path, follow=False)[0]))

    async def _stat_v2(self, path: str) -> None:
        await self._stream.write(wire.STAT_V2 + wire.stat_v2(*self._look(path, follow=True)))

    async def _lstat_v2(self, path: str) -> None:
        await self._stream.write(wire.LSTAT_V2 + wire.stat_v2(*self._look(path, follow=False)))

    async def _list_v1(self, path: str) -> None:
        for name in self._names(path):
            found, _ = self._look(f"{path}/{name}", follow=False)
            if found is not None:
                await self._stream.write(wire.entry_v1(os.fsencode(name), found))
        await self._stream.write(wire.end_of_list(v2=False))

    async def _list_v2(self, path: str) -> None:
        for name in self._names(path):
            found, error = self._look(f"{path}/{name}", follow=False)
            await self._stream.write(wire.entry_v2(os.fsencode(name), found, error))
        await self._stream.write(wire.end_of_list(v2=True))

    def _look(self, path: str, *, follow: bool) -> tuple[FileStat | None, int]:
        """What is there, or None and the errno."""
        try:
            return self._files.stat(path, follow=follow), 0
        except OSError as error:
            return None, error.errno or errno.EIO

    def _names(self, path: str) -> list[str]:
        """What readdir gives; nothing for a directory that cannot be read, as adbd says no more either."""
        try:
            return [".", "..", *self._files.listdir(path)]
        except OSError:
            return []

    # -- files ---------------------------------------------------------------------------------------------

    async def _send_v1(self, request: str) -> None:
        path, comma, mode = request.rpartition(",")
        if not comma:
            raise SyncFailure("missing , in ID_SEND_V1")
        await self._take(Upload(path, _strtoul(mode), dry_run=False))

    async def _send_v2(self, path: str) -> None:
        setup = await self._reader.exactly(wire.SEND_V2_SETUP.size)
        _, mode, flags = wire.SEND_V2_SETUP.unpack(setup)
        decoders: list[Decoder] = [decoder() for decoder, _ in _chosen(flags, wire.DRY_RUN)]
        await self._take(Upload(path, mode, dry_run=bool(flags & wire.DRY_RUN)), *decoders)

    async def _take(self, upload: Upload, decoder: Decoder | None = None) -> None:
        await take_upload(upload, self._reader, self._files, decoder)
        await self._stream.write(wire.HEADER.pack(wire.OKAY, 0))

    async def _recv_v2(self, path: str) -> None:
        _, flags = wire.RECV_V2_SETUP.unpack(await self._reader.exactly(wire.RECV_V2_SETUP.size))
        encoders: list[Encoder] = [encoder() for _, encoder in _chosen(flags)]
        await self._give(path, *encoders)

    async def _recv_v1(self, path: str) -> None:
        await self._give(path)

    async def _give(self, path: str, encoder: Encoder | None = None) -> None:
        with failing("open failed"):
            handle = self._files.open(path, "r")
        with handle as file:
            while data := self._read(file):
                await self._send_data(data if encoder is None else encoder.feed(data))
        if encoder is not None:
            await self._send_data(encoder.end())
        await self._stream.write(wire.HEADER.pack(wire.DONE, 0))

    async def _send_data(self, data: bytes) -> None:
        for start in range(0, len(data), wire.MAX_DATA):
            piece = data[start : start + wire.MAX_DATA]
            await self._stream.write(wire.HEADER.pack(wire.DATA, len(piece)) + piece)

    def _read(self, file: OpenFile) -> bytes:
        with failing("read failed"):
            return file.read(wire.MAX_DATA)


def _chosen(flags: int, others: int = 0) -> list[tuple[Callable[[], Decoder], Callable[[], Encoder]]]:
    """What reads and writes the compression that the flags name, if they name one; SyncFailure for wrong flags."""
    chosen = [(decoder, encoder) for flag, _, decoder, encoder in COMPRESSIONS if flags & flag]
    if len(chosen) > 1:
        raise SyncFailure(f"multiple compression flags received: {flags}")
    if unknown := flags & ~(FLAGS | others):
        raise SyncFailure(f"unknown flags: {unknown}")
    return chosen


def _strtoul(text: str) -> int:
    """C's strtoul with base 0, as far as file modes go: 493, 0755, 0x1ed; 0 for anything else."""
    match = re.match(r"0[xX](?P<hex>[0-9a-fA-F]+)|(?P<octal>0[0-7]*)|(?P<decimal>[1-9][0-9]*)", text)
    if match is None or match.lastgroup is None:
        return 0
    return int(match[match.lastgroup], {"hex": 16, "octal": 8, "decimal": 10}[match.lastgroup])
