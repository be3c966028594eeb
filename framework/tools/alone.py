"""One process at a time."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from framework.contract.errors import UsageError

_POLL_S = 0.2

Tell = Callable[[str], None]
"""Takes a line for the terminal."""


@contextmanager
def alone(path: Path, doing: str, tell: Tell, ends: float) -> Iterator[None]:
    """Hold the lock at `path`, which ends with its holder; another one's end is waited for until `ends` (monotonic).

    `doing`: of another process, such as `installing Appium`.
    """
    with path.open("w") as file:
        waited = False
        while not _locked(file.fileno()):
            if not waited:
                tell(f"another process is {doing}: waiting for it")
            waited = True
            if time.monotonic() > ends:
                raise UsageError(f"another process has been {doing} for too long; it holds {path}")
            time.sleep(_POLL_S)
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
