"""The HTTP server on the handset: one session at a time, answers in its envelope `{"sessionId", "value"}`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from inspect import isawaitable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from uuid import uuid4

from framework.virtual.apps.uiautomator2_server.call import Call
from framework.virtual.apps.uiautomator2_server.routes import ROUTER
from framework.virtual.apps.uiautomator2_server.schedule import Schedule
from framework.virtual.apps.uiautomator2_server.settings import DEFAULTS
from framework.virtual.http import HttpServer, Request, Response
from framework.virtual.ui.automation import Automation, AutomationError
from framework.virtual.ui.automation.arguments import argument, json_object
from framework.virtual.ui.automation.errors import outcome

if TYPE_CHECKING:
    from framework.virtual.device import Device

SHUTDOWN_NS = 15_000_000
"""From the answer to the session's end to the server's own (DeleteSession.java)."""

READY = "UiAutomator2 Server is ready to accept commands"


class Server:
    """Serves the connections of one device port; `stopped` is set when its session was deleted."""

    def __init__(self, device: Device, version: str, version_code: int) -> None:
        self.stopped = asyncio.Event()
        self.http = HttpServer(self._handle)
        self._device = device
        self._build = {"version": version, "versionCode": version_code}
        self._schedule = Schedule()
        self._session: tuple[str, Automation, Mapping[str, Any]] | None = None

    @property
    def needs_power(self) -> bool:
        """Whether it stops when the charger is taken out (shutdownOnPowerDisconnect)."""
        settings = self._session[1].settings if self._session is not None else {}
        return {**DEFAULTS, **settings}["shutdownOnPowerDisconnect"] is not False

    def close(self) -> None:
        """What it does by itself ends."""
        self._schedule.clear()

    async def _handle(self, request: Request) -> Response:
        status, value = await outcome(self._run(request))
        envelope = {"sessionId": self._session[0] if self._session is not None else None, "value": value}
        return Response(status, json.dumps(envelope, ensure_ascii=False).encode())

    async def _run(self, request: Request) -> object:
        parts = tuple(unquote(part) for part in request.path.split("/") if part)
        match request.method, parts:
            case "GET", ("status",):
                return {"ready": True, "message": READY, "build": self._build}
            case "GET", ("sessions",):
                return self._sessions()
            case "POST", ("session",):
                return self._new_session(json_object(request.body))
            case "DELETE", ("session", name):
                return self._delete_session(name)
            case method, ("session", _, *rest):
                handler, params = ROUTER.route(method, tuple(rest))
                result = handler(Call(self._automation(), self._schedule, params, json_object(request.body)))
                return await result if isawaitable(result) else result
        raise AutomationError("unknown command", f"there is no command {request.method} {request.path}")

    def _automation(self) -> Automation:
        """Of the session; like the server on a phone, it does not mind by which id a request calls it."""
        if self._session is None:
            raise AutomationError("invalid session id", "a session is either terminated or not started")
        return self._session[1]

    def _sessions(self) -> object:
        if self._session is None:
            return []
        name, _, capabilities = self._session
        return [{"id": name, "sessionId": name, "capabilities": capabilities}]

    def _new_session(self, body: Mapping[str, Any]) -> object:
        capabilities = argument(body, "capabilities", dict)
        self._session = (str(uuid4()), Automation(self._device), capabilities)
        return {"sessionId": self._session[0], "capabilities": capabilities}

    def _delete_session(self, name: str) -> object:
        if self._session is None or self._session[0] != name:
            raise AutomationError("invalid session id", f"the session {name} cannot be found")
        self._schedule.clear()
        clock = self._device.clock
        clock.at(clock.now_ns() + SHUTDOWN_NS, lambda _: self.stopped.set())
        return None
