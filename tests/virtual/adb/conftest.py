"""Fixtures for the wire: adbd in front of a real shell and a real directory, and the clients that talk to it."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from support.host_device import HostDevice

from framework.virtual.adb.events import Close, Connect, Data, Event, Open, Ready
from framework.virtual.adb.link import Link
from framework.virtual.adb.packet import MAX_PAYLOAD, VERSION
from framework.virtual.adb.server import AdbServer

T = TypeVar("T")

DEADLINE_S = 30


class Adbd:
    """adbd in a thread of its own, so that tests may block."""

    def __init__(self, device: HostDevice, loop: asyncio.AbstractEventLoop, server: AdbServer, port: int) -> None:
        self.device = device
        self.server = server
        self.root = device.root
        self.port = port
        self.loop = loop

    @property
    def serial(self) -> str:
        return f"127.0.0.1:{self.port}"

    def host(self) -> Host:
        """A new connection, to be closed."""
        return Host(self.port)

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` in adbd's loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(DEADLINE_S)

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until `condition` holds, asked in adbd's loop."""

        async def poll() -> None:
            async with asyncio.timeout(DEADLINE_S):
                while not condition():
                    await asyncio.sleep(0.002)

        self.call(poll())


@contextmanager
def running_adbd(root: Path) -> Iterator[Adbd]:
    """adbd over a `HostDevice` on `root`; at the end nothing that it started may be left."""
    (root / "data/local/tmp").mkdir(parents=True)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    device = HostDevice(root)
    server = AdbServer(device)
    try:
        port = asyncio.run_coroutine_threadsafe(server.start(), loop).result(DEADLINE_S)
        adbd = Adbd(device, loop, server, port)
        yield adbd
        adbd.call(server.close())
        assert device.running == set()
        assert adbd.call(_other_tasks()) == 0
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(DEADLINE_S)
        loop.close()


async def _other_tasks() -> int:
    return len(asyncio.all_tasks()) - 1


@pytest.fixture
def adbd(tmp_path: Path) -> Iterator[Adbd]:
    with running_adbd(tmp_path / "handset") as served:
        yield served


@pytest.fixture(scope="module")
def shared_adbd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adbd]:
    """One for a whole file: for tests that come again and again, and for adb servers that take long to start."""
    with running_adbd(tmp_path_factory.mktemp("shared") / "handset") as served:
        yield served


class Host:
    """A plain adb host on one connection: says what it is told, hears what comes."""

    def __init__(self, port: int, *, version: int = VERSION, max_payload: int = MAX_PAYLOAD) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), DEADLINE_S)
        self.link = Link()
        self.say(Connect(version, max_payload, b"host::"))
        greeting = self.hear()
        assert isinstance(greeting, Connect)
        self.banner = greeting.banner

    def say(self, event: Event) -> None:
        self.link.send(event)
        self.socket.sendall(self.link.data_to_send())

    def hear(self) -> Event:
        """The next event; EOFError when the device hung up."""
        while (event := self.link.next_event()) is None:
            data = self.socket.recv(1 << 18)
            if not data:
                raise EOFError
            self.link.receive(data)
        self.socket.sendall(self.link.data_to_send())
        return event

    def ask_for(self, service: bytes) -> int:
        """Say OPEN, without waiting for an answer."""
        stream = self.link.fresh_stream()
        self.say(Open(stream, service))
        return stream

    def open(self, service: bytes) -> int:
        stream = self.ask_for(service)
        assert self.hear() == Ready(stream)
        return stream

    def refused(self, service: bytes) -> bool:
        stream = self.ask_for(service)
        return self.hear() == Close(stream)

    def write(self, stream: int, data: bytes) -> None:
        """Send `data` and wait until it is taken."""
        self.say(Data(stream, data))
        assert self.hear() == Ready(stream)

    def read(self, stream: int) -> bytes:
        """The next piece of the stream, acknowledged; `b""` once it is closed."""
        match event := self.hear():
            case Data():
                self.say(Ready(stream))
                return event.payload
            case Close():
                return b""
        raise AssertionError(event)

    def read_exactly(self, stream: int, n: int) -> bytes:
        data = b""
        while len(data) < n:
            data += self.read(stream)
        assert len(data) == n
        return data

    def read_all(self, stream: int) -> bytes:
        return b"".join(iter(lambda: self.read(stream), b""))

    def ask(self, service: bytes) -> bytes:
        """All that `service` says until it closes."""
        return self.read_all(self.open(service))

    def close(self) -> None:
        self.socket.close()


@pytest.fixture
def connect(adbd: Adbd) -> Iterator[Callable[..., Host]]:
    """Makes connections to `adbd`, closed at the end."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(closing(Host(adbd.port, **options)))


@pytest.fixture
def host(connect: Callable[..., Host]) -> Host:
    return connect()


@dataclass(frozen=True)
class AdbTool:
    """An adb binary with a server of its own."""

    path: str
    server_port: int
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "HOME": str(self.home),
            "ANDROID_ADB_SERVER_PORT": str(self.server_port),
            **dict.fromkeys(("ADB_USB", "ADB_EMU", "ADB_MDNS"), "0"),  # 36 looks for others for 3 s first
        }

    def start(self, *args: str, **options: Any) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [self.path, *args], env=self.environment, stdin=pipe, stdout=pipe, stderr=pipe, **options
        )

    def run(self, *args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [self.path, *args]
        return subprocess.run(
            command, env=self.environment, input=stdin, capture_output=True, timeout=DEADLINE_S, check=False
        )


@contextmanager
def running_adb(path: str, home: Path) -> Iterator[AdbTool]:
    """`path` with an adb server of ours on a free port, ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        tool = AdbTool(path, probe.getsockname()[1], home)
    server = tool.start("-P", str(tool.server_port), "nodaemon", "server")
    try:
        _wait_for_port(tool.server_port)
        yield tool
    finally:
        server.kill()
        server.communicate(timeout=DEADLINE_S)


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "the adb server did not start"
            time.sleep(0.01)
        else:
            return


@pytest.fixture(scope="session")
def adb_server() -> Callable[[str, Path], AbstractContextManager[AdbTool]]:
    """Starts an adb server from a binary, with a home directory: `running_adb`."""
    return running_adb
