"""The main class of u2.jar: an HTTP server on a port of the handset, until it is killed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from framework.virtual.apps.program import JavaProgram
from framework.virtual.http import HttpServer, Request, Response
from framework.virtual.ui.automation import Automation

if TYPE_CHECKING:
    from framework.virtual.system.pipes import Pipe

DEFAULT_PORT = 9008
STARTING_NS = 280_000_000
"""From app_process to the port being served: the runtime starts, and UiAutomation connects."""


class U2(JavaProgram):
    """`app_process / com.wetest.uia2.Main [-p PORT]`"""

    main_class = "com.wetest.uia2.Main"

    async def main(self, arguments: Sequence[str]) -> int:
        from framework.virtual.apps.u2.rpc import answer, methods

        device, table = self.ctx.device, methods(Automation(self.ctx.device))

        async def handle(request: Request) -> Response:
            if request.path == "/ping":
                return Response(200, b"pong")
            if (request.method, request.path) == ("POST", "/jsonrpc/0"):
                return Response(200, await answer(table, request.body))
            return Response(404, b"Not Found")

        await self.ctx.out("[server] INFO: [UiAutomator2Server] Starting Server\n")
        await device.clock.sleep(STARTING_NS)
        server = HttpServer(handle)

        async def serve(reader: Pipe, writer: Pipe) -> None:
            await server.serve(reader, writer)

        try:
            listener = device.ports.listen(_port(arguments), serve)
        except OSError as error:
            await self.ctx.err(f"java.net.BindException: {error.strerror}\n")
            return 1
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            listener.close()
        return 0


def _port(arguments: Sequence[str]) -> int:
    """What follows `-p`; the usual one without it."""
    if "-p" not in arguments:
        return DEFAULT_PORT
    word = "".join(arguments[arguments.index("-p") + 1 :][:1])
    return int(word) if word.isdecimal() and 0 < int(word) < 65536 else DEFAULT_PORT
