"""The folder that a run writes into."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import pytest

from framework.plugin.retention import remove_older
from framework.plugin.run_lock import hold

LATEST = "latest"
"""A link in the folder of all runs, to the one that was begun or continued last."""

LEAST_FREE_BYTES = 50_000_000
"""A repetition writes about half a megabyte; with less space a run would break off in the middle."""


class RunFolder:
    """`reports/<local time>-<pid>`, which `reports/latest` points at; no other run removes it until it is closed.

    Of the runs before, the last `keep` are left, this one included; None leaves all. pytest.UsageError if it cannot
    be made. `again`: the folder of a run that is continued, and its lock.
    """

    def __init__(self, reports: Path, keep: int | None = None, again: tuple[Path, BinaryIO] | None = None) -> None:
        name = f"{time.strftime('%Y-%m-%dT%H-%M-%S')}-{os.getpid()}"
        self.path = again[0] if again else reports / name
        self.removed = 0
        """How many runs made room."""
        try:
            self._lock = again[1] if again else _made(reports, name)
            if self.path.parent == reports.resolve() or not again:
                _point(reports / LATEST, self.path.name)
            self.removed = remove_older(reports, keep)
            free = shutil.disk_usage(self.path).free
        except OSError as error:
            raise _unusable(reports, str(error.strerror)) from None
        if free < LEAST_FREE_BYTES:
            self.close()
            raise _unusable(reports, f"only {free / 1e6:.0f} MB are free there")

    def close(self) -> None:
        self._lock.close()

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _made(reports: Path, name: str) -> BinaryIO:
    """The folder appears under its name when its lock is held."""
    hidden = reports / f".{name}"
    hidden.mkdir(parents=True)
    lock = hold(hidden)
    hidden.rename(reports / name)
    return lock


def _point(link: Path, name: str) -> None:
    """Whole, whoever else starts a run meanwhile."""
    made = link.with_name(f".{link.name}-{os.getpid()}")
    made.symlink_to(name)
    made.replace(link)


def _unusable(reports: Path, why: str) -> pytest.UsageError:
    return pytest.UsageError(
        f"no run folder in {reports}: {why}; make room or take another place (ini option pocketfarm_reports)"
    )
