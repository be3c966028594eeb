"""The assistant's events as they arrive from the handset's log."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager
from types import TracebackType

from framework.contract.capabilities import Log
from framework.contract.errors import HandsetError
from framework.contract.events import EVENT_TAG, AssistantEvent, decode_event

POLL_S = 0.25
"""How often the reading thread looks whether it is to end; lines themselves arrive at once."""


class EventFeed(AbstractContextManager["EventFeed"]):
    """Follows the log under the assistant's tag; `wait` returns as soon as the event is there."""

    def __init__(self, log: Log) -> None:
        self._stream = log.follow(EVENT_TAG)
        self._events: list[AssistantEvent] = []
        self._broken: HandsetError | None = None
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._reader = threading.Thread(target=self._read, name="assistant-events", daemon=True)
        self._reader.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._stream.__exit__(kind, error, trace)
        self._reader.join()

    def mark(self) -> int:
        """The place in the feed that is now; pass it as `since`."""
        with self._changed:
            return len(self._events)

    def since(self, mark: int) -> tuple[AssistantEvent, ...]:
        with self._changed:
            return tuple(self._events[mark:])

    def wait(self, names: tuple[str, ...], *, since: int, turn: int | None, timeout_s: float) -> AssistantEvent | None:
        """The first event of these names (of that turn) after `since`; None when none came in time."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while True:
                for event in self._events[since:]:
                    if event.event in names and turn in (None, event.turn):
                        return event
                if self._broken is not None:
                    raise self._broken
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                self._changed.wait(left)

    def _read(self) -> None:
        while not self._closing.is_set():
            try:
                line = self._stream.read(POLL_S)
            except HandsetError as error:
                self._tell(broken=error)
                return
            event = None if line is None else decode_event(line.message)
            if event is not None:
                self._tell(event=event)

    def _tell(self, *, event: AssistantEvent | None = None, broken: HandsetError | None = None) -> None:
        with self._changed:
            if event is not None:
                self._events.append(event)
            self._broken = broken
            self._changed.notify_all()
