"""A program that is run to its end, ended with us, and tells what went wrong."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

from framework.tools import supervisor
from framework.tools.alone import Tell

TELL_EVERY_S = 10.0
_POLL_S = 0.1


class ProgramError(Exception):
    """It failed, `said` being its first words, or was not done in time (`late`)."""

    def __init__(self, command: Sequence[str], said: str, *, late: bool = False) -> None:
        self.command, self.said, self.late = tuple(command), said, late
        super().__init__(f"{' '.join(command[:2])}: {said}")


def run_to_end(
    command: Sequence[str],
    *,
    doing: str,
    tell: Tell,
    ends: float,
    folder: Path,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
) -> None:
    """Until it ends, at `ends` (monotonic) at the latest; ProgramError where it fails or is late.

    Every few seconds it is told that it is still `doing`, such as `installing Appium`. `output`: a file that takes
    what it prints, for who wants to read on in it.
    """
    with nullcontext(output) if output is not None else tempfile.TemporaryFile() as printed:
        process = supervisor.spawn(command, output=printed, env=os.environ if env is None else env, cwd=folder)
        try:
            began = told = time.monotonic()
            while process.poll() is None:
                now = time.monotonic()
                if now > ends:
                    raise ProgramError(command, f"{Path(command[0]).name} was not done in time", late=True)
                if now - told > TELL_EVERY_S:
                    told = now
                    tell(f"still {doing} ({now - began:.0f} s)")
                time.sleep(_POLL_S)
        finally:
            supervisor.stop(process)
        if process.returncode:
            raise ProgramError(command, _first_words(printed))


def _first_words(printed: IO[Any]) -> str:
    printed.seek(0)
    lines = [line.strip() for line in printed.read().decode("utf-8", "replace").splitlines() if line.strip()]
    return " ".join(lines[:4]) or "it said nothing"
