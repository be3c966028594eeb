"""The control endpoint of one handset: HTTP on loopback, for whoever knows the token in its URL.

GET    URL/truth?since_ns=N&boot=N     what really happened
GET    URL/faults                      the kinds there are, and those that were begun
POST   URL/faults  {kind, …}           begins one of `size`, `second` size, for `for_s` seconds: {id}
DELETE URL/faults[/ID]                 ends one, or all
GET    URL/auth                        whom adbd lets in: {policy, asking, remembered}
POST   URL/auth  {allow, always, fingerprint}   answers a computer that asks
DELETE URL/auth                        forgets every computer's key
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from framework.virtual.adb.authority import NobodyAsksError
from framework.virtual.control.auth import control_auth
from framework.virtual.control.encode import encode
from framework.virtual.faults import FAULTS
from framework.virtual.faults.fault import FaultError
from framework.virtual.faults.running import Faults
from framework.virtual.http import HttpServer, Request, Response
from framework.virtual.truth import UnknownBootError

if TYPE_CHECKING:
    from framework.virtual.device import Device

_log = logging.getLogger(__name__)

MOST_BODY_BYTES = 1 << 16
TOKEN_BYTES = 24
_NUMBERS = ("size", "for_s", "second")
METHODS: Mapping[str, tuple[str, ...]] = {
    "truth": ("GET",),
    "faults": ("GET", "POST", "DELETE"),
    "auth": ("GET", "POST", "DELETE"),
}


class _RefusedError(Exception):
    """A request that is not served: its HTTP status and why."""

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        super().__init__(why)


class ControlEndpoint:
    """Serves one handset from `start` to `close`."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._faults = Faults(device)
        self._token = secrets.token_urlsafe(TOKEN_BYTES)
        self._server = HttpServer(self._handle, most_body_bytes=MOST_BODY_BYTES)
        self._hosts: tuple[str, ...] = ()

    async def start(self) -> str:
        """Listen on loopback; returns the URL for a client."""
        port = await self._server.start()
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        return f"http://127.0.0.1:{port}/{self._token}"

    async def close(self) -> None:
        await self._server.close()

    async def _handle(self, request: Request) -> Response:
        try:
            return Response(200, await self._run(request))
        except _RefusedError as error:
            return _told(error.status, error)
        except (FaultError, UnknownBootError, NobodyAsksError) as error:
            return _told(400, error)
        except Exception as error:
            _log.exception("a control request failed")
            return _told(500, error)

    async def _run(self, request: Request) -> bytes:
        what, *rest = self._admitted(request)
        if request.method not in METHODS.get(what, ()):
            raise _RefusedError(405 if what in METHODS else 404, f"there is no {request.method} {what}")
        match request.method, what, rest:
            case "GET", "truth", []:
                return await self._truth(dict(parse_qsl(request.query)))
            case "GET", "faults", []:
                return _json({"kinds": _kinds(), "faults": self._faults.told()})
            case "POST", "faults", []:
                return self._begin(_body(request))
            case "DELETE", "faults", [*numbers] if len(numbers) < 2:
                self._faults.clear(_whole("id", numbers[0]) if numbers else None)
                return _json({})
            case method, "auth", []:
                return _json(control_auth(method, self._device.adbd, _body(request) if method == "POST" else {}))
        raise _RefusedError(404, f"there is no {request.method} {'/'.join((what, *rest))}")

    def _admitted(self, request: Request) -> tuple[str, ...]:
        """The path behind the token. A page in a browser that reached us by another name does not get in."""
        if request.host not in self._hosts:
            raise _RefusedError(403, "the Host header is not this endpoint's")
        _, token, *path = request.path.split("/")
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            raise _RefusedError(403, "wrong token")
        return tuple(path) or ("",)

    async def _truth(self, query: Mapping[str, str]) -> bytes:
        since_ns = _whole("since_ns", query.get("since_ns", "0"))
        device, truth = self._device, self._device.truth
        boot = _whole("boot", query["boot"]) if "boot" in query else truth.boot
        device.physics.settle()
        device.frames.settle()
        head = {
            "name": device.name,
            "profile": device.profile.name,
            "seed": device.seed,
            "speed": device.clock.speed,
            "boot": boot,
            "boots": truth.boot + 1,
            "clock": truth.clock(boot),
            "faults": self._faults.told(),
            "forgotten": truth.forgotten(boot),
        }
        return await encode(head, truth.events(since_ns, boot), truth.samples(since_ns, boot))

    def _begin(self, asked: Mapping[str, Any]) -> bytes:
        kind = asked.get("kind")
        if not isinstance(kind, str) or set(asked) - {"kind", *_NUMBERS}:
            raise _RefusedError(400, f"expected {{kind, {', '.join(_NUMBERS)}}}")
        return _json({"id": self._faults.begin(kind, *(_number(name, asked.get(name)) for name in _NUMBERS))})


def _kinds() -> list[dict[str, object]]:
    return [
        {
            "kind": fault.kind,
            "help": fault.help,
            "size": str(fault.size or ""),
            "second": str(fault.second or ""),
            "lasts": fault.lasts,
        }
        for fault in FAULTS
    ]


def _body(request: Request) -> Mapping[str, Any]:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise _RefusedError(400, "the body is not JSON") from error
    if not isinstance(body, dict):
        raise _RefusedError(400, "the body is not a JSON object")
    return body


def _whole(name: str, text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 20:
        raise _RefusedError(400, f"{name}: expected a whole number")
    return int(text)


def _number(name: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e18:
        raise _RefusedError(400, f"{name}: expected a number")
    return float(value)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _told(status: int, error: Exception) -> Response:
    return Response(status, _json({"error": str(error)}))
