"""Streams joined to the handset's own ports."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from framework.virtual.adb.events import Close, Data, Ready

if TYPE_CHECKING:
    from conftest import Adbd, Host
    from framework.virtual.system.pipes import Pipe
    from framework.virtual.system.ports import Handler, Listener


def listen(adbd: Adbd, port: int, handler: Handler) -> Listener:
    async def start() -> Listener:
        return adbd.device.ports.listen(port, handler)

    return adbd.call(start())


async def echo(reader: Pipe, writer: Pipe) -> None:
    while data := await reader.read():
        await writer.write(data)


def test_bytes_go_both_ways(adbd: Adbd, host: Host) -> None:
    """tcp:PORT and tcp:localhost:PORT reach the program that listens, each with a connection of its own."""
    listen(adbd, 6790, echo)
    first, second = host.open(b"tcp:6790"), host.open(b"tcp:localhost:6790")
    host.write(first, b"one")
    assert host.read(first) == b"one"
    host.write(second, b"two")
    assert host.read(second) == b"two"


def test_the_end_of_the_server_closes_the_stream_after_its_last_words(adbd: Adbd, host: Host) -> None:
    """Nothing that was written before is lost."""

    async def answer_once(reader: Pipe, writer: Pipe) -> None:
        await writer.write(b"answer to " + await reader.readline() + bytes(100_000))

    listen(adbd, 80, answer_once)
    stream = host.open(b"tcp:80")
    host.write(stream, b"GET\n")
    assert host.read_all(stream) == b"answer to GET\n" + bytes(100_000)


def test_a_client_that_closes_is_the_end_of_input(adbd: Adbd, host: Host) -> None:
    """What it wrote before arrives first; then the server reads the end."""
    seen: list[bytes] = []

    async def collect(reader: Pipe, writer: Pipe) -> None:
        while data := await reader.read():
            seen.append(data)
        seen.append(b"<end>")

    listen(adbd, 9, collect)
    stream = host.open(b"tcp:9")
    host.write(stream, b"last words")
    host.say(Close(stream))
    adbd.until(lambda: seen[-1:] == [b"<end>"])
    assert b"".join(seen) == b"last words<end>"


def test_a_client_that_vanishes_frees_a_server_that_only_writes(adbd: Adbd, host: Host) -> None:
    """Its next write fails, so it cannot stay for ever."""
    ended = asyncio.Event()

    async def talk(reader: Pipe, writer: Pipe) -> None:
        try:
            while True:
                await writer.write(bytes(65536))
        finally:
            ended.set()

    listen(adbd, 10, talk)
    host.open(b"tcp:10")
    host.close()
    adbd.until(ended.is_set)


def test_a_server_that_does_not_read_holds_the_client_back(adbd: Adbd, host: Host) -> None:
    """Data are acknowledged only as they are taken: no third packet is accepted while nobody reads."""
    go_on = asyncio.Event()
    sizes: list[int] = []

    async def lazy(reader: Pipe, writer: Pipe) -> None:
        await go_on.wait()
        while data := await reader.read():
            sizes.append(len(data))
            if sum(sizes) == 600_000:
                await writer.write(b"done")

    listen(adbd, 11, lazy)
    stream = host.open(b"tcp:11")
    host.write(stream, bytes(300_000))
    host.say(Data(stream, bytes(300_000)))
    beside = host.open(b"exec:echo beside")
    assert host.read(beside) == b"beside\n"
    assert host.hear() == Close(beside)
    assert not host.link.may_write(stream)
    adbd.call(_set(go_on))
    assert host.hear() == Ready(stream)
    assert host.read(stream) == b"done"


async def _set(event: asyncio.Event) -> None:
    event.set()
