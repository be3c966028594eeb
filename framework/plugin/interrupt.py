"""Ctrl+C ends a run soon, whatever it interrupts.

Python raises KeyboardInterrupt between any two steps of the main thread. Raised where a lock is taken or given back, it
leaves the lock held, and other threads wait for ever; raised while something is closed, the error in which that ends
may take its place. So there it waits for a moment, and wherever it was lost, it comes again until pytest has seen it.

pytest would then parse every file of the interrupted stack, in each worker again.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import select
import signal
import sys
import threading
import time
from types import FrameType
from typing import Any

import pytest

MOMENT_S = 0.01
AGAIN_S = 1.0
"""An interrupt that pytest has not seen by then was lost."""
DEFERRED_S = 5.0
"""So long may something take to be closed."""
ENDED_WITHIN_S = 30.0
"""A run that still hangs in its end then is ended by force; what it has started ends with it, as after kill -9."""

WHOLE = frozenset({"__exit__", "__del__", "close", "release", "send", "notify"})
"""Functions that are not broken off: they give something back, or write a whole record."""
TEXT = "<string>"
"""Code given as text, such as a dataclass's. After an interrupt in it, whoever catches that, Python ends by the signal
and not with pytest's exit code (`unhandled_keyboard_interrupt` in Python/pythonrun.c)."""


class BriefInterrupt:
    """Leaves of an interrupted stack the one line that pytest prints, unless `--full-trace` asks for all."""

    def __init__(self, config: pytest.Config) -> None:
        self._whole = bool(config.option.fulltrace)
        self._interrupts = Interrupts()

    def pytest_configure(self) -> None:
        self._interrupts.open()

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self._interrupts.seen()
        gc.freeze()  # looking through all that is about to go is much of what ending takes: in each worker, then here
        if not self._whole:
            excinfo.traceback = excinfo.traceback[-1:]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self) -> None:
        """A test that ended otherwise while one was on its way was interrupted: what it says counts for nothing."""
        if self._interrupts.pending:
            raise KeyboardInterrupt

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        self._interrupts.close()


class Interrupts:
    """Handles SIGINT of the main thread from `open` to `close`; `seen` tells that one has arrived."""

    def __init__(self) -> None:
        self._came_s: float | None = None
        self._raised_s: float | None = None
        self._is_seen = self._is_repeated = False
        self._before: Any = None

    def open(self) -> None:
        """Where Ctrl+C means Python's own KeyboardInterrupt; only the main thread can handle it."""
        if (
            threading.current_thread() is not threading.main_thread()
            or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
        ):
            return
        self._told, self._tell = os.pipe()
        threading.Thread(target=self._insist, args=(threading.get_ident(),), name="interrupts", daemon=True).start()
        self._before = signal.signal(signal.SIGINT, self._handle)

    @property
    def pending(self) -> bool:
        """One has come, and pytest has not seen it: it was put off, or something has taken its place."""
        return self._came_s is not None and not self._is_seen

    def seen(self) -> None:
        self._is_seen = True

    def close(self) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
            self._before = None
            os.close(self._tell)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        """In the main thread, between any two steps: takes no lock."""
        now = time.monotonic()
        typed, self._is_repeated = not self._is_repeated, False
        if self._came_s is None:
            self._came_s = now
            os.write(self._tell, b"!")
        elif typed:  # once more, by someone who means it
            raise KeyboardInterrupt
        if not self._is_seen and (not is_critical(frame) or now > self._came_s + DEFERRED_S):
            self._raised_s = now
            raise KeyboardInterrupt

    def _insist(self, main: int) -> None:
        """In a thread of its own: once one has come, send it again while it was put off, or lost."""
        came, began_s = os.read(self._told, 1), time.monotonic()
        while came and not select.select([self._told], [], [], MOMENT_S)[0]:
            now = time.monotonic()
            if self._is_seen and now > began_s + ENDED_WITHIN_S:
                faulthandler.dump_traceback(sys.__stderr__ or 2)
                os._exit(int(pytest.ExitCode.INTERRUPTED))
            if not self._is_seen and (self._raised_s is None or now > self._raised_s + AGAIN_S):
                self._is_repeated = True
                signal.pthread_kill(main, signal.SIGINT)
        os.close(self._told)


def is_critical(frame: FrameType | None) -> bool:
    """Whether an interrupt at this place of the main thread would leave something half done."""
    if frame is None:
        return False
    file = frame.f_code.co_filename
    if file == TEXT or (file == threading.__file__ and not _is_waiting(frame)):
        return True
    place: FrameType | None = frame
    while place is not None:
        if place.f_code.co_name in WHOLE:
            return True
        place = place.f_back
    return False


def _is_waiting(frame: FrameType) -> bool:
    """In one of threading's own functions: where it waits, it knows of interrupts; where it takes a lock, it does not.

    Condition.wait has `gotit` once it has given the lock back, and sets it when it is to take it again.
    """
    if frame.f_code is threading.Condition.wait.__code__:
        return frame.f_locals.get("gotit") is False
    return frame.f_code.co_name in ("join", "_wait_for_tstate_lock")
