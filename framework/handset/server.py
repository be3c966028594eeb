"""Through an adb server, local or HOST:PORT, with adbutils. No server is ever started or killed here."""

from __future__ import annotations

import os
import select
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass

from adbutils import AdbClient, AdbConnection, AdbError
from adbutils.errors import AdbConnectionError, AdbTimeout

from framework.contract.errors import DeadlineError, HandsetError, UsageError
from framework.handset.connection import Deadline, StreamClosedError, told

_READ_SIZE = 64 * 1024
_START_ONE = "start one with `adb start-server`, or name another as HOST:PORT"
_MENDS = (
    ("unauthorized", "accept this computer's key on the handset's screen"),
    ("authorizing", "accept this computer's key on the handset's screen"),
    ("no permissions", "the user may not open the USB device: install udev rules, then `adb kill-server`"),
    ("insufficient permissions", "the user may not open the USB device: install udev rules, then `adb kill-server`"),
    ("offline", "unplug and plug it in again, or `adb reconnect offline`"),
    ("not found", "is it plugged in? `adb devices` lists what the server knows"),
    ("still connecting", "try again in a moment"),
)
"""What an adb server says of a handset that it cannot reach (AOSP transport.cpp) → what to do."""


class _PlainConnection(AdbConnection):  # type: ignore[misc]  # adbutils has no types
    """adbutils starts a local server when none answers; this does not."""

    def _safe_connect(self) -> socket.socket:
        connected: socket.socket = self._create_socket()
        return connected


class ServerClient(AdbClient):  # type: ignore[misc]  # adbutils has no types
    """adbutils' client on `_PlainConnection`."""

    def make_connection(self, timeout: float | None = None) -> AdbConnection:
        connection = _PlainConnection(self.host, self.port)
        connection.conn.settimeout(timeout)
        return connection


@dataclass(frozen=True, slots=True)
class SeenHandset:
    """A handset that an adb server lists; `mend` says what to do where `state` is not `device`."""

    serial: str
    state: str
    mend: str = ""


class ServerStream:
    """One service, on a socket of its own."""

    def __init__(self, handset: str, connected: socket.socket, service: str) -> None:
        self._handset, self._socket = handset, connected
        self._service = told(service)
        self._writing = threading.Lock()
        self._closed = False

    def read(self, timeout_s: float) -> bytes:
        try:
            self._await(timeout_s, reading=True)
            return self._socket.recv(_READ_SIZE)
        except (OSError, ValueError) as error:
            if self._closed:
                return b""
            raise HandsetError(self._handset, f"{self._service} broke off: {error}") from error

    def write(self, data: bytes | memoryview, timeout_s: float) -> None:
        deadline = Deadline(timeout_s, self._handset, f"writing to {self._service}")
        rest = memoryview(data)
        with self._writing:
            while rest:
                try:
                    self._await(deadline.remaining(), reading=False)
                    rest = rest[self._socket.send(rest) :]
                except (OSError, ValueError) as error:
                    raise StreamClosedError(self._handset, f"{self._service} was ended by the handset") from error

    def readable(self) -> bool:
        return self._closed or bool(select.select([self._socket], [], [], 0)[0])

    def close(self) -> None:
        self._closed = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _await(self, timeout_s: float, *, reading: bool) -> None:
        """DeadlineError when the socket is not ready in time; ValueError when another thread has closed it."""
        readers, writers = ([self._socket], []) if reading else ([], [self._socket])
        if not any(select.select(readers, writers, [], timeout_s)):
            doing = "reading" if reading else "writing to"
            raise DeadlineError(self._handset, f"{doing} {self._service}: no answer within {timeout_s:g} s")


class ServerConnection:
    """The way to the handset `serial` through the adb server at `address` (None: the local one)."""

    def __init__(self, handset: str, serial: str, address: str | None, timeout_s: float) -> None:
        self._handset, self._serial = handset, serial
        self._host, self._port = server_address(address)
        self._features = self._ask_features(timeout_s)

    @property
    def features(self) -> frozenset[str]:
        return self._features

    def open(self, service: str, timeout_s: float) -> ServerStream:
        connection = self._connect(timeout_s)
        try:
            self._command(connection, f"host:transport:{self._serial}")
            self._command(connection, service)
        except BaseException:
            connection.conn.close()
            raise
        connection.conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.conn.setblocking(False)
        return ServerStream(self._handset, connection.conn, service)

    def close(self) -> None:
        """Each stream has a connection of its own; there is nothing else to close."""

    def _ask_features(self, timeout_s: float) -> frozenset[str]:
        connection = self._connect(timeout_s)
        try:
            self._command(connection, f"host-serial:{self._serial}:features")
            return frozenset(connection.read_string_block().split(",")) - {""}
        except (AdbError, OSError, ValueError) as error:
            raise self._error(error) from error
        finally:
            connection.conn.close()

    def _connect(self, timeout_s: float) -> AdbConnection:
        return connect(self._handset, self._host, self._port, timeout_s)

    def _command(self, connection: AdbConnection, command: str) -> None:
        try:
            connection.send_command(command)
            connection.check_okay()
        except AdbTimeout as error:
            raise DeadlineError(self._handset, f"the adb server does not answer to {command!r}") from error
        except (AdbError, OSError) as error:
            raise self._error(error) from error

    def _error(self, error: Exception) -> HandsetError:
        what = str(error).strip().splitlines()[0] if str(error).strip() else "the adb server broke off"
        return HandsetError(self._handset, what, mend_for(what))


def seen_handsets(address: str | None = None, *, timeout_s: float = 5) -> tuple[SeenHandset, ...]:
    """What `adb devices` would list; HandsetError when no server answers."""
    host, port = server_address(address)
    connection = connect(f"adb server {host}:{port}", host, port, timeout_s)
    try:
        connection.send_command("host:devices")
        connection.check_okay()
        rows = [line.split("\t", 1) for line in connection.read_string_block().splitlines() if "\t" in line]
    except (AdbError, OSError, ValueError) as error:
        raise HandsetError(f"adb server {host}:{port}", f"it does not list its handsets: {error}") from error
    finally:
        connection.conn.close()
    return tuple(SeenHandset(serial, state.split(";")[0], mend_for(state)) for serial, state in rows)


def connect(name: str, host: str, port: int, timeout_s: float) -> AdbConnection:
    """A connection to the adb server; `name` is blamed when there is none."""
    try:
        return ServerClient(host, port).make_connection(timeout_s)
    except (AdbConnectionError, AdbTimeout, OSError) as error:
        raise HandsetError(name, f"no adb server answers at {host}:{port}", _START_ONE) from error


def mend_for(what: str) -> str:
    return next((mend for word, mend in _MENDS if word in what), "")


def server_address(address: str | None) -> tuple[str, int]:
    """Host and port of an adb server; without an address what adb itself would take from the environment."""
    text = address or os.environ.get("ADB_SERVER_SOCKET", "").removeprefix("tcp:")
    if not text:
        host = os.environ.get("ANDROID_ADB_SERVER_ADDRESS", "127.0.0.1")
        return host, int(os.environ.get("ANDROID_ADB_SERVER_PORT", "5037"))
    host, _, port = text.rpartition(":")
    if not port.isdecimal():
        raise UsageError(f"{text!r} is no address of an adb server: expected HOST:PORT")
    return host or "127.0.0.1", int(port)


def listed_devices(address: str | None = None, *, timeout_s: float = 5) -> str:
    """What `adb devices -l` prints."""
    return f"List of devices attached\n{_host_answer('host:devices-l', address, timeout_s)}"


def server_version(address: str | None = None, *, timeout_s: float = 5) -> int:
    """The protocol version that an adb must share with the server: 41 of 1.0.41; HandsetError when none answers."""
    text = _host_answer("host:version", address, timeout_s)
    try:
        return int(text, 16)
    except ValueError:
        host, port = server_address(address)
        raise HandsetError(f"adb server {host}:{port}", f"it tells the version {text[:20]!r}") from None


def _host_answer(command: str, address: str | None, timeout_s: float) -> str:
    """What the server itself says; HandsetError when it does not."""
    host, port = server_address(address)
    name = f"adb server {host}:{port}"
    connection = connect(name, host, port, timeout_s)
    try:
        connection.send_command(command)
        connection.check_okay()
        return str(connection.read_string_block())
    except (AdbError, OSError, ValueError) as error:
        raise HandsetError(name, f"it does not answer to {command}: {error}") from error
    finally:
        connection.conn.close()
