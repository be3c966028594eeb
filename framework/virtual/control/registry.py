"""Which virtual handsets of this user run on this machine, however they were started: one small file for each.

The process of a handset holds a lock on its file for as long as it lives, however it dies, so that what is left of
a dead one is recognised by whoever looks next, and taken away.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path

from framework.contract.errors import Problem, UsageError
from framework.virtual.endpoints import VirtualEndpoint

FOLDER = "pocketfarm"
SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class Running:
    """A handset that runs: where it answers, in which folder it was started, and when (seconds since 1970)."""

    endpoint: VirtualEndpoint
    folder: str
    started_s: float

    @property
    def label(self) -> str:
        """`NAME@PORT`, which no two have in common."""
        return f"{self.endpoint.name}@{self.endpoint.adb.rpartition(':')[2]}"

    def __str__(self) -> str:
        since = time.strftime("%H:%M:%S", time.localtime(self.started_s))
        return f"{self.label} (since {since}, started in {self.folder})"


def runtime_folder() -> Path:
    """A folder that only this user can read, made when it is missing; UsageError where somebody else has taken it."""
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = given and os.access(given, os.W_OK | os.X_OK)
    folder = Path(given, FOLDER) if usable else Path(tempfile.gettempdir(), f"{FOLDER}-{os.getuid()}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        facts = folder.lstat()
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}: running handsets are listed there") from error
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid() or facts.st_mode & 0o077:
        raise UsageError(f"{folder}: not a folder of yours alone (mode 0700); take it away")
    return folder


@contextmanager
def registered(running: Running) -> Iterator[None]:
    """Listed while open; the lock goes with the process."""
    folder = runtime_folder()
    hidden = folder / f".{secrets.token_hex(8)}"
    listed = folder / f"{hidden.name[1:]}{SUFFIX}"
    descriptor = os.open(hidden, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.write(descriptor, json.dumps(asdict(running)).encode())
        hidden.rename(listed)
        yield
    finally:
        for path in (hidden, listed):
            path.unlink(missing_ok=True)
        os.close(descriptor)


def running_handsets() -> list[Running]:
    """All that run, by name and age. What dead ones have left is removed."""
    found = [_read(path) for path in runtime_folder().glob(f"*{SUFFIX}")]
    alive = [running for running in found if running is not None]
    return sorted(alive, key=lambda each: (each.endpoint.name, each.started_s, each.label))


def find_running(word: str) -> Running:
    """The handset that `word` means: its name, with `@PORT` of its adbd where several of that name run."""
    handsets = running_handsets()
    found = [each for each in handsets if word in (each.endpoint.name, each.label)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{len(found)} handsets named {word} are running: {', '.join(map(str, found))}; say which")
    if not handsets:
        raise UsageError(f'no virtual handset is running, so none named "{word}"; `farm virtual up` starts some')
    names = sorted({each.endpoint.name for each in handsets})
    near = get_close_matches(word, names, n=1)
    message = f'no virtual handset "{word}" is running; there are {", ".join(names)}'
    raise UsageError(Problem(message, suggestion=near[0] if near else None))


def _read(path: Path) -> Running | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if _held(descriptor):
            raw = json.loads(os.read(descriptor, 1 << 16))
            return Running(VirtualEndpoint(**raw.pop("endpoint")), **raw)
        with suppress(OSError):
            path.unlink()
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None  # of another version, which will take it away itself
    finally:
        os.close(descriptor)
    return None


def _held(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
