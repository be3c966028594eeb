"""The services that a host can open (AOSP packages/modules/adb/daemon/services.cpp), in one table."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from framework.virtual.adb import programs
from framework.virtual.adb.device_port import DevicePort
from framework.virtual.adb.forward import forward
from framework.virtual.adb.programs import Program
from framework.virtual.adb.stream import Stream
from framework.virtual.adb.sync import SyncSession
from framework.virtual.adb.terminal import on_terminal
from framework.virtual.system.users import SHELL

Service: TypeAlias = Callable[[Stream], Awaitable[None]]
"""Serves one stream; when it returns, the stream is closed once the client has all of its output."""

Opener: TypeAlias = Callable[[DevicePort, str], Service | None]
"""Given the handset and what follows the prefix; None refuses, so that the client gets CLSE."""


def _shell(device: DevicePort, request: str) -> Service | None:
    """`shell,ARGUMENT…:COMMAND`; unknown arguments are passed over, as adbd does."""
    arguments, colon, command = request.partition(":")
    if not colon:
        return None
    known = arguments.split(",")
    run = programs.framed if "v2" in known else programs.raw
    return partial(run, program=_shell_program(device, command, raw="raw" in known))


def _shell_program(device: DevicePort, command: str, *, raw: bool) -> Program:
    """A command, or a shell that reads its script from stdin: at a terminal, unless `raw`."""
    if command or raw:
        return partial(device.shell, command or "exec sh")
    return on_terminal(partial(device.shell, "exec sh -i"))


def _exec(device: DevicePort, command: str) -> Service:
    return partial(programs.raw, program=partial(device.shell, command))


def _abb(device: DevicePort, arguments: str) -> Service:
    return partial(programs.framed, program=partial(device.binder, _split(arguments)))


def _abb_exec(device: DevicePort, arguments: str) -> Service:
    return partial(programs.raw, program=partial(device.binder, _split(arguments)))


def _split(arguments: str) -> tuple[str, ...]:
    """abb's arguments are separated by NUL; empty ones vanish (daemon/abb.cpp)."""
    return tuple(argument for argument in arguments.split("\0") if argument)


def _sync(device: DevicePort, _: str) -> Service:
    return lambda stream: SyncSession(stream, device.files.as_user(SHELL)).run()


def _tcp(device: DevicePort, address: str) -> Service | None:
    """`tcp:PORT` or `tcp:localhost:PORT`: adbd connects to the handset itself only."""
    match = re.fullmatch(r"(localhost:)?(?P<port>[0-9]{1,5})", address)
    if match is None or not device.ports.listening(int(match["port"])):
        return None
    return partial(forward, ports=device.ports, port=int(match["port"]))


def _reverse(device: DevicePort, request: str) -> Service:
    """None can be made, so the list of them (length and body, without OKAY) is empty."""
    if request == "list-forward":
        return lambda stream: stream.write(b"0000")
    return partial(programs.fail, reason="reverse forwarding is not supported")


SERVICES: tuple[tuple[str, Opener], ...] = (
    ("shell", _shell),
    ("exec:", _exec),
    ("abb:", _abb),
    ("abb_exec:", _abb_exec),
    ("sync:", _sync),
    ("tcp:", _tcp),
    ("reverse:", _reverse),
)


def find_service(name: bytes, device: DevicePort) -> Service | None:
    """What serves `name`; None for what this handset does not have, or refuses."""
    text = name.decode(errors="surrogateescape")
    for prefix, opener in SERVICES:
        if text.startswith(prefix):
            return opener(device, text.removeprefix(prefix))
    return None
