"""A handset to test against: the farm's own adbd in front of a real mksh, with toybox as its commands."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import pytest
from support.host_device import HostFiles, HostPrograms

from framework.handset.adb_server import ServerClient
from framework.handset.adbd import AdbdConnection
from framework.handset.connection import Connection
from framework.handset.own_server import own_server
from framework.handset.server import ServerConnection
from framework.handset.shell import HandsetShell
from framework.virtual.adb.server import AdbServer
from framework.virtual.system.pipes import Reader, Writer
from framework.virtual.system.ports import DevicePorts

T = TypeVar("T")

DEADLINE_S = 20.0
TMP = "/data/local/tmp"
TOYBOX = ("cat", "date", "flock", "head", "mkdir", "mv", "pidof", "printf", "rm", "rmdir", "sha256sum", "sleep", "yes")
FEATURES = "shell_v2,cmd,stat_v2,ls_v2,abb,abb_exec"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs on the phone below is judged by mksh and toybox."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and "phone" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.foreign)


class Phone:
    """Its shell is mksh, its commands are toybox's and those that a test adds; /data/local/tmp is a real folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = HostFiles(root)
        self.ports = DevicePorts()
        self.features = FEATURES
        self.bin = root / "system" / "bin"
        self.programs = HostPrograms(root, {"PATH": str(self.bin)})
        self.port = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def tmp(self) -> Path:
        return self.root / TMP.lstrip("/")

    def command(self, name: str, script: str) -> None:
        """Add a command; `$STATE` is a folder that it may keep things in."""
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!{shutil.which('mksh')}\nSTATE={self.root}\n{script}\n")
        path.chmod(0o755)

    def banner(self) -> bytes:
        return f"device::ro.product.name=test;ro.product.model=Test;features={self.features}".encode()

    async def shell(
        self,
        script: str,
        stdin: Reader,
        stdout: Writer,
        stderr: Writer,
        /,
        *,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> int:
        return await self._run(("mksh", "-c", script.replace(TMP, str(self.tmp))), stdin, stdout, stderr)

    async def binder(self, args: Sequence[str], stdin: Reader, stdout: Writer, stderr: Writer, /) -> int:
        return await self._run(("cmd", *args), stdin, stdout, stderr)

    async def _run(self, argv: Sequence[str], stdin: Reader, stdout: Writer, stderr: Writer) -> int:
        program = shutil.which(argv[0], path=f"{self.bin}:{os.environ['PATH']}") or "false"
        return await self.programs.run((program, *argv[1:]), stdin, stdout, stderr)


@contextmanager
def running(phone: Phone) -> Iterator[Callable[[], None]]:
    """adbd of `phone` in a thread of its own; yields what drops all its connections but goes on listening."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = AdbServer(phone)

    async def drop_all() -> None:
        await server.close()
        await server.start(phone.port)

    def wait(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(DEADLINE_S)

    try:
        phone.port = wait(server.start(phone.port))
        yield lambda: wait(drop_all())
        wait(server.close())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(DEADLINE_S)
        loop.close()


@pytest.fixture
def phone(tmp_path: Path) -> Phone:
    """Not yet running."""
    missing = [name for name in ("mksh", "toybox") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{' and '.join(missing)} are not on this machine (Debian packages of that name)")
    made = Phone(tmp_path / "phone")
    made.tmp.mkdir(parents=True)
    made.bin.mkdir(parents=True)
    toybox = shutil.which("toybox")
    for name in TOYBOX:
        made.command(name, f'exec {toybox} {name} "$@"')
    return made


@pytest.fixture
def restart(phone: Phone) -> Iterator[Callable[[], None]]:
    """The running phone; calling it drops every connection."""
    with running(phone) as drop:
        yield drop


@pytest.fixture
def straight(phone: Phone, restart: Callable[[], None]) -> Iterator[AdbdConnection]:
    """A connection straight to adbd."""
    with closing(AdbdConnection("phone", phone.address, DEADLINE_S)) as made:
        yield made


@pytest.fixture(scope="session")
def adb_server(bundled_adb: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """HOST:PORT of a real adb server of our own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        with own_server(bundled_adb, usb=False) as address:
            yield address


@pytest.fixture
def through_server(
    phone: Phone, restart: Callable[[], None], request: pytest.FixtureRequest
) -> Iterator[ServerConnection]:
    """A connection through a real adb server."""
    address: str = request.getfixturevalue("adb_server")
    host, _, port = address.partition(":")
    client = ServerClient(host, int(port))
    assert "connected to" in client.connect(phone.address, timeout=DEADLINE_S)
    try:
        with closing(ServerConnection("phone", phone.address, address, DEADLINE_S)) as made:
            yield made
    finally:
        client.disconnect(phone.address)


@pytest.fixture(params=["straight", pytest.param("through_server", marks=pytest.mark.foreign)])
def connection(request: pytest.FixtureRequest) -> Connection:
    """Both ways to the phone."""
    made: Connection = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def shell(connection: Connection) -> HandsetShell:
    return HandsetShell("phone", connection)
