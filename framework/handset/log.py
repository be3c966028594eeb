"""The handset's log."""

from __future__ import annotations

import shlex
import threading
from types import TracebackType

from framework.contract.capabilities import LogLine, ShellResult
from framework.contract.errors import DeadlineError, HandsetError
from framework.dumps.logcat import parse_line
from framework.handset.connection import Deadline
from framework.handset.shell import HandsetShell, LineStream

_OPEN_S = 20.0
_DUMP_S = 60.0
_FORMAT = "-v threadtime -v epoch -v usec"
"""Seconds since 1970 with six digits: no year or zone is guessed, and logcat's own milliseconds are not lost."""

_TELL_TIME = 'now=$(date +%s.%N) && read -r up rest </proc/uptime || exit; echo "$now $up"'
"""The printed time tells that the log is followed: nothing that is logged after it is missed."""


class HandsetLog:
    """`contract.capabilities.Log` by `logcat`."""

    def __init__(self, handset: str, shell: HandsetShell) -> None:
        self._handset, self._shell = handset, shell

    def follow(self, *tags: str, since_wall_ns: int | None = None) -> FollowedLog:
        filters = " " + shlex.join([*(f"{tag}:V" for tag in tags), "*:S"]) if tags else ""
        since = '"$now"' if since_wall_ns is None else _epoch(since_wall_ns)
        stream = self._shell.stream(f"{_TELL_TIME}; exec logcat {_FORMAT} -T {since}{filters}")
        try:
            first = stream.read_line(_OPEN_S)
            times = _times(first or "")
            if times is None:
                raise HandsetError(self._handset, f"its log cannot be followed: {first or stream.complaint}")
        except BaseException:
            stream.close()
            raise
        return FollowedLog(self._handset, stream, times)

    def now_wall_ns(self) -> int:
        said = self._ask("date", "+%s.%N").text
        wall_ns = _ns(said)
        if wall_ns is None:
            raise HandsetError(self._handset, f"it does not tell the time: {said!r}")
        return wall_ns

    def dump(self, *, since_wall_ns: int | None = None, max_lines: int = 5000) -> bytes:
        since = str(max_lines) if since_wall_ns is None else _epoch(since_wall_ns)
        printed = self._ask("logcat", "-d", "-v", "threadtime", "-t", since)
        return b"".join(printed.stdout.splitlines(keepends=True)[-max_lines:])

    def lines(self, *tags: str, since_wall_ns: int) -> list[LogLine]:
        filters = [f"{tag}:V" for tag in tags] + ["*:S"] if tags else []
        printed = self._ask("logcat", *_FORMAT.split(), "-d", "-t", _epoch(since_wall_ns), *filters)
        return [record for line in printed.text.splitlines() if (record := parse_line(line))]

    def _ask(self, *argv: str) -> ShellResult:
        """Reading changes nothing: it is asked for once more where the connection was cut."""
        try:
            return self._shell.run(*argv, timeout_s=_DUMP_S, check=True)
        except HandsetError:
            return self._shell.run(*argv, timeout_s=_DUMP_S, check=True)


class FollowedLog:
    """`contract.capabilities.LogStream`: any thread may read."""

    def __init__(self, handset: str, stream: LineStream, began: tuple[int, int]) -> None:
        self._handset, self._stream = handset, stream
        self.began_wall_ns, boot_ns = began
        self.boot_offset_ns = boot_ns - self.began_wall_ns
        self._reading = threading.Lock()

    def read(self, timeout_s: float) -> LogLine | None:
        deadline = Deadline(timeout_s, self._handset, "reading the log")
        try:
            while True:
                with self._reading:
                    line = self._stream.read_line(deadline.remaining())
                if line is None:
                    raise HandsetError(self._handset, f"its log broke off {self._stream.complaint}".rstrip())
                if record := parse_line(line):
                    return record
        except DeadlineError:
            return None

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> FollowedLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _times(line: str) -> tuple[int, int] | None:
    """Wall clock and boot time in ns."""
    wall, _, boot = line.partition(" ")
    wall_ns, boot_ns = _ns(wall), _ns(boot)
    return None if wall_ns is None or boot_ns is None else (wall_ns, boot_ns)


def _ns(seconds: str) -> int | None:
    whole, _, decimals = seconds.partition(".")
    if not (whole.isdecimal() and decimals.isdecimal()):
        return None
    return int(whole) * 10**9 + int(decimals.ljust(9, "0")[:9])


def _epoch(wall_ns: int) -> str:
    """As logcat's -t and -T take it."""
    return f"{wall_ns // 10**9}.{wall_ns % 10**9:09d}"
