"""The endpoint: HTTP in, commands on one handset, W3C responses out; several sessions side by side."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from uuid import uuid4

from framework.formats.apk import LAUNCHER, MAIN, full_name
from framework.virtual.android.binder import find_service
from framework.virtual.apps.base import Intent
from framework.virtual.http import HttpServer, Request, Response
from framework.virtual.system.users import SHELL
from framework.virtual.ui.automation import Automation, AutomationError
from framework.virtual.ui.automation.arguments import json_object
from framework.virtual.ui.automation.errors import outcome
from framework.virtual.ui.w3c import capabilities
from framework.virtual.ui.w3c.call import Call
from framework.virtual.ui.w3c.routes import ROUTER
from framework.virtual.ui.w3c.session import Session

if TYPE_CHECKING:
    from framework.virtual.device import Device


class W3cEndpoint:
    """Serves one handset from `start` to `close`."""

    def __init__(self) -> None:
        self._server = HttpServer(self._handle)
        self._device: Device | None = None

    async def start(self, device: Device) -> str:
        """Listen on loopback; returns the URL for a client."""
        self._device = device
        self._sessions = device.ui_sessions
        return f"http://127.0.0.1:{await self._server.start()}"

    async def close(self) -> None:
        await self._server.close()
        if self._device is not None:
            self._sessions.clear()

    async def _handle(self, request: Request) -> Response:
        status, value = await outcome(self._run(request))
        return Response(status, json.dumps({"value": value}, ensure_ascii=False).encode())

    async def _run(self, request: Request) -> object:
        parts = tuple(unquote(part) for part in request.path.split("/") if part)
        match request.method, parts:
            case "GET", ("status",):
                return {"ready": True, "message": "emulated handset", "build": {"name": "pocketfarm", "version": "1"}}
            case "POST", ("session",):
                return await self._new_session(json_object(request.body))
            case "DELETE", ("session", name):
                self._session(name)
                del self._sessions[name]
                return None
            case method, ("session", name, *rest):
                session = self._session(name)
                _reach(session.device)
                handler, params = ROUTER.route(method, tuple(rest))
                return await handler(Call(session, params, json_object(request.body)))
        raise AutomationError("unknown command", f"there is no command {request.method} {request.path}")

    def _session(self, name: str) -> Session:
        if name not in self._sessions:
            raise AutomationError("invalid session id", f"there is no session {name}")
        session = self._sessions[name]
        assert isinstance(session, Session)
        if session.boot != session.device.truth.boot:
            del self._sessions[name]
            raise AutomationError("invalid session id", f"session {name} ended when the handset was restarted")
        return session

    async def _new_session(self, body: Mapping[str, Any]) -> object:
        assert self._device is not None
        _reach(self._device)
        asked = capabilities.requested(body)
        await _start_app(self._device, asked)
        described = capabilities.described(self._device, asked)
        session = Session(Automation(self._device), str(uuid4()), described, self._device.truth.boot)
        self._sessions[session.id] = session
        return {"sessionId": session.id, "capabilities": session.capabilities}


def _reach(device: Device) -> None:
    """As through adb's forward to the UiAutomator2 server, which needs adbd and Android."""
    if device.adbd is not None and not device.adbd.reachable:
        raise AutomationError("unknown error", "Could not proxy command to the remote server: the handset is away")
    if find_service(device, "activity") is None:
        raise AutomationError("unknown error", "Could not proxy command to the remote server: socket hang up")


async def _start_app(device: Device, asked: Mapping[str, Any]) -> None:
    """Bring the app that was asked for to the front; a AutomationError when it cannot be."""
    package, activity = asked.get("appium:appPackage"), asked.get("appium:appActivity")
    if package is None:
        return
    component = f"{package}/{full_name(str(package), str(activity))}" if activity else None
    launch = device.activities.start(Intent(MAIN, package, component, categories=frozenset((LAUNCHER,))), uid=SHELL)
    if launch.record is None:
        raise AutomationError("session not created", f"cannot start {component or package}: {launch.result.name}")
    await asyncio.shield(launch.record.drawn)
