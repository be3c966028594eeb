"""The plugin that shows a run while it goes on: a live table at a terminal, lines elsewhere, nothing with -q."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TextIO

import pytest

from framework.contract.run import Conclusion
from framework.journal.tail import Tail
from framework.plugin.console import ABOVE, Write, past_capture
from framework.plugin.live.progress import Expected, Progress
from framework.plugin.live.words import finished, heartbeat
from framework.plugin.outcome import RERUN

if TYPE_CHECKING:
    from framework.plugin.live.region import Region

TICK_S = 0.25
HEARTBEAT_S = 60.0
ENDS_WITHIN_S = 5.0

Mode = Literal["table", "lines", "nothing"]


class Fleet(Protocol):
    """What the controller knows of its handsets."""

    def models(self) -> Mapping[str, str]:
        """Name → model, of all that were used."""

    def present(self) -> Iterable[str]:
        """Those that have a worker."""

    def quarantined(self) -> Mapping[str, str]:
        """Name → cause."""

    def where(self, test: str) -> str:
        """The handset that a test was sent to; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is shown."""

    journal: Path
    fleet: Fleet
    kept: Iterable[Conclusion]
    expected: Callable[[], Expected]


def mode_of(config: pytest.Config) -> Mode:
    """By --live, and by where pytest writes to."""
    wish, reporter = config.getoption("live"), config.pluginmanager.getplugin("terminalreporter")
    if reporter is None or config.option.verbose < 0:
        return "nothing"
    if wish == "always":
        return "table"
    alone = not getattr(config.option, "tx", None)
    at_terminal = reporter.isatty() and os.environ.get("TERM", "dumb") != "dumb" and not os.environ.get("CI")
    debugged = config.getoption("usepdb", False) or config.getoption("trace", False)
    printed_through = alone and config.getoption("capture", "fd") == "no"
    return "table" if wish == "auto" and at_terminal and not debugged and not printed_through else "lines"


class Watching:
    """Follows a run from the beginning of its tests to their end; `tick` is called every TICK_S, in a thread."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.progress = Progress(source.kept)
        self._lock = threading.Lock()
        self._tail = Tail(source.journal)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="live view", daemon=True)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        with self._lock:
            self.progress.started(nodeid, self._source.fleet.where(nodeid), time.time())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.outcome == RERUN:
            with self._lock:
                self.progress.retried()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        self.open()
        try:
            return (yield)
        finally:
            self.close()

    def open(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._thread.join(ENDS_WITHIN_S)

    def tick(self) -> None:
        """Something may have changed."""

    def look(self) -> None:
        """Read what has come meanwhile."""
        fleet = self._source.fleet
        with self._lock:
            with suppress(RuntimeError):  # the controller is changing it just now: the next look will do
                self.progress.fleet(fleet.models(), fleet.present(), fleet.quarantined())
            for record in self._tail.records():
                self.progress.take(record)

    def _follow(self) -> None:
        expected = self._source.expected()
        with self._lock:
            self.progress.expect(expected)
        while not self._ended.wait(TICK_S):
            self.look()
            self.tick()


class LiveTable(Watching):
    """At a terminal."""

    def __init__(self, config: pytest.Config, source: Source) -> None:
        super().__init__(source)
        self._config = config
        self._region: Region | None = None
        self._file: TextIO | None = None

    def open(self) -> None:
        from framework.plugin.live.region import Above, Region

        writer: Any = self._config.get_terminal_writer()
        writer.flush()
        self._stdout, self._stderr = writer._file, sys.stderr
        self._file = _of_its_own(self._stdout)
        self._region = Region(self._file, self._picture)
        self._region.open()
        writer._file = Above(self._region, self._stdout)
        sys.stderr = Above(self._region, self._stderr)
        region = self._region
        self._config.stash[ABOVE] = lambda line: region.send(f"{line}\n")
        super().open()

    def tick(self) -> None:
        assert self._region is not None
        self._region.refresh()

    def close(self) -> None:
        """Whatever ended the run: the terminal is as it would be without."""
        super().close()
        if self._region is not None and self._file is not None:
            del self._config.stash[ABOVE]
            writer: Any = self._config.get_terminal_writer()
            writer._file, sys.stderr = self._stdout, self._stderr
            self._region.close()
            self._file.close()
            self._region = None

    def _picture(self, columns: int, lines: int) -> Any:
        from framework.plugin.live.table import picture

        with self._lock:
            return picture(self.progress, time.time(), columns, lines)


class Lines(Watching):
    """Where there is no terminal: a line a finished test, and one when nothing has finished for a minute."""

    def __init__(self, config: pytest.Config, source: Source, write: Write) -> None:
        super().__init__(source)
        self._write, self._told_at = write, time.time()
        self._write_from_thread, self._close = past_capture(config)

    def concluded(self, conclusion: Conclusion) -> None:
        """Told by the accounts, from the main thread."""
        self.look()
        with self._lock:
            self._write(finished(conclusion, self.progress.done, self.progress.total))
        self._told_at = time.time()

    def tick(self) -> None:
        now = time.time()
        if now - self._told_at >= HEARTBEAT_S:
            self._told_at = now
            with self._lock:
                self._write_from_thread(heartbeat(self.progress, now))

    def close(self) -> None:
        super().close()
        self._close()


def _of_its_own(file: TextIO) -> TextIO:
    """The same terminal, also while pytest has turned the output of a test away."""
    return os.fdopen(os.dup(file.fileno()), "w", encoding="utf-8", errors="replace")
