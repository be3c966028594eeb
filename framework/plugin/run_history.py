"""What a run knows of the runs before it, and leaves to those after it. Whatever the history does, the run goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from framework.contract.account import Key, RunAccount, RunFigures
from framework.contract.errors import FarmError
from framework.contract.loading import loading_for_good
from framework.history import open_history
from framework.history.address import address
from framework.journal.account import read_account
from framework.plugin.summary import Line

T = TypeVar("T")

WITHIN_S = 8.0
"""For what others hold, and for runs that are imported on the way."""
PATIENCE_S, PATIENCE_PER_TEST_S = 20.0, 0.003
"""After that a server that does not answer is given up."""
ASKING_S = 8.0
"""The same, while the first tests wait for it."""
MEND = "nothing is lost: farm history sync"


@dataclass(frozen=True, slots=True)
class Left:
    """What came of recording a run."""

    flaky: tuple[Line, ...] = ()
    baseline: RunFigures | None = None
    """What its release page compares it with."""


class RunHistory:
    """`where` is the path or the URL of the history, `reports` the folder of runs."""

    def __init__(self, where: str, reports: Path) -> None:
        self._where, self._reports = where, reports
        self._shown = address(where).shown
        self._lock = threading.Lock()
        self._known: Mapping[Key, float] | None = None
        self._fault = ""
        self.account: RunAccount | None = None
        """Of this run, once it is recorded, or was to be."""
        self.left = Left()

    def durations(self) -> Mapping[Key, float]:
        """(test id, model) → host seconds, by the last runs; nothing where the history cannot be asked.

        From what the last run has left, so that no database is opened; else from the history, to which the runs are
        brought that it does not know yet. The same for the whole run, from any thread.
        """
        from framework.history.durations import kept

        with self._lock:
            if self._known is None:
                self._known = kept(self._reports, self._shown)
            if self._known is None:
                self._known = self._in_time(self._asked, ASKING_S) or {}
            return self._known

    def record(self, folder: Path, tests: int) -> None:
        """At its end, with runs that were killed before; what fails is told by `lines`."""
        patience_s = PATIENCE_S + tests * PATIENCE_PER_TEST_S
        self.account = run = self._in_time(lambda: read_account(folder), patience_s)
        if run is not None:
            self.left = self._in_time(lambda: self._recorded(folder, run), patience_s) or Left()

    def lines(self) -> Iterator[Line]:
        yield from self.left.flaky
        if self._fault:
            yield "history", f"not recorded: {self._fault}; {MEND}"

    # -- what is done --------------------------------------------------------------------------------------------

    def _asked(self) -> Mapping[Key, float]:
        from framework.history.sync import is_any, sync

        if not address(self._where).is_server and not Path(self._where).exists() and not is_any(self._reports):
            return {}
        from framework.history.durations import durations, keep

        with open_history(self._where, WITHIN_S) as history:
            sync(history, self._reports, WITHIN_S)
            found = durations(history)
        keep(self._reports, self._shown, found)
        return found

    def _recorded(self, folder: Path, run: RunAccount) -> Left:
        with loading_for_good():
            from framework.history.durations import durations, keep
            from framework.history.flaky import RUNS, past_runs
            from framework.history.sync import journal_bytes, sync
            from framework.plugin.known_flaky import flaky_line

        failed = {(test.id, test.model) for test in run.tests if test.verdict.blames_build}
        with open_history(self._where, WITHIN_S) as history:
            history.record(run, journal_bytes(folder))
            sync(history, self._reports, WITHIN_S)
            keep(self._reports, self._shown, durations(history))
            earlier = past_runs(history, RUNS + 1, {test for test, _ in failed}) if failed else []
            flaky = flaky_line(failed, [one for one in earlier if one.id != run.head.id])
            return Left(tuple(flaky), history.baseline(run.head.id))

    def _in_time(self, work: Callable[[], T], within_s: float) -> T | None:
        """None, and the fault is kept, where it fails or does not end in time."""
        errand, self._fault = _Errand(work), ""
        errand.thread.start()
        errand.thread.join(within_s)
        self._fault = errand.fault
        if errand.thread.is_alive():
            self._fault = f"{self._shown} has not answered within {within_s:.0f} s"
        return errand.result


class _Errand(Generic[T]):
    """In a thread that nobody has to wait for: a database may hang."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self.result: T | None = None
        self.fault = ""
        self.thread = threading.Thread(target=self._run, name="pocketfarm-history", daemon=True)

    def _run(self) -> None:
        try:
            self.result = self._work()
        except FarmError as error:
            self.fault = str(error)
        except Exception as error:  # a run is worth more than its place in the history
            self.fault = f"{type(error).__name__}: {error}"
