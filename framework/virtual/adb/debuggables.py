"""`jdwp`, `track-jdwp` and `track-app`: which processes a debugger can attach to (AOSP daemon/jdwp_service.cpp)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from framework.virtual.adb.device_port import DebuggableProcess, DevicePort
from framework.virtual.adb.programs import beside
from framework.virtual.adb.stream import Stream

ABI = "arm64"


async def jdwp(stream: Stream, device: DevicePort) -> None:
    """The process ids, one a line."""
    await stream.write(_pids(device.debuggable()))


async def track(stream: Stream, device: DevicePort, told: Callable[[Sequence[DebuggableProcess]], bytes]) -> None:
    """The list behind four hex digits of its length, now and after each change, until the client closes."""
    changed, before = asyncio.Event(), None
    forget = device.on_processes(changed.set)
    try:
        async with beside(_until_closed(stream, changed)):
            while stream.is_open:
                changed.clear()
                if (now := told(device.debuggable())) != before:
                    await stream.write(f"{len(now):04x}".encode() + now)
                    before = now
                await changed.wait()
    finally:
        forget()


async def track_jdwp(stream: Stream, device: DevicePort) -> None:
    await track(stream, device, _pids)


async def track_app(stream: Stream, device: DevicePort) -> None:
    """The list as the message AppProcesses of AOSP's adb/proto/app_processes.proto."""
    await track(stream, device, lambda processes: b"".join(map(_entry, processes)))


async def _until_closed(stream: Stream, changed: asyncio.Event) -> None:
    while await stream.receive():
        pass
    changed.set()


def _pids(processes: Sequence[DebuggableProcess]) -> bytes:
    return "".join(f"{process.pid}\n" for process in processes).encode()


def _entry(process: DebuggableProcess) -> bytes:
    """`process`, field 1 of AppProcesses: pid, debuggable, profileable, architecture."""
    abi = ABI.encode()
    fields = b"\x08" + _varint(process.pid) + b"\x10\x01\x18\x01" + b"\x22" + _varint(len(abi)) + abi
    return b"\x0a" + _varint(len(fields)) + fields


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*parts, number))
