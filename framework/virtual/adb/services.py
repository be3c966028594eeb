"""The services that a host can open (AOSP packages/modules/adb/daemon/services.cpp), in one table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol, TypeAlias

from framework.virtual.adb import daemon, debuggables, programs, reverse
from framework.virtual.adb.device_port import DevicePort
from framework.virtual.adb.forward import forward
from framework.virtual.adb.framebuffer import framebuffer
from framework.virtual.adb.local_sockets import LOCAL, local_address
from framework.virtual.adb.stream import Stream
from framework.virtual.adb.sync import SyncSession
from framework.virtual.system.users import SHELL

Service: TypeAlias = Callable[[Stream], Awaitable[None]]
"""Serves one stream; when it returns, the stream is closed once the client has all of its output."""

Opener: TypeAlias = Callable[[DevicePort, str], Service | None]
"""Given the handset and what follows the prefix; None refuses, so that the client gets CLSE."""


class Peer(reverse.Host, Protocol):
    """The host that asks, and the adbd that it asks."""

    @property
    def reverses(self) -> reverse.Reverses: ...
    def restart(self) -> None:
        """Have adbd restart: every connection is dropped."""


def _shell(device: DevicePort, request: str) -> Service | None:
    """`shell,ARGUMENT…:COMMAND`: a command, or a shell that reads its script from stdin. At a terminal if the client
    says `pty`, or nothing, and no command. Unknown arguments are passed over, as adbd does."""
    arguments, colon, command = request.partition(":")
    if not colon:
        return None
    known = arguments.split(",")
    environment = dict(word.split("=", 1) for word in known if word.startswith("TERM="))
    at_terminal = "pty" in known or ("raw" not in known and not command)
    if at_terminal:
        shown = programs.framed_at_terminal if "v2" in known else programs.raw_at_terminal
        script = command or "exec sh -i"
        return partial(shown, program=lambda terminal: device.shell_at(terminal, script, environment=environment))
    run = programs.framed if "v2" in known else programs.raw
    return partial(run, program=partial(device.shell, command or "exec sh", environment=environment))


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


def _socket(device: DevicePort, spec: str) -> Service | None:
    address = local_address(spec)
    if address is None or not device.ports.listening(address):
        return None
    return partial(forward, ports=device.ports, address=address)


def _tcp(device: DevicePort, address: str) -> Service | None:
    """`tcp:PORT` or `tcp:localhost:PORT`: adbd connects to the handset itself only."""
    return _socket(device, f"tcp:{address}")


def _local(kind: str) -> Opener:
    return lambda device, name: _socket(device, kind + name)


def _device_file(device: DevicePort, path: str) -> Service | None:
    """Refused where the file cannot be opened for reading and writing."""
    path = path.partition("\0")[0]
    try:
        with device.files.as_user(SHELL).open(path, "r+"):
            return partial(daemon.device_file, device=device, path=path, uid=SHELL)
    except OSError:
        return None


def _remount(device: DevicePort, arguments: str) -> Service:
    return _exec(device, f"/system/bin/remount {arguments}")


def _reverse(request: str, peer: Peer) -> Service:
    return partial(reverse.serve, request=request, reverses=peer.reverses, host=peer)


def _tcpip(device: DevicePort, port: str, peer: Peer) -> Service | None:
    number = daemon.tcpip_port(port)
    if number is None:
        return None
    return partial(daemon.tcpip, device=device, port=number, restart=peer.restart)


SERVICES: tuple[tuple[str, Opener], ...] = (
    ("shell", _shell),
    ("exec:", _exec),
    ("abb:", _abb),
    ("abb_exec:", _abb_exec),
    ("sync:", _sync),
    ("tcp:", _tcp),
    *((kind, _local(kind)) for kind, _ in LOCAL),
    ("dev:", _device_file),
    ("framebuffer:", lambda device, _: partial(framebuffer, device=device)),
    ("jdwp", lambda device, pid: None if pid else partial(debuggables.jdwp, device=device)),
    ("track-jdwp", lambda device, _: partial(debuggables.track_jdwp, device=device)),
    ("track-app", lambda device, _: partial(debuggables.track_app, device=device)),
    ("root:", lambda _, __: daemon.root),
    ("unroot:", lambda _, __: daemon.unroot),
    ("remount:", _remount),
    ("reboot:", lambda device, _: partial(daemon.reboot, device=device)),
)
PEER_SERVICES: tuple[tuple[str, Callable[[DevicePort, str, Peer], Service | None]], ...] = (
    ("reverse:", lambda _, request, peer: _reverse(request, peer)),
    ("tcpip:", _tcpip),
    ("usb:", lambda device, _, peer: partial(daemon.usb, device=device, restart=peer.restart)),
)
"""Those that have to do with who asks."""


def find_service(name: bytes, device: DevicePort, peer: Peer) -> Service | None:
    """What serves `name` for `peer`; None for what this handset does not have, or refuses."""
    text = name.decode(errors="surrogateescape")
    for prefix, opener in SERVICES:
        if text.startswith(prefix):
            return opener(device, text.removeprefix(prefix))
    for prefix, open_for in PEER_SERVICES:
        if text.startswith(prefix):
            return open_for(device, text.removeprefix(prefix), peer)
    return None
