"""An adb server, local or HOST:PORT, with adbutils: what it knows, and what can be asked of it for a handset.

No server is ever started or killed here, nor asked anything that would make another client kill it.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from adbutils import AdbClient, AdbConnection, AdbError
from adbutils.errors import AdbConnectionError, AdbTimeout

from framework.contract.errors import DeadlineError, HandsetError, UsageError
from framework.handset.states import mend_for, said_by_server, state_in, state_of

ANSWER_S = 5.0
_START_ONE = "start one with `adb start-server`, or name another as HOST:PORT"
_WAYS: tuple[str, ...] = ("localabstract", "localreserved", "localfilesystem", "local", "vsock", "acceptfd")
"""Beginnings of ADB_SERVER_SOCKET that adb knows besides tcp (AOSP socket_spec.cpp)."""


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


def seen_handsets(address: str | None = None, *, timeout_s: float = ANSWER_S) -> tuple[SeenHandset, ...]:
    """What `adb devices` would list; HandsetError when no server answers."""
    rows = [line.split("\t", 1) for line in ask(address, "host:devices", timeout_s).splitlines() if "\t" in line]
    return tuple(SeenHandset(serial, state_of(said), mend_for(said)) for serial, said in rows)


def listed_devices(address: str | None = None, *, timeout_s: float = ANSWER_S) -> str:
    """What `adb devices -l` prints."""
    return f"List of devices attached\n{ask(address, 'host:devices-l', timeout_s)}"


def server_version(address: str | None = None, *, timeout_s: float = ANSWER_S) -> int:
    """The protocol's version, such as 41: an adb program of another version would kill this server."""
    text = ask(address, "host:version", timeout_s)
    try:
        return int(text, 16)
    except ValueError:
        raise HandsetError("the adb server", f"it tells the version {text[:20]!r}") from None


def connect_handset(name: str, address: str | None, serial: str, *, timeout_s: float = 30) -> None:
    """`adb connect SERIAL`, without adb; nothing where it is connected. HandsetError with the mend where it fails."""
    said = ask(address, f"host:connect:{serial}", timeout_s)
    if not said.startswith(("connected to", "already connected to")):
        raise said_by_server(name, said)


def disconnect_handset(address: str | None, serial: str, *, timeout_s: float = ANSWER_S) -> None:
    """`adb disconnect SERIAL`, without adb; HandsetError where the server does not have it."""
    ask(address, f"host:disconnect:{serial}", timeout_s)


def state(address: str | None, serial: str, *, timeout_s: float = ANSWER_S) -> str | None:
    """The state of one handset, such as `device` or `offline`; None where the server does not list it."""
    return next((seen.state for seen in seen_handsets(address, timeout_s=timeout_s) if seen.serial == serial), None)


def ask(address: str | None, service: str, timeout_s: float = ANSWER_S) -> str:
    """What a host service says (AOSP SERVICES.TXT); HandsetError, blaming the server, for a refusal."""
    host, port = server_address(address)
    name = f"adb server {host}:{port}"
    with connected(name, host, port, timeout_s) as connection:
        try:
            connection.send_command(service)
            connection.check_okay()
            return str(connection.read_string_block())
        except AdbTimeout as error:
            raise DeadlineError(name, f"it does not answer to {service!r} within {timeout_s:g} s") from error
        except (AdbError, OSError, ValueError) as error:
            what = words_of(error)
            raise HandsetError(name, f"{service}: {what}", mend_for(what), state_in(what)) from error


@contextmanager
def connected(name: str, host: str, port: int, timeout_s: float) -> Iterator[AdbConnection]:
    """A connection that is closed afterwards."""
    connection = connect(name, host, port, timeout_s)
    try:
        yield connection
    finally:
        connection.conn.close()


def connect(name: str, host: str, port: int, timeout_s: float) -> AdbConnection:
    """A connection to the adb server; `name` is blamed when there is none."""
    try:
        return ServerClient(host, port).make_connection(timeout_s)
    except (AdbConnectionError, AdbTimeout, OSError) as error:
        raise HandsetError(name, f"no adb server answers at {host}:{port}", _START_ONE) from error


def words_of(error: Exception) -> str:
    """The first line of what the adb server says; adbutils tells its silence as unknown data."""
    said = str(error).strip()
    return "the adb server broke off" if not said or said == "Unknown data: b''" else said.splitlines()[0]


def server_address(address: str | None) -> tuple[str, int]:
    """Host and port of an adb server; without an address what adb itself would take from the environment."""
    if address:
        return _host_port(address, f"{address!r}")
    spec = os.environ.get("ADB_SERVER_SOCKET", "")
    if not spec:
        host = os.environ.get("ANDROID_ADB_SERVER_ADDRESS") or "127.0.0.1"
        return host, _port(os.environ.get("ANDROID_ADB_SERVER_PORT") or "5037", "ANDROID_ADB_SERVER_PORT")
    way, _, rest = spec.partition(":")
    if way in _WAYS:
        raise UsageError(
            f"ADB_SERVER_SOCKET={spec}: the farm reaches adb servers over TCP only; start one with "
            "`adb -L tcp:localhost:5037 start-server` and set ADB_SERVER_SOCKET=tcp:localhost:5037"
        )
    if way != "tcp":
        raise UsageError(f"ADB_SERVER_SOCKET={spec}: expected tcp:HOST:PORT, for example tcp:localhost:5037")
    return _host_port(rest if ":" in rest else f"127.0.0.1:{rest}", f"ADB_SERVER_SOCKET={spec}")


def _host_port(text: str, origin: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]") or "127.0.0.1", _port(port, origin)


def _port(text: str, origin: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise UsageError(f"{origin} is no address of an adb server: expected HOST:PORT, such as 127.0.0.1:5037")
    return int(text)
