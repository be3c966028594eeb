"""A handset's control endpoint, and who talks to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import pytest

from framework.virtual.control.endpoint import ControlEndpoint

if TYPE_CHECKING:
    from framework.virtual.device import Device

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Sends bytes to the endpoint of `device` at `url`, one connection each time."""

    device: Device
    url: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def path(self) -> str:
        """The path of the URL: a slash and the token."""
        return urlsplit(self.url).path

    async def send(self, wire: bytes) -> bytes:
        """What comes back until the endpoint closes, or the connection is reset."""
        name, _, port = self.host.partition(":")
        reader, writer = await asyncio.open_connection(name, int(port))
        try:
            writer.write(wire)
            writer.write_eof()
            return await asyncio.wait_for(reader.read(), 20)
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async def ask(self, method: str, what: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of the answer to one request below the token."""
        return await self.request(method, f"{self.path}/{what}", body, **headers)

    async def request(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        fields = {"Host": self.host, "Content-Length": str(len(data)), "Connection": "close"} | headers
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        answer = await self.send("\r\n".join([*lines, "", ""]).encode() + data)
        head, _, content = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(content)


OnEndpoint = Callable[[Callable[[Visitor], Awaitable[T]]], T]
"""on_endpoint(script): runs `await script(visitor)` against the endpoint of a new handset; what it returns."""


@pytest.fixture
def on_endpoint(on_bench: Callable[..., Any]) -> Callable[..., Any]:
    def run(script: Callable[[Visitor], Awaitable[Any]]) -> Any:
        async def visit(bench: Any) -> Any:
            endpoint = ControlEndpoint(bench.device)
            try:
                return await script(Visitor(bench.device, await endpoint.start()))
            finally:
                await endpoint.close()

        return on_bench(visit)

    return run
