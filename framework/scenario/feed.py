"""The assistant's events as they arrive from the handset's log."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType

from framework.contract.build import BuildSpec
from framework.contract.capabilities import Log, LogLine, LogStream
from framework.contract.errors import HandsetError
from framework.contract.events import EVENT_TAG, AssistantEvent, decode_event
from framework.contract.observed import Seen
from framework.handset.ladder import STREAM
from framework.scenario.patterns import PatternReader

POLL_S = 0.25
"""How often the reading thread looks whether it is to end; lines themselves arrive at once."""

RESUME_S = STREAM.within_s
"""How long a log that broke off may take until it is followed again."""

OVERLAP_NS = 1_000_000_000
"""How much of the log is read again after a break; what is known already is passed over."""

REMEMBERED = 4_000
"""Lines that are known again when they come twice."""


class EventFeed(AbstractContextManager["EventFeed"]):
    """Follows the log under the build's tag; `wait` returns as soon as the event is there.

    A log that breaks off is followed again from its last line on. Lines that come twice count once.
    """

    def __init__(
        self, log: Log, build: BuildSpec | None = None, mended: Callable[[float, str], None] | None = None
    ) -> None:
        """`mended` is told how long it took until the log was followed again, and why it broke off."""
        self._log = log
        self._mended = mended or (lambda seconds, why: None)
        self._opened = 1
        self._patterns = PatternReader(build.patterns) if build is not None and build.patterns is not None else None
        self._tag = build.patterns.tag if build is not None and build.patterns is not None else EVENT_TAG
        self._seen: list[Seen] = []
        self._known: dict[LogLine, None] = {}
        self._last_wall_ns = 0
        self._broken: HandsetError | None = None
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._stream: LogStream | None = None
        if build is None or build.told:
            self._stream = log.follow(self._tag)
            self._last_wall_ns = self._stream.began_wall_ns
        self._reader = threading.Thread(target=self._read, name="assistant-events", daemon=True)
        self._reader.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        if self._stream is not None:
            self._stream.__exit__(kind, error, trace)
        self._reader.join()

    def begin(self, turn: int) -> int:
        """The place in the feed that is now, where `turn` begins; pass it as `since`."""
        if self._patterns is not None:
            self._patterns.turn = turn
        return self.mark()

    def mark(self) -> int:
        """The place in the feed that is now."""
        with self._changed:
            return len(self._seen)

    def since(self, mark: int) -> tuple[AssistantEvent, ...]:
        return tuple(seen.event for seen in self.seen(mark))

    def seen(self, mark: int) -> tuple[Seen, ...]:
        """The events since `mark` with the lines' times, in the order in which they came."""
        with self._changed:
            return tuple(self._seen[mark:])

    def wait(self, names: tuple[str, ...], *, since: int, turn: int | None, timeout_s: float) -> AssistantEvent | None:
        """The first event of these names (of that turn) after `since`; None when none came in time."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while True:
                for seen in self._seen[since:]:
                    if seen.event.event in names and turn in (None, seen.event.turn):
                        return seen.event
                if self._broken is not None:
                    raise self._broken
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                self._changed.wait(left)

    def refresh(self) -> None:
        """Follow the log anew: a stream that stalled looks like one on which nothing happens.

        Returns when it is followed again, from its last line on; HandsetError when it cannot be.
        """
        with self._changed:
            if self._stream is None or self._closing.is_set():
                return
            opened, stream = self._opened, self._stream
        stream.close()
        with self._changed:
            self._changed.wait_for(lambda: self._opened > opened or self._broken is not None, RESUME_S + POLL_S)
            if self._broken is not None:
                raise self._broken

    # -- the reading thread ----------------------------------------------------------------------------------------

    def _read(self) -> None:
        while self._stream is not None and not self._closing.is_set():
            try:
                line = self._stream.read(POLL_S)
            except HandsetError as error:
                if not self._followed_again(error):
                    return
                continue
            if line is not None and self._is_new(line):
                self._tell(self._events(line, self._stream.boot_offset_ns))

    def _is_new(self, line: LogLine) -> bool:
        self._last_wall_ns = line.wall_ns
        if line in self._known:
            return False
        self._known[line] = None
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        return True

    def _events(self, line: LogLine, boot_offset_ns: int) -> list[Seen]:
        here_ns = time.monotonic_ns()
        if self._patterns is not None:
            events = self._patterns.read(line, line.wall_ns + boot_offset_ns)
            return [Seen(event, line.wall_ns, here_ns, exact=False) for event in events]
        event = decode_event(line.message)
        return [] if event is None else [Seen(event, line.wall_ns, here_ns, exact=True)]

    def _followed_again(self, error: HandsetError) -> bool:
        """Whether the log is followed again; else everyone is told why not."""
        since = time.monotonic()
        deadline = since + RESUME_S
        while not self._closing.is_set():
            try:
                stream = self._log.follow(self._tag, since_wall_ns=self._last_wall_ns - OVERLAP_NS)
            except HandsetError:
                if time.monotonic() > deadline:
                    self._break(error)
                    return False
                self._closing.wait(POLL_S)
                continue
            self._mended(time.monotonic() - since, error.what)
            with self._changed:
                self._stream = stream
                self._opened += 1
                self._changed.notify_all()
            if self._closing.is_set():
                stream.close()
            return True
        return False

    def _tell(self, seen: list[Seen]) -> None:
        with self._changed:
            self._seen += seen
            self._changed.notify_all()

    def _break(self, error: HandsetError) -> None:
        with self._changed:
            self._broken = error
            self._changed.notify_all()
