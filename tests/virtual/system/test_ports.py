"""The handset's own TCP ports."""

from __future__ import annotations

import asyncio
import errno

import pytest

from framework.virtual.system.pipes import Pipe
from framework.virtual.system.ports import DevicePorts


async def upper(reader: Pipe, writer: Pipe) -> None:
    while data := await reader.read():
        await writer.write(data.upper())


async def forever(reader: Pipe, writer: Pipe) -> None:
    await asyncio.Event().wait()


def test_a_connection_reaches_the_listener() -> None:
    """Bytes both ways; the end of one side's writing ends the other."""

    async def talk() -> list[bytes]:
        ports = DevicePorts()
        ports.listen(8080, upper)
        reader, writer = ports.connect(8080)
        await writer.write(b"hello")
        heard = [await reader.read()]
        writer.close_write()
        return [*heard, await reader.read()]

    assert asyncio.run(talk()) == [b"HELLO", b""]


def test_nobody_there_is_a_refused_connection() -> None:
    """Also where the host itself listens: the spaces are apart."""

    async def knock() -> None:
        server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
        with pytest.raises(ConnectionRefusedError):
            DevicePorts().connect(server.sockets[0].getsockname()[1])
        server.close()

    asyncio.run(knock())


def test_a_port_is_served_by_one_and_free_after_close() -> None:
    """EADDRINUSE as bind(2) gives it; closing an old listener twice does not free a new one's port."""
    ports = DevicePorts()
    first = ports.listen(5, upper)
    with pytest.raises(OSError, match="Address already in use") as refused:
        ports.listen(5, forever)
    assert refused.value.errno == errno.EADDRINUSE
    first.close()
    assert not ports.listening(5)
    ports.listen(5, forever)
    first.close()
    assert ports.listening(5)


@pytest.mark.parametrize("port", [-1, 65536])
def test_what_is_no_port_is_refused(port: int) -> None:
    """Ports are 1 to 65535; 0 is any that is free."""
    with pytest.raises(ValueError, match="is no TCP port"):
        DevicePorts().listen(port, upper)


def test_a_killed_server_ends_its_connections() -> None:
    """Both directions: the client reads the end and cannot write."""

    async def kill() -> tuple[bytes, bool]:
        ports = DevicePorts()
        ports.listen(5, forever)
        reader, writer = ports.connect(5)
        await asyncio.sleep(0)
        ports.close()
        end = await reader.read()
        with pytest.raises(BrokenPipeError):
            await writer.write(b"x")
        return end, ports.listening(5)

    assert asyncio.run(kill()) == (b"", False)


def test_a_server_that_fails_closes_its_connection_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    """The fault is logged, the listener lives on."""

    async def fail(reader: Pipe, writer: Pipe) -> None:
        raise KeyError("oops")

    async def talk() -> tuple[bytes, bool]:
        ports = DevicePorts()
        ports.listen(5, fail)
        reader, _ = ports.connect(5)
        return await reader.read(), ports.listening(5)

    assert asyncio.run(talk()) == (b"", True)
    assert "the server on device port 5 failed" in caplog.text


def test_a_server_that_does_not_read_holds_the_writer_back() -> None:
    """A pipe's worth is taken, the rest waits."""

    async def push() -> bool:
        ports = DevicePorts()
        ports.listen(5, forever)
        _, writer = ports.connect(5)
        pushing = asyncio.create_task(writer.write(bytes(1 << 20)))
        for _ in range(100):
            await asyncio.sleep(0)
        blocked = not pushing.done()
        pushing.cancel()
        ports.close()
        return blocked

    assert asyncio.run(push())
