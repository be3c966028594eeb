"""Waking an event loop at a host time, to within a tenth of a millisecond where the system can.

epoll counts in whole milliseconds, and rounds up: at twenty times host time, an event would on average come ten
milliseconds of device time late. Linux's timerfd (timerfd_create(2)) counts in nanoseconds.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from functools import cache

NS_PER_S = 1_000_000_000


class _TimerSpec(ctypes.Structure):
    """struct itimerspec: the interval, which stays 0, and the first expiration."""

    _fields_ = (
        ("interval_s", ctypes.c_long),
        ("interval_ns", ctypes.c_long),
        ("value_s", ctypes.c_long),
        ("value_ns", ctypes.c_long),
    )


class Alarm:
    """Calls `action` in the running loop, once, when what `set` was told has passed."""

    def __init__(self, action: Callable[[], None]) -> None:
        self._action = action
        self._loop = asyncio.get_running_loop()
        self._armed = False
        self._handle: asyncio.Handle | None = None
        self._timer = _timer_file()
        if self._timer is not None:
            weakref.finalize(self, _close, self._loop, self._timer)
            self._loop.add_reader(self._timer, _expire, weakref.ref(self))

    def set(self, delay_ns: int) -> None:
        """Instead of what it was set to before."""
        self.cancel()
        self._armed = True
        if delay_ns <= 0:
            self._handle = self._loop.call_soon(self._ring)
        elif self._timer is None:
            self._handle = self._loop.call_later(delay_ns / NS_PER_S, self._ring)
        else:
            spec = _TimerSpec(0, 0, *divmod(delay_ns, NS_PER_S))
            _libc().timerfd_settime(self._timer, 0, ctypes.byref(spec), None)

    def cancel(self) -> None:
        self._armed = False
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def expired(self) -> None:
        """The timer says so; it may have been set anew, or cancelled, in the meantime."""
        assert self._timer is not None
        with suppress(BlockingIOError):
            os.read(self._timer, 8)
            if self._armed and self._handle is None:
                self._ring()

    def _ring(self) -> None:
        self._armed, self._handle = False, None
        self._action()


def _expire(alarm: weakref.ref[Alarm]) -> None:
    found = alarm()
    if found is not None:
        found.expired()


def _close(loop: asyncio.AbstractEventLoop, timer: int) -> None:
    if not loop.is_closed():
        loop.remove_reader(timer)
    os.close(timer)


def _timer_file() -> int | None:
    """A new timerfd; None where there is none to be had."""
    create = getattr(_libc(), "timerfd_create", None)
    number = create(time.CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC) if create is not None else -1
    return int(number) if number >= 0 else None


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)
