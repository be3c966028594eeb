"""One running program on the handset, under shell v2, or under v1 where the handset is too old for it."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from framework.handset import shell_packets
from framework.handset.connection import Connection, Stream
from framework.handset.shell_packets import CLOSE_STDIN, EXIT, STDERR, STDIN, STDOUT, PacketReader

_PIECE = 64 * 1024


class Output(NamedTuple):
    stdout: bytes = b""
    stderr: bytes = b""


class Program(Protocol):
    """`exit` is known once `read` has returned None, and stays None where the handset does not tell it."""

    exit: int | None

    def read(self, timeout_s: float) -> Output | None:
        """What it printed next, None at its end."""

    def write(self, data: bytes, timeout_s: float) -> None: ...

    def close(self) -> None: ...


class ProgramV2:
    """Output and error output apart, an input that can end, and the exit status."""

    def __init__(self, stream: Stream) -> None:
        self.exit: int | None = None
        self._stream, self._packets = stream, PacketReader()

    def read(self, timeout_s: float) -> Output | None:
        data = self._stream.read(timeout_s)
        if not data:
            return None
        found: dict[int, bytearray] = {STDOUT: bytearray(), STDERR: bytearray()}
        for kind, part in self._packets.feed(data):
            if kind == EXIT and part:
                self.exit = part[0]
            elif kind in found:
                found[kind] += part
        return Output(bytes(found[STDOUT]), bytes(found[STDERR]))

    def write(self, data: bytes, timeout_s: float) -> None:
        for start in range(0, len(data), _PIECE):
            self._stream.write(shell_packets.encode(STDIN, data[start : start + _PIECE]), timeout_s)

    def end_input(self, timeout_s: float) -> None:
        self._stream.write(shell_packets.encode(CLOSE_STDIN), timeout_s)

    def close(self) -> None:
        self._stream.close()


class ProgramV1:
    """Everything that is printed in one stream; the input cannot be ended, and no exit status is told."""

    def __init__(self, stream: Stream) -> None:
        self.exit: int | None = None
        self._stream = stream

    def read(self, timeout_s: float) -> Output | None:
        data = self._stream.read(timeout_s)
        return Output(data) if data else None

    def write(self, data: bytes, timeout_s: float) -> None:
        self._stream.write(data, timeout_s)

    def close(self) -> None:
        self._stream.close()


def speaks_v2(connection: Connection) -> bool:
    """Android 7 and later."""
    return "shell_v2" in connection.features


def start_v1(connection: Connection, script: str, timeout_s: float) -> ProgramV1:
    return ProgramV1(connection.open(f"shell:{script}", timeout_s))


def start_v2(connection: Connection, script: str, timeout_s: float) -> ProgramV2:
    """Run `script` with the handset's shell, without a terminal."""
    return ProgramV2(connection.open(f"shell,v2,raw:{script}", timeout_s))
