"""nc; the words are those of toybox 0.8.9."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from framework.virtual.shell import execute
from framework.virtual.system.pipes import BytesReader, BytesWriter
from framework.virtual.system.users import SHELL

if TYPE_CHECKING:
    from conftest import Bench, OnBench

WITHIN_S = 30


async def listening(bench: Bench, port: int) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not bench.device.ports.listening(port):
            await asyncio.sleep(0)


async def run_script(bench: Bench, script: str) -> tuple[int, bytes, bytes]:
    out, err = BytesWriter(), BytesWriter()
    async with asyncio.timeout(WITHIN_S):
        status = await execute(bench.device, script, stdin=BytesReader(b""), stdout=out, stderr=err, uid=SHELL)
    return status, bytes(out.data), bytes(err.data)


def test_what_is_sent_arrives_whole(on_bench: OnBench) -> None:
    """More than a pipe holds; at the end of it both sides end, and the port is free."""
    data = bytes(range(256)) * 1000

    async def story(bench: Bench) -> tuple[bytes, bool]:
        server = bench.start("nc", "-l", "-p", "7000")
        await listening(bench, 7000)
        await bench.run("nc", "127.0.0.1", "7000", stdin=data)
        async with asyncio.timeout(WITHIN_S):
            await server.task
        return bytes(server.out.data), bench.device.ports.listening(7000)

    assert on_bench(story) == (data, False)


def test_the_listener_can_answer(on_bench: OnBench) -> None:
    """Its input goes to whoever connects, who may say nothing."""

    async def story(bench: Bench) -> str:
        server = asyncio.create_task(bench.run("nc", "-l", "-p", "7000", stdin=b"answer"))
        await listening(bench, 7000)
        client = bench.start("nc", "127.0.0.1", "7000")
        async with asyncio.timeout(WITHIN_S):
            await client.task
            await server
        return client.out.text

    assert on_bench(story) == "answer"


def test_a_program_serves_the_connection(on_bench: OnBench) -> None:
    """Its input and output are the connection's."""

    async def story(bench: Bench) -> tuple[int, bytes, bytes]:
        server = asyncio.create_task(run_script(bench, "nc -l -p 7000 tr a-z A-Z"))
        await listening(bench, 7000)
        told = await run_script(bench, "echo shout | nc localhost 7000")
        assert await server == (0, b"", b"")
        return told

    assert on_bench(story) == (0, b"SHOUT\n", b"")


def test_a_port_of_its_own_choice_is_told(on_bench: OnBench) -> None:
    """Without -p it prints the port that it listens on."""

    async def story(bench: Bench) -> bytes:
        server = bench.start("nc", "-l")
        await server.out.wait_for("\n")
        port = server.out.text.strip()
        await bench.run("nc", "127.0.0.1", port, stdin=b"found")
        await server.out.wait_for("found")
        server.task.cancel()
        return bytes(server.out.data).replace(port.encode(), b"PORT")

    assert on_bench(story) == b"PORT\nfound"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("127.0.0.1 7000", "connect: Connection refused"),
        ("10.0.0.1 7000", "connect: Network is unreachable"),
        ("127.0.0.1 http-alt", "127.0.0.1:http-alt: Servname not supported for ai_socktype"),
        ("127.0.0.1", 'bad argument count (see "nc --help")'),
        ("-l -p 0", '-p < 1 (see "nc --help")'),
        ("-l -p 65536", '-p > 65535 (see "nc --help")'),
        ("-l -p x", "not integer: x"),
        ("-l cat", "a program needs -p here: going to the background is not emulated"),
    ],
)
def test_what_cannot_be(on_bench: OnBench, arguments: str, said: str) -> None:
    """Status 1 and why."""
    assert on_bench(lambda bench: run_script(bench, f"nc {arguments}")) == (1, b"", f"nc: {said}\n".encode())


def test_a_port_that_is_taken(on_bench: OnBench) -> None:
    """A second listener is refused; the first goes on, and being killed frees the port."""

    async def story(bench: Bench) -> tuple[bytes, bool, bool]:
        first = bench.start("nc", "-l", "-p", "7000")
        await listening(bench, 7000)
        _, _, said = await run_script(bench, "nc -l -p 7000")
        before = bench.device.ports.listening(7000)
        first.task.cancel()
        await asyncio.gather(first.task, return_exceptions=True)
        return said, before, bench.device.ports.listening(7000)

    assert on_bench(story) == (b"nc: bind: Address already in use\n", True, False)
