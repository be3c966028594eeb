"""Services about adbd and the handset themselves, as a user build answers (AOSP daemon/restart_service.cpp)."""

from __future__ import annotations

import re
from collections.abc import Callable

from framework.virtual.adb.device_port import DevicePort, OpenFile
from framework.virtual.adb.programs import beside
from framework.virtual.adb.stream import Stream

CHUNK = 64 * 1024


async def root(stream: Stream) -> None:
    await stream.write(b"adbd cannot run as root in production builds\n")


async def unroot(stream: Stream) -> None:
    await stream.write(b"adbd not running as root\n")


def tcpip_port(text: str) -> int | None:
    """The number that `text` begins with, as sscanf's %d reads it."""
    match = re.match(r"\s*([+-]?[0-9]{1,9})", text)
    return int(match[1]) if match else None


async def tcpip(stream: Stream, device: DevicePort, port: int, restart: Callable[[], None]) -> None:
    """adbd restarts on another port of the handset's; where we listen for hosts stays what it is."""
    if port <= 0:
        await stream.write(f"invalid port {port}\n".encode())
        return
    await _restart(stream, device, str(port), f"restarting in TCP mode port: {port}\n", restart)


async def usb(stream: Stream, device: DevicePort, restart: Callable[[], None]) -> None:
    await _restart(stream, device, "0", "restarting in USB mode\n", restart)


async def _restart(stream: Stream, device: DevicePort, port: str, words: str, restart: Callable[[], None]) -> None:
    device.set_property("service.adb.tcp.port", port)
    await stream.write(words.encode())
    await stream.drain()
    restart()


async def reboot(stream: Stream, device: DevicePort) -> None:
    """The stream stays open until the handset goes down. There is nothing but Android to boot into."""
    device.reboot()
    while await stream.receive():
        pass


async def device_file(stream: Stream, device: DevicePort, path: str, uid: int) -> None:
    """`dev:PATH`: the file's bytes to the client, the client's into the file, until the file ends."""
    with device.files.as_user(uid).open(path, "r+") as file:
        async with beside(_write(stream, file)):
            while data := file.read(CHUNK):
                await stream.write(data)


async def _write(stream: Stream, file: OpenFile) -> None:
    while data := await stream.receive():
        file.write(data)
