"""A bugreport of the handset: `bugreportz -p` (AOSP frameworks/native/cmds/bugreportz), pulled and removed there."""

from __future__ import annotations

import re
import shlex
from contextlib import suppress

from framework.contract.capabilities import Files, Shell
from framework.contract.errors import HandsetError
from framework.handset.connection import Deadline

WITHIN_S = 240.0
"""A phone takes one to three minutes."""
LARGEST = 64 << 20
_QUIET_S = 60.0
"""Progress is told every few seconds."""

_DONE = re.compile(r"OK:(/[^\0\r\n]+)\s*")
_FAILED = re.compile(r"FAIL:([^\r\n]*)")
_FOLDERS = ("/data/user_de/", "/bugreports/", "/data/data/", "/data/local/tmp/")
"""Where Android puts them; a path elsewhere is not read."""


def take(handset: str, shell: Shell, files: Files, *, within_s: float = WITHIN_S, largest: int = LARGEST) -> bytes:
    """The zip. HandsetError where there is none in time, or it is larger than `largest` bytes."""
    path = _made(handset, shell, within_s)
    try:
        found = files.stat(path)
        if found is None or found.size > largest:
            size = "is not there" if found is None else f"has {found.size >> 20} MB, more than {largest >> 20} MB"
            raise HandsetError(handset, f"its bugreport {path} {size}")
        return files.read(path, limit=largest)
    finally:
        with suppress(HandsetError):
            shell.run("rm", "-f", path, timeout_s=10)


def _made(handset: str, shell: Shell, within_s: float) -> str:
    """Where the handset has put it."""
    deadline = Deadline(within_s, handset, "`bugreportz`")
    said = "nothing"
    with deadline, shell.stream("exec bugreportz -p 2>&1") as stream:
        while (line := stream.read_line(min(deadline.remaining(), _QUIET_S))) is not None:
            said = line or said
            if done := _DONE.fullmatch(line):
                return _trusted(handset, done[1].strip())
            if failed := _FAILED.match(line):
                raise HandsetError(handset, f"it makes no bugreport: {failed[1][:200].strip() or 'no reason given'}")
    raise HandsetError(handset, f"it makes no bugreport: `bugreportz` ended and said {shlex.quote(said[:200])}")


def _trusted(handset: str, path: str) -> str:
    if ".." in path.split("/") or not path.startswith(_FOLDERS):
        raise HandsetError(handset, f"it says that its bugreport is {path[:200]!r}, which is no place for one")
    return path
