"""Who waits for a handset that another has says so at once, in whichever process it waits: a worker reports only after
a test, and here that may be minutes later. Every process writes it into the run's journal; this reads it there.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from framework.journal.lines import record_of

LOOK_S = 0.5
_KIND = "HandsetAwaited"


class Waits:
    """Writes a line for each word of a wait that the journal gets from now on, while the session lasts."""

    def __init__(self, config: pytest.Config, journal: Path) -> None:
        self._config, self._journal = config, journal
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="waits", daemon=True)

    def pytest_sessionstart(self) -> None:
        self._write, self._close = _past_capture(self._config)
        self._from = self._journal.stat().st_size if self._journal.exists() else 0
        self._thread.start()

    def pytest_unconfigure(self) -> None:
        if self._thread.is_alive():
            self._ended.set()
            self._thread.join()
            self._close()

    def _follow(self) -> None:
        while not self._ended.wait(LOOK_S):
            for line in self._new_lines():
                record = record_of(line) if _KIND.encode() in line else None
                if record is not None and record["kind"] == _KIND:
                    self._write(told(record["handset"], record["what"], record["waited_s"], record["left_s"]))

    def _new_lines(self) -> list[bytes]:
        """The whole lines since the last look."""
        try:
            with self._journal.open("rb") as file:
                file.seek(self._from)
                new = file.read()
        except OSError:
            return []
        whole, end, _ = new.rpartition(b"\n")
        self._from += len(whole) + len(end)
        return whole.splitlines()


def told(handset: str, what: str, waited_s: float, left_s: float) -> str:
    so_far = f"for {waited_s:.0f} s so far, " if waited_s >= 1 else ""
    return f"waiting for {handset}, {what} ({so_far}{left_s:.0f} s more at most: --lease-timeout)"


def _past_capture(config: pytest.Config) -> tuple[Callable[[str], None], Callable[[], None]]:
    """How to write a line while pytest has turned the output of a test away, and how to end that."""
    writer = config.get_terminal_writer()
    try:
        file = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", errors="replace")
    except (OSError, ValueError):  # no file of the system: whoever runs pytest within its own process
        return (lambda line: writer.line(line)), (lambda: None)

    def write(line: str) -> None:
        begin = "\n" if writer.width_of_current_line else ""
        file.write(f"{begin}{line}\n")
        file.flush()

    return write, file.close
