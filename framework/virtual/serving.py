"""Emulates handsets on loopback until the standard input ends: what `host.py` does once everything is loaded."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from framework.contract.errors import UsageError
from framework.virtual.adb.authority import Authority
from framework.virtual.adb.server import AdbServer
from framework.virtual.android.systemui.usb_debugging import UsbDebugging
from framework.virtual.clock import DeviceClock
from framework.virtual.control.endpoint import ControlEndpoint
from framework.virtual.control.registry import Running, registered
from framework.virtual.device import build_device
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.memory import GiveBack
from framework.virtual.system.store import BlobStore
from framework.virtual.system.users import SYSTEM
from framework.virtual.ui.w3c import W3cEndpoint

if TYPE_CHECKING:
    from framework.virtual.device import Device


@asynccontextmanager
async def serve(
    request: VirtualRequest, store: BlobStore, give_back: GiveBack | None = None
) -> AsyncIterator[tuple[Device, VirtualEndpoint]]:
    """One handset with its adbd, its W3C endpoint and its control endpoint, on loopback."""
    clock = DeviceClock(request.speed)
    device = build_device(request.profile, name=request.name, seed=request.seed, clock=clock, store=store)
    device.physics.power.plug(request.plugged)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(device.close)
        authority = Authority(request.auth, device.files.as_user(SYSTEM))
        UsbDebugging(device, authority)
        device.properties.set("ro.adb.secure", "0" if request.auth == "open" else "1")
        adb = device.adbd = AdbServer(device, authority)
        if give_back is not None:
            give_back.watch(adb)
        port = await adb.start()
        stack.push_async_callback(adb.close)
        w3c = W3cEndpoint()
        url = await w3c.start(device)
        stack.push_async_callback(w3c.close)
        control = ControlEndpoint(device)
        control_url = await control.start()
        stack.push_async_callback(control.close)
        adb_at = f"127.0.0.1:{port}"
        yield device, VirtualEndpoint(request.name, request.profile, request.speed, adb_at, url, control_url)


async def serve_all(requests: Sequence[VirtualRequest], folder: Path) -> None:
    """Emulate until the standard input ends or the process is told to stop."""
    async with AsyncExitStack() as stack:
        store = stack.enter_context(BlobStore(folder))
        give_back = stack.enter_context(closing(GiveBack()))
        for request in requests:
            _, endpoint = await stack.enter_async_context(serve(request, store, give_back))
            _list(stack, endpoint)
            print(json.dumps(asdict(endpoint)), flush=True)
        await _told_to_stop()


def _list(stack: AsyncExitStack, endpoint: VirtualEndpoint) -> None:
    """Have `farm virtual truth` find it; a handset that cannot be listed works all the same."""
    try:
        stack.enter_context(registered(Running(endpoint, str(Path.cwd()), time.time())))
    except (UsageError, OSError) as error:
        print(f"{endpoint.name}: not listed among the running handsets: {error}", file=sys.stderr, flush=True)


async def _told_to_stop() -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # Ctrl+C is the parent's to handle
    loop.add_reader(sys.stdin.fileno(), lambda: stop.set() if not os.read(sys.stdin.fileno(), 4096) else None)
    await stop.wait()
