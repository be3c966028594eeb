"""Two other implementations of the host's side: adb-shell, straight to adbd, and adbutils, through an adb server."""

from __future__ import annotations

import io
import os
import stat
from typing import TYPE_CHECKING

import adbutils
import pytest
from adb_shell.adb_device import AdbDeviceTcp

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
