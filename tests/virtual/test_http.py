"""HTTP: keep-alive, cruel input, and bad clients that cost only their own connection."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.http import MOST_BODY_BYTES, MOST_CONNECTIONS, HttpServer, Request, Response


async def echo(request: Request) -> Response:
    told = {"method": request.method, "path": request.path, "body": request.body.decode("latin-1")}
    return Response(200, json.dumps(told).encode())


async def exchange(*chunks: bytes, end: bool = True) -> bytes:
    """What a new server answers to these bytes, sent one after the other."""
    server = HttpServer(echo)
    reader, writer = await asyncio.open_connection("127.0.0.1", await server.start())
    try:
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0)
        if end:
            writer.write_eof()
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()
        await server.close()


def request(path: str, body: bytes = b"") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_requests_are_answered_in_order_on_one_connection(size: int) -> None:
    """Also when they come in pieces of one or seven bytes, or all at once."""
    wire = request("/a?x=1", b"first") + request("/b", b"second")
    answer = asyncio.run(exchange(*(wire[at : at + size] for at in range(0, len(wire), size))))
    bodies = [json.loads(part.partition(b"\r\n\r\n")[2].splitlines()[0]) for part in answer.split(b"HTTP/1.1 200")[1:]]
    assert [(body["path"], body["body"]) for body in bodies] == [("/a", "first"), ("/b", "second")]


def test_a_chunked_body_is_put_together() -> None:
    """As some clients send it."""
    wire = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    assert b'"body": "abcde"' in asyncio.run(exchange(wire))


def test_expect_continue_is_answered() -> None:
    """A client that waits for leave to send its body gets it."""

    async def ask() -> tuple[bytes, bytes]:
        server = HttpServer(echo)
        reader, writer = await asyncio.open_connection("127.0.0.1", await server.start())
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        leave = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        writer.write(b"hi")
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(), 10)
        await server.close()
        return leave, answer

    leave, answer = asyncio.run(ask())
    assert leave.startswith(b"HTTP/1.1 100")
    assert b'"body": "hi"' in answer


def test_http_1_0_closes() -> None:
    """As the client expects."""
    answer = asyncio.run(exchange(b"GET / HTTP/1.0\r\n\r\n", end=False))
    assert answer.startswith(b"HTTP/1.1 200")


def test_a_body_that_is_too_large_is_refused() -> None:
    """With 413, before all of it was read."""
    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {MOST_BODY_BYTES + 1}\r\n\r\n".encode()
    chunk = bytes(1 << 20)

    async def send() -> bytes:
        server = HttpServer(echo)
        reader, writer = await asyncio.open_connection("127.0.0.1", await server.start())
        writer.write(head + chunk * 8 + b"x")
        line = await asyncio.wait_for(reader.readline(), 10)
        writer.close()
        await server.close()
        return line

    assert asyncio.run(send()).startswith(b"HTTP/1.1 413")


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200), st.binary(max_size=50).map(lambda junk: b"POST /x HTTP/1.1\r\n" + junk + b"\r\n\r\n")
    )
)
def test_junk_costs_only_its_own_connection(junk: bytes) -> None:
    """Whatever a client sends, the next one is served."""

    async def serve_both() -> bytes:
        server = HttpServer(echo)
        port = await server.start()
        _, bad = await asyncio.open_connection("127.0.0.1", port)
        bad.write(junk)
        await bad.drain()
        reader, good = await asyncio.open_connection("127.0.0.1", port)
        good.write(request("/after"))
        good.write_eof()
        answer = await asyncio.wait_for(reader.read(), 10)
        for writer in (bad, good):
            writer.close()
        await server.close()
        return answer

    assert b'"path": "/after"' in asyncio.run(serve_both())


def test_closing_ends_open_connections() -> None:
    """A client that keeps its connection does not keep the server."""

    async def close() -> bytes:
        server = HttpServer(echo)
        reader, writer = await asyncio.open_connection("127.0.0.1", await server.start())
        writer.write(request("/"))
        await asyncio.wait_for(reader.readuntil(b"}"), 10)
        await asyncio.wait_for(server.close(), 10)
        return await asyncio.wait_for(reader.read(), 10)

    assert asyncio.run(close()) == b""


def test_connections_are_limited() -> None:
    """One too many is closed; when others have gone, the next is served."""

    async def crowd() -> tuple[bytes, bytes]:
        server = HttpServer(echo)
        port = await server.start()
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_CONNECTIONS)]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        refused = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        for _, each in held:
            each.close()
        answer = b""
        while not answer:  # until the server has seen that they are gone
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request("/after"))
            writer.write_eof()
            with suppress(ConnectionError):
                answer = await asyncio.wait_for(reader.read(), 10)
            writer.close()
        await server.close()
        return refused, answer

    refused, answer = asyncio.run(crowd())
    assert (refused, b'"path": "/after"' in answer) == (b"", True)
