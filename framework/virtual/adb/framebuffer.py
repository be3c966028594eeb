"""`framebuffer:`: the picture on the screen (AOSP packages/modules/adb/daemon/framebuffer_service.cpp)."""

from __future__ import annotations

import struct

from framework.virtual.adb.device_port import DevicePort
from framework.virtual.adb.stream import Stream
from framework.virtual.system.pipes import BytesReader, BytesWriter

VERSION = 2
BITS_PER_PIXEL = 32
RGBA = (0, 8, 16, 8, 8, 8, 24, 8)
"""Offset and length in bits of red, blue, green and alpha, in that order."""

_CAPTURED = struct.Struct("<4I")
"""Width, height, pixel format, colour space: what screencap writes before its pixels."""
_INFO = struct.Struct("<14I")
"""Version, bits per pixel, colour space, size in bytes, width, height, and `RGBA`."""


async def framebuffer(stream: Stream, device: DevicePort) -> None:
    """What `screencap` captures, behind a header that describes its pixels; nothing where it fails."""
    captured = BytesWriter()
    await device.shell("screencap", BytesReader(b""), captured, BytesWriter())
    if len(captured.data) < _CAPTURED.size:
        return
    width, height, _, colour_space = _CAPTURED.unpack_from(captured.data)
    size = width * height * BITS_PER_PIXEL // 8
    await stream.write(_INFO.pack(VERSION, BITS_PER_PIXEL, colour_space, size, width, height, *RGBA))
    await stream.write(bytes(captured.data[_CAPTURED.size :]))
