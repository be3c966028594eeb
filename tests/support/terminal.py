"""A person at a terminal: what is typed, and what is shown."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

ENDS_WITHIN_S = 30


@contextmanager
def at_terminal(
    command: Sequence[str], environment: Mapping[str, str]
) -> Iterator[tuple[Screen, subprocess.Popen[bytes]]]:
    """A program at a terminal of this machine, of 31 rows and 97 columns; it is killed at the end."""
    keyboard, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("4H", 31, 97, 0, 0))
    client = subprocess.Popen(
        command,
        env={**environment, "TERM": "xterm-test"},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    try:
        yield Screen(keyboard), client
    finally:
        client.kill()
        client.wait(ENDS_WITHIN_S)
        os.close(keyboard)


@dataclass
class Screen:
    keyboard: int

    def type(self, keys: bytes) -> None:
        os.write(self.keyboard, keys)

    def see(self, end: bytes) -> bytes:
        """All that is shown up to and with `end`."""
        seen = b""
        while not seen.endswith(end):
            seen += os.read(self.keyboard, 4096)
        return seen
