"""Memory of the process that emulates: what busy clients made it take is given back when they have gone."""

from __future__ import annotations

import asyncio
import ctypes
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.virtual.adb.server import AdbServer

QUIET_S = 1.0
_M_ARENA_MAX = -8


def share_one_arena() -> None:
    """Have all threads take memory from one place: before the first of them is started.

    glibc gives each of them an arena, by chance as they meet (mallopt(3)), and what one of those has held for a moment
    stays scattered there: pages that cannot be given back. Threads of Python hold the interpreter anyway.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries do as they do
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)


class GiveBack:
    """For all handsets of a process: when nobody has been connected to any of them for `QUIET_S` of host time, what
    nobody refers to is collected, and free pages go to the system.

    Both would only happen with more work; glibc keeps what lies below the highest block in use (malloc_trim(3)).
    """

    def __init__(self) -> None:
        self._watched: list[AdbServer] = []
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, server: AdbServer) -> None:
        """Have a handset's adbd tell when its last client has gone."""
        self._watched.append(server)
        server.on_idle = self._later

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _later(self) -> None:
        self.close()
        self._timer = asyncio.get_running_loop().call_later(QUIET_S, self._now)

    def _now(self) -> None:
        if any(server.busy for server in self._watched):
            return
        gc.collect()
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
