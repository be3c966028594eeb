"""Who waits for a handset that another has says so at once, in whichever process it waits: a worker reports only after
a test, and here that may be minutes later. Every process writes it into the run's journal; this reads it there.
"""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from framework.journal.tail import Tail
from framework.plugin.console import past_capture, shows_above

LOOK_S = 0.5
_KIND, LEASE = "HandsetAwaited", "--lease-timeout"


class Waits:
    """Writes a line for each word of a wait that the journal gets from now on, while the session lasts.

    A live table shows it by itself.
    """

    def __init__(self, config: pytest.Config, journal: Path) -> None:
        self._config, self._journal = config, journal
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="waits", daemon=True)

    def pytest_sessionstart(self) -> None:
        self._write, self._close = past_capture(self._config)
        self._tail = Tail(self._journal)
        self._thread.start()

    def pytest_unconfigure(self) -> None:
        if self._thread.is_alive():
            self._ended.set()
            self._thread.join()
            self._close()

    def _follow(self) -> None:
        while not self._ended.wait(LOOK_S):
            for record in self._tail.records():
                if record["kind"] == _KIND and not shows_above(self._config):
                    limit = record.get("limit", LEASE)
                    self._write(told(record["handset"], record["what"], record["waited_s"], record["left_s"], limit))


def told(handset: str, what: str, waited_s: float, left_s: float, limit: str = LEASE) -> str:
    so_far = f"for {waited_s:.0f} s so far, " if waited_s >= 1 else ""
    return f"waiting for {handset}, {what} ({so_far}{left_s:.0f} s more at most: {limit})"
