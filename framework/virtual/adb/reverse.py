"""`reverse:`: ports of the handset that lead to its hosts (AOSP adb_listeners.cpp; adb.cpp, handle_forward_request)."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from framework.virtual.adb.device_port import Ports
from framework.virtual.adb.forward import carry
from framework.virtual.adb.local_sockets import local_address
from framework.virtual.adb.stream import Stream
from framework.virtual.system.pipes import Pipe
from framework.virtual.system.ports import Listener


class Host(Protocol):
    """The host on the other end of one connection."""

    @property
    def name(self) -> str:
        """What adbd calls the connection, as `host-12`."""

    def ask(self, service: bytes) -> AbstractAsyncContextManager[Stream]:
        """A stream to a service of the host's, which has answered; it is closed if it refused."""


class ReverseError(Exception):
    """Why there is no such listener, in adbd's words."""


@dataclass(slots=True)
class _Reverse:
    remote: str
    host: Host
    listener: Listener


class Reverses:
    """The listeners of one handset, by their names (`tcp:PORT`); each goes with its host's connection."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._listeners: dict[str, _Reverse] = {}

    def listing(self) -> str:
        """As `adb reverse --list` prints it."""
        return "".join(f"{each.host.name} {local} {each.remote}\n" for local, each in self._listeners.items())

    def install(self, local: str, remote: str, host: Host, *, rebind: bool = True) -> int:
        """Listen on `local` and lead whoever connects to `remote` of the host; the TCP port that was opened for it.

        0 where none was, because there was a listener already. ReverseError.
        """
        known = self._listeners.get(local)
        if known is not None and not rebind:
            raise ReverseError("cannot rebind existing socket")
        if known is not None:
            known.remote, known.host = remote, host
            return 0
        address = local_address(local)
        if address is None:
            raise ReverseError(f"cannot bind listener: unknown socket specification '{local}'")
        try:
            listener = self._ports.listen(address, lambda reader, writer: self._accept(name, reader, writer))
        except OSError as error:
            raise ReverseError(f"cannot bind listener: {error.strerror}") from error
        port = listener.address if isinstance(listener.address, int) else 0
        name = f"tcp:{port}" if port else local
        self._listeners[name] = _Reverse(remote, host, listener)
        return port

    def remove(self, local: str) -> None:
        """ReverseError where there is none of that name."""
        found = self._listeners.pop(local, None)
        if found is None:
            raise ReverseError(f"listener '{local}' not found")
        found.listener.close()

    def clear(self, host: Host | None = None) -> None:
        """Take all away, or those of one host."""
        for local, each in tuple(self._listeners.items()):
            if host is None or each.host is host:
                self.remove(local)

    async def _accept(self, local: str, reader: Pipe, writer: Pipe) -> None:
        found = self._listeners.get(local)
        if found is None:
            return
        async with found.host.ask(found.remote.encode(errors="surrogateescape")) as stream:
            if stream.is_open:
                await carry(stream, reader, writer)


async def serve(stream: Stream, request: str, reverses: Reverses, host: Host) -> None:
    """One request: `forward:[norebind:]LOCAL;REMOTE`, `killforward:LOCAL`, `killforward-all`, `list-forward`."""
    await stream.write(_answer(request, reverses, host).encode(errors="surrogateescape"))


def _answer(request: str, reverses: Reverses, host: Host) -> str:
    if request == "list-forward":
        return _counted(reverses.listing())
    if request == "killforward-all":
        reverses.clear()
        return "OKAY"
    verb, _, what = request.partition(":")
    try:
        if verb == "forward":
            return "OKAY" + _forward(what, reverses, host)
        if verb == "killforward":
            return "OKAY" + _kill(what, reverses)
    except ReverseError as error:
        return "FAIL" + _counted(str(error))
    return "FAIL" + _counted("not a reverse forwarding command")


def _forward(what: str, reverses: Reverses, host: Host) -> str:
    bare = what.removeprefix("norebind:")
    local, semicolon, remote = bare.partition(";")
    if not (local and semicolon and remote) or ";" in remote or remote.startswith("*"):
        raise ReverseError(f"bad forward: {bare}")
    port = reverses.install(local, remote, host, rebind=bare == what)
    return _counted(str(port)) if port else ""


def _kill(what: str, reverses: Reverses) -> str:
    if not what or ";" in what:
        raise ReverseError(f"bad killforward: {what}")
    reverses.remove(what)
    return ""


def _counted(text: str) -> str:
    return f"{len(text.encode(errors='surrogateescape')):04x}{text}"
