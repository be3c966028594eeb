"""Two other implementations of the host's side: adb-shell, straight to adbd, and adbutils, through an adb server."""

from __future__ import annotations

import asyncio
import io
import os
import socket
import stat
import threading
import time
from typing import TYPE_CHECKING

import adbutils
import pytest
from adb_shell.adb_device import AdbDeviceTcp
from adb_shell.adb_device_async import AdbDeviceTcpAsync
from adb_shell.auth.keygen import keygen
from adb_shell.auth.sign_pythonrsa import PythonRSASigner
from adb_shell.exceptions import DeviceAuthError

from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import virtual_handsets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from conftest import Adbd, AdbTool

pytestmark = pytest.mark.foreign

TMP = "/data/local/tmp"
CONTENT = os.urandom(3_000_000)


# -- adb-shell: announces 0x01000000, so every packet's checksum is verified on both sides ---------------------------


@pytest.fixture
def direct(adbd: Adbd) -> Iterator[AdbDeviceTcp]:
    device = AdbDeviceTcp("127.0.0.1", adbd.port, default_transport_timeout_s=20)
    device.connect()
    yield device
    device.close()


def test_adb_shell_runs_commands(direct: AdbDeviceTcp) -> None:
    """One after the other, on one connection, with all of their output."""
    assert [direct.shell(f"echo {number}") for number in range(20)] == [f"{number}\n" for number in range(20)]
    assert len(direct.shell("head -c 2500000 /dev/zero", decode=False)) == 2_500_000
    assert direct.exec_out("printf 'a\\r\\n\\377'", decode=False) == b"a\r\n\xff"


def test_adb_shell_streams(direct: AdbDeviceTcp) -> None:
    """Output comes as it is made."""
    pieces = direct.streaming_shell("echo one; read line < /dev/null; echo two")
    assert "".join(pieces) == "one\ntwo\n"


def test_adb_shell_pushes_lists_and_pulls(adbd: Adbd, direct: AdbDeviceTcp) -> None:
    """Content, mode, size and time."""
    direct.push(io.BytesIO(CONTENT), f"{TMP}/dir/f", st_mode=stat.S_IFREG | 0o644, mtime=1_650_000_000)
    assert direct.stat(f"{TMP}/dir/f") == (0o100666, len(CONTENT), 1_650_000_000)
    names = {bytes(entry.filename): entry.size for entry in direct.list(f"{TMP}/dir")}
    assert names[b"f"] == len(CONTENT)
    back = io.BytesIO()
    direct.pull(f"{TMP}/dir/f", back)
    assert back.getvalue() == CONTENT


def test_adb_shell_runs_a_command_beside_an_open_stream(direct: AdbDeviceTcp) -> None:
    """Its packets are told apart by the ids."""
    endless = direct.streaming_shell("echo first; exec cat")
    assert next(endless) == "first\n"
    assert direct.shell("echo beside") == "beside\n"


# -- adb-shell, sync and async, before a handset that asks for keys --------------------------------------------------


@pytest.fixture
def asking() -> Iterator[VirtualEndpoint]:
    with virtual_handsets([VirtualRequest("asking", "xiaomi-13", auth="ask")]) as started:
        yield started.endpoint("asking")


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> PythonRSASigner:
    path = tmp_path_factory.mktemp("keys") / "adbkey"
    keygen(str(path))
    return PythonRSASigner(path.with_suffix(".pub").read_text(), path.read_text())


def accept(endpoint: VirtualEndpoint) -> None:
    """What a person does who sees the dialog."""

    def work() -> None:
        control, deadline = Control(endpoint.control), time.monotonic() + 20
        while not control.auth()["asking"]:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        control.answer(allow=True)

    threading.Thread(target=work).start()


def test_adb_shell_is_let_in_with_its_key(asking: VirtualEndpoint, signer: PythonRSASigner, tmp_path: Path) -> None:
    """Refused without a key; with one it waits until somebody accepts, and the signature is enough from then on."""
    port = int(asking.adb.rpartition(":")[2])
    with pytest.raises(DeviceAuthError):
        AdbDeviceTcp("127.0.0.1", port, 20).connect()
    asked: list[AdbDeviceTcp] = []

    def ask(device: AdbDeviceTcp) -> None:
        asked.append(device)
        accept(asking)

    for _ in range(2):
        device = AdbDeviceTcp("127.0.0.1", port, 20)
        device.connect([signer], auth_timeout_s=20, auth_callback=ask)
        assert device.shell("id -un") == "shell\n"
        device.push(io.BytesIO(CONTENT), f"{TMP}/f", st_mode=stat.S_IFREG | 0o644)
        device.pull(f"{TMP}/f", str(tmp_path / "back"))
        assert (tmp_path / "back").read_bytes() == CONTENT
        device.close()
    assert (len(asked), len(Control(asking.control).auth()["remembered"])) == (1, 1)


def test_adb_shell_async_is_let_in_with_its_key(
    asking: VirtualEndpoint, signer: PythonRSASigner, tmp_path: Path
) -> None:
    """The same over asyncio, with files that are read and written without blocking."""
    port = int(asking.adb.rpartition(":")[2])
    (tmp_path / "f").write_bytes(CONTENT)

    async def visit() -> list[str]:
        device = AdbDeviceTcpAsync("127.0.0.1", port, 20)
        await device.connect([signer], auth_timeout_s=20, auth_callback=lambda _: accept(asking))
        answers = [await device.shell(f"echo {number}") for number in range(3)]
        await device.push(str(tmp_path / "f"), f"{TMP}/f")
        await device.pull(f"{TMP}/f", str(tmp_path / "back"))
        answers += [line async for line in device.streaming_shell(f"wc -c <{TMP}/f")]
        await device.close()
        return answers

    assert asyncio.run(visit()) == ["0\n", "1\n", "2\n", f"{len(CONTENT)}\n"]
    assert (tmp_path / "back").read_bytes() == CONTENT


# -- adbutils ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(
    shared_adbd: Adbd,
    adb_server: Callable[[str, Path], AbstractContextManager[AdbTool]],
    bundled_adb: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[adbutils.AdbDevice]:
    with adb_server(bundled_adb, tmp_path_factory.mktemp("home")) as tool:
        client = adbutils.AdbClient("127.0.0.1", tool.server_port)
        client.connect(shared_adbd.serial)
        yield client.device(shared_adbd.serial)


def test_adbutils_runs_commands(served: adbutils.AdbDevice) -> None:
    """v1, and v2 with status and both outputs."""
    assert served.shell("echo hello") == "hello"
    ran = served.shell2("echo out; echo err >&2; exit 5", v2=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (5, "out\n", "err\n")


def test_adbutils_pushes_stats_and_pulls(served: adbutils.AdbDevice, tmp_path: Path) -> None:
    """Through its own sync client."""
    served.sync.push(CONTENT, f"{TMP}/utils/f")
    assert served.sync.stat(f"{TMP}/utils/f").size == len(CONTENT)
    assert [entry.path for entry in served.sync.list(f"{TMP}/utils") if entry.path.endswith("f")] != []
    assert served.sync.read_bytes(f"{TMP}/utils/f") == CONTENT


def test_adbutils_connects_to_a_port(shared_adbd: Adbd, served: adbutils.AdbDevice) -> None:
    """create_connection(TCP, port) is a socket to the handset's port."""

    async def greet() -> None:
        async def handler(reader, writer):  # type: ignore[no-untyped-def]
            await writer.write(b"hello " + await reader.readline())

        shared_adbd.device.ports.listen(9008, handler)

    shared_adbd.call(greet())
    with served.create_connection(adbutils.Network.TCP, 9008) as connection:
        connection.sendall(b"you\n")
        assert connection.recv(100) == b"hello you\n"


# -- adbutils on a whole handset ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def phone(
    adb_server: Callable[[str, Path], AbstractContextManager[AdbTool]],
    bundled_adb: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[adbutils.AdbDevice]:
    with (
        virtual_handsets([VirtualRequest("phone", "xiaomi-13", speed=20)]) as started,
        adb_server(bundled_adb, tmp_path_factory.mktemp("home")) as tool,
    ):
        client = adbutils.AdbClient("127.0.0.1", tool.server_port)
        serial = started.endpoint("phone").adb
        client.connect(serial)
        yield client.device(serial)


def test_adbutils_knows_the_handset(phone: adbutils.AdbDevice) -> None:
    """Its properties, its screen, its packages."""
    assert (phone.prop.model, phone.get_features()[:8]) == ("2211133C", "shell_v2")
    assert tuple(phone.window_size()) == (1080, 2400)
    assert "com.miui.home" in phone.list_packages()
    assert phone.app_current().package == "com.miui.home"


def test_adbutils_takes_pictures_of_the_screen(phone: adbutils.AdbDevice) -> None:
    """By screencap, and by `framebuffer:`: the same size, the same pixels."""
    by_program, by_service = phone.screenshot(), phone.framebuffer()
    assert by_program.size == by_service.size == (1080, 2400)
    below_clock = (0, 200, 1080, 2400)
    pixels = [picture.crop(below_clock).convert("RGB").tobytes() for picture in (by_program, by_service)]
    assert pixels[0] == pixels[1]


def test_adbutils_reverses_and_forwards(phone: adbutils.AdbDevice) -> None:
    """Listed as they were asked for, and led home."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        here = f"tcp:{server.getsockname()[1]}"
        phone.reverse("tcp:7001", here)
        assert [(each.remote, each.local) for each in phone.reverse_list()] == [("tcp:7001", here)]
        with phone.create_connection(adbutils.Network.TCP, 7001) as there:
            there.sendall(b"round")
            with server.accept()[0] as visitor:
                assert visitor.recv(100) == b"round"
    port = phone.forward_port(6790)
    assert [each.remote for each in phone.forward_list() if each.local == f"tcp:{port}"] == ["tcp:6790"]
