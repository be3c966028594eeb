"""What both transports offer: byte streams to services of one handset's adbd, every wait with a deadline."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol

from framework.contract.errors import DeadlineError, HandsetError

_SHOWN = 80
_SLACK_S = 0.05
"""A wait for what is left ends a little before or after."""


def told(text: str) -> str:
    """A service or a script as error messages name it."""
    line = " ".join(text.replace("\0", " ").split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


class StreamClosedError(HandsetError):
    """The handset ended a stream that was still being written to."""


class Stream(Protocol):
    """One open service. A stream may be closed from any thread, which ends a read or write that waits in another."""

    def read(self, timeout_s: float) -> bytes:
        """The next bytes as they came, b"" at the end; DeadlineError when none came in time."""

    def write(self, data: bytes | memoryview, timeout_s: float) -> None:
        """Hand over all of `data`; StreamClosedError when the handset has ended the stream."""

    def readable(self) -> bool:
        """Whether `read` would return at once."""

    def close(self) -> None: ...


class Connection(Protocol):
    """The way to one handset."""

    @property
    def features(self) -> frozenset[str]:
        """What the handset's adbd can do, such as shell_v2 (AOSP transport.cpp lists them)."""

    def open(self, service: str, timeout_s: float) -> Stream:
        """Open a service such as `shell,v2,raw:id` (AOSP SERVICES.TXT); HandsetError when it is refused."""

    def close(self) -> None: ...


class Deadline(AbstractContextManager["Deadline"]):
    """Host time until which one operation may wait; `what` names the operation in the error.

    Waits inside a `with` block that come to their end with it are told in the words of the whole operation; one that
    had a shorter time of its own keeps its words.
    """

    def __init__(self, timeout_s: float, handset: str, what: str) -> None:
        self._ends = time.monotonic() + timeout_s
        self._timeout_s, self._handset, self._what = timeout_s, handset, what

    def remaining(self) -> float:
        """Seconds that are left, above 0; DeadlineError when there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise self.error()
        return left

    def error(self) -> DeadlineError:
        return DeadlineError(self._handset, f"{self._what}: not done within {self._timeout_s:g} s")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, DeadlineError) and time.monotonic() > self._ends - _SLACK_S:
            raise self.error() from error
