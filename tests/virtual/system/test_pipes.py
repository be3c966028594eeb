"""Pipes between programs: order, bounds, ends."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.system.pipes import BytesReader, BytesWriter, Pipe


@settings(max_examples=60)
@given(chunks=st.lists(st.binary(max_size=40)), capacity=st.integers(1, 16), size=st.integers(1, 16))
def test_bytes_arrive_whole_and_in_order(chunks: list[bytes], capacity: int, size: int) -> None:
    """Whatever the capacity and the sizes of reads and writes, the reader gets the writer's bytes."""

    async def exchange() -> bytes:
        pipe = Pipe(capacity)

        async def produce() -> None:
            for chunk in chunks:
                await pipe.write(chunk)
            pipe.close_write()

        producer = asyncio.ensure_future(produce())
        got = b""
        while data := await pipe.read(size):
            got += data
        await producer
        return got

    assert asyncio.run(exchange()) == b"".join(chunks)


@settings(max_examples=60)
@given(data=st.text("ab\n", max_size=60).map(str.encode), capacity=st.integers(1, 8))
def test_lines_come_whole_even_if_longer_than_the_pipe(data: bytes, capacity: int) -> None:
    """readline gives each line with its newline, whatever the capacity."""

    async def exchange() -> list[bytes]:
        pipe = Pipe(capacity)

        async def produce() -> None:
            await pipe.write(data)
            pipe.close_write()

        producer = asyncio.ensure_future(produce())
        lines = []
        while line := await pipe.readline():
            lines.append(line)
        await producer
        return lines

    assert asyncio.run(exchange()) == data.splitlines(keepends=True)


def test_a_writer_learns_that_its_reader_went_away() -> None:
    """A write that waits for room, and every later one, raises BrokenPipeError."""

    async def exchange() -> None:
        pipe = Pipe(4)
        waiting = asyncio.ensure_future(pipe.write(b"more than four"))
        await asyncio.sleep(0)
        pipe.close_read()
        with pytest.raises(BrokenPipeError):
            await waiting
        with pytest.raises(BrokenPipeError):
            await pipe.write(b"x")

    asyncio.run(exchange())


def test_a_cancelled_readline_loses_nothing() -> None:
    """What had arrived when the reader gave up is still there for the next read."""

    async def exchange() -> bytes:
        pipe = Pipe()
        await pipe.write(b"half a li")
        reading = asyncio.ensure_future(pipe.readline())
        await asyncio.sleep(0)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await pipe.write(b"ne\nrest")
        return await pipe.readline()

    assert asyncio.run(exchange()) == b"half a line\n"


def test_bytes_reader_and_writer_are_both_ends_in_memory() -> None:
    """BytesReader gives lines then the rest then b""; BytesWriter keeps all in order."""

    async def exchange() -> list[bytes]:
        reader, writer = BytesReader(b"one\ntwo\nrest"), BytesWriter()
        await writer.write(await reader.readline())
        await writer.write(await reader.readline())
        return [bytes(writer.data), await reader.read(2), await reader.readline(), await reader.readline()]

    assert asyncio.run(exchange()) == [b"one\ntwo\n", b"re", b"st", b""]
