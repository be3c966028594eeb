"""Mobly's bundled snippets: RPCs for tests, served by an instrumentation on a port of the handset.

The protocol is that of mobly-snippet-lib (SnippetRunner.java, SimpleServer.java, JsonRpcServer.java): a JSON object a
line. The RPCs are those of mobly-bundled-snippets that an emulated handset can do; `help` lists them.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from framework.virtual.apps.base import Instrumentation, Outcome
from framework.virtual.apps.mobly_rpcs import Rpcs

if TYPE_CHECKING:
    from framework.virtual.clock import DeviceClock
    from framework.virtual.system.pipes import Pipe

PROTOCOL = "SNIPPET START, PROTOCOL 1 0"
STATUS_OK = 0
NO_TESTS = "\n\nTime: 0\n\nOK (0 tests)\n\n"
TIMED_OUT = "com.google.android.mobly.snippet.event.EventSnippet$EventSnippetException: timeout."

Json = dict[str, Any]


@dataclass
class _Session:
    """What one client has under way; a second connection may continue it, to wait for its events."""

    number: int
    clock: DeviceClock
    events: dict[tuple[str, str], asyncio.Queue[Json]] = field(default_factory=dict)
    scheduled: set[asyncio.Task[None]] = field(default_factory=set)

    def queue(self, callback: str, name: str) -> asyncio.Queue[Json]:
        return self.events.setdefault((callback, name), asyncio.Queue())

    def post(self, callback: str, name: str, data: Json) -> None:
        event = {"callbackId": callback, "name": name, "time": self.clock.wall_ns() // 1_000_000, "data": data}
        self.queue(callback, name).put_nowait(event)

    def close(self) -> None:
        for task in self.scheduled:
            task.cancel()


class MoblySnippet(Instrumentation):
    """`am instrument -w -e action start|stop PACKAGE/com.google.android.mobly.snippet.SnippetRunner`."""

    package: ClassVar[str] = "com.google.android.mobly.snippet.bundled"
    runner: ClassVar[str] = "com.google.android.mobly.snippet.SnippetRunner"

    async def run(self) -> Outcome:
        match self.arguments.get("action"):
            case "start":
                await self._serve()
            case "stop":
                pass  # to start any instrumentation of a package has stopped what ran of it
            case _:
                raise ValueError('"--e action <action>" was not specified')
        return Outcome({"stream": NO_TESTS})

    async def _serve(self) -> None:
        ports = self.context.device.ports
        rpcs, sessions = Rpcs(self.context), dict[int, _Session]()

        async def talk(reader: Pipe, writer: Pipe) -> None:
            await _Connection(self.context.device.clock, rpcs, sessions, reader, writer).talk()

        self._say(PROTOCOL)
        listener = ports.listen(0, talk)
        try:
            self._say(f"SNIPPET SERVING, PORT {listener.address}")
            await asyncio.get_running_loop().create_future()
        finally:
            listener.close()
            for session in sessions.values():
                session.close()

    def _say(self, line: str) -> None:
        self.send_status(STATUS_OK, {"stream": f"{line}\n"})


class _Connection:
    """One client's connection: a handshake, then requests."""

    def __init__(
        self, clock: DeviceClock, rpcs: Rpcs, sessions: dict[int, _Session], reader: Pipe, writer: Pipe
    ) -> None:
        self._clock = clock
        self._sessions = sessions
        self._reader, self._writer = reader, writer
        self._plain: Mapping[str, Callable[..., Awaitable[object]]] = rpcs.table()

    async def talk(self) -> None:
        session = await self._handshake()
        while (line := await self._reader.readline()) and session is not None:
            request = _object(line)
            if not isinstance(request.get("id"), int) or not isinstance(request.get("params"), list):
                return  # the Java server's thread ends on what is no request
            await self._send(await self._answer(session, request))
            if request.get("method") == "closeSl4aSession":
                return

    async def _handshake(self) -> _Session | None:
        asked = _object(await self._reader.readline())
        known = self._sessions.get(asked.get("uid", -1))
        if asked.get("cmd") == "initiate":
            known = _Session(len(self._sessions) + 1, self._clock)
            self._sessions[known.number] = known
        await self._send({"status": known is not None, "uid": known.number if known else -1})
        return known

    async def _send(self, told: Json) -> None:
        await self._writer.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")

    async def _answer(self, session: _Session, request: Json) -> Json:
        number, name, params = request["id"], str(request.get("method")), request["params"]
        answer: Json = {"id": number, "result": None, "callback": None, "error": None}
        try:
            if name == "scheduleRpc":
                answer["callback"] = f"{session.number}-{number}"
                self._schedule(session, answer["callback"], *params)
            else:
                answer["result"] = await self._call(session, name, params)
        except (TypeError, ValueError, KeyError, LookupError, TimeoutError, RuntimeError) as error:
            answer["error"] = str(error)
        return answer

    async def _call(self, session: _Session, name: str, params: list[Any]) -> object:
        match name:
            case "help":
                return "".join(f"  {each}\n" for each in sorted([*self._plain, "scheduleRpc"]))
            case "closeSl4aSession":
                return None
            case "eventWaitAndGet":
                return await self._wait(session, *params)
            case "eventGetAll":
                queue = session.queue(*params)
                return [queue.get_nowait() for _ in range(queue.qsize())]
        rpc = self._plain.get(name)
        if rpc is None:
            raise LookupError(f"com.google.android.mobly.snippet.rpc.RpcError: Unknown RPC: {name}")
        try:
            inspect.signature(rpc).bind(*params)
        except TypeError:
            raise TypeError(
                f"com.google.android.mobly.snippet.rpc.RpcError: Invalid number of parameters in RPC {name}"
            ) from None
        return await rpc(*params)

    async def _wait(self, session: _Session, callback: str, name: str, timeout_ms: int) -> Json:
        """In the handset's time."""
        queue = session.queue(callback, name)
        limit = self._clock.now_ns() + timeout_ms * 1_000_000
        arriving = asyncio.ensure_future(queue.get())

        def give_up(_: int) -> None:
            arriving.cancel()

        timer = self._clock.at(limit, give_up)
        try:
            return await arriving
        except asyncio.CancelledError:
            if self._clock.now_ns() < limit:
                raise  # we are
            raise TimeoutError(TIMED_OUT) from None
        finally:
            timer.cancel()
            arriving.cancel()

    def _schedule(self, session: _Session, callback: str, name: str, delay_ms: int, params: list[Any]) -> None:
        async def later() -> None:
            await self._clock.sleep(delay_ms * 1_000_000)
            try:
                result = await self._call(session, name, params)
                session.post(callback, name, {"callback": str(result)})
            except (TypeError, ValueError, LookupError, RuntimeError) as error:
                session.post(callback, name, {"error": str(error)})

        task = asyncio.create_task(later())
        session.scheduled.add(task)
        task.add_done_callback(session.scheduled.discard)


def _object(line: bytes) -> Json:
    """The JSON object of a line; an empty one for anything else."""
    try:
        read = json.loads(line or b"{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
