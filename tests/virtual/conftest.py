"""A whole emulated handset on a bench: its commands are run and its clock is followed inside one asyncio loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from framework.virtual.clock import DeviceClock
from framework.virtual.commands import find_command
from framework.virtual.commands.context import Context
from framework.virtual.device import Device, build_device
from framework.virtual.system.pipes import Pipe
from framework.virtual.system.store import BlobStore
from framework.virtual.system.users import SHELL

T = TypeVar("T")
SPEED = 1000.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a command left."""

    status: int
    out: str
    err: str


class Output:
    """A Writer that keeps everything; `wait_for` sees it come."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._news = asyncio.Event()

    async def write(self, data: bytes, /) -> None:
        self.data += data
        self._news.set()

    async def wait_for(self, text: str) -> None:
        while text.encode() not in self.data:
            self._news.clear()
            await self._news.wait()

    @property
    def text(self) -> str:
        return self.data.decode()


class Bench:
    """A handset and ways to use it, all as user `shell`."""

    def __init__(self, device: Device) -> None:
        self.device = device

    async def run(self, *argv: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> Result:
        """Run one of the handset's programs to its end."""
        out, err = Output(), Output()
        status = await self._start(argv, await _filled(stdin), out, err, env or {})
        return Result(status, out.text, err.text)

    def start(self, *argv: str, out: Output) -> asyncio.Task[int]:
        """Start a program that runs until it is cancelled."""
        return asyncio.ensure_future(self._start(argv, Pipe(), out, Output(), {}))

    async def cmd(self, *words: str, stdin: bytes = b"") -> Result:
        """Call a service, as adb's `abb_exec:` does."""
        out, err = Output(), Output()
        status = await self.device.binder(words, await _filled(stdin), out, err)
        return Result(status, out.text, err.text)

    async def until_focused(self, package: str) -> None:
        """Until a window of that package has the focus."""
        record = self.device.activities.running(package)
        assert record is not None
        await asyncio.shield(record.drawn)

    async def _start(self, argv: tuple[str, ...], stdin: Pipe, out: Output, err: Output, env: dict[str, str]) -> int:
        spec = find_command(argv[0])
        assert spec is not None, f"no command {argv[0]}"
        process = self.device.processes.spawn(argv[0], SHELL, argv=argv)
        context = Context(self.device, argv, env, "/", SHELL, process, stdin, out, err)
        try:
            return await spec.load()(context)
        finally:
            process.finish(0)


async def _filled(data: bytes) -> Pipe:
    pipe = Pipe(capacity=max(1, len(data)))
    await pipe.write(data)
    pipe.close_write()
    return pipe


OnBench = Callable[..., Any]
"""on_bench(script, profile=…, seed=…): runs `await script(bench)` on a new handset and returns what it returns."""


@pytest.fixture
def on_bench(tmp_path: Path) -> OnBench:
    async def emulate(script: Callable[[Bench], Awaitable[T]], profile: str, seed: int) -> T:
        with BlobStore(tmp_path) as store:
            device = build_device(profile, name="bench", seed=seed, clock=DeviceClock(SPEED), store=store)
            bench = Bench(device)
            await bench.until_focused("com.miui.home")
            try:
                return await script(bench)
            finally:
                await device.close()

    def run(script: Callable[[Bench], Awaitable[T]], profile: str = "xiaomi-13", seed: int = 1) -> T:
        return asyncio.run(emulate(script, profile, seed))

    return run
