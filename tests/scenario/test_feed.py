from __future__ import annotations

import queue
import threading
import time
from types import TracebackType

import pytest

from framework.contract.capabilities import LogLine
from framework.contract.errors import HandsetError
from framework.contract.events import AssistantEvent, encode_event
from framework.scenario.feed import EventFeed


class ScriptedLog:
    """A log that says what it is told to, and breaks when told so."""

    def __init__(self) -> None:
        self.lines: queue.Queue[str | HandsetError] = queue.Queue()
        self.closed = False

    def follow(self, *tags: str) -> ScriptedLog:
        return self

    def now_wall_ns(self) -> int:
        return 0

    def dump(self, *, since_wall_ns: int | None = None, max_lines: int = 5000) -> bytes:
        return b""

    def read(self, timeout_s: float) -> LogLine | None:
        try:
            said = self.lines.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if isinstance(said, HandsetError):
            raise said
        return LogLine(0, 1, 1, "I", "AssistantEvent", said)

    def __enter__(self) -> ScriptedLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closed = True

    def say(self, turn: int, event: str) -> None:
        self.lines.put(encode_event(AssistantEvent(turn, event, 7)))


def test_an_event_is_there_as_soon_as_it_was_logged() -> None:
    """A waiter wakes at the event of its turn that comes after its mark; other lines are passed over."""
    log = ScriptedLog()
    with EventFeed(log) as feed:
        log.say(1, "reply")
        assert feed.wait(("reply",), since=0, turn=1, timeout_s=5) == AssistantEvent(1, "reply", 7)
        mark = feed.mark()
        threading.Timer(0.05, lambda: (log.lines.put("no event"), log.say(1, "token"), log.say(2, "reply"))).start()
        assert feed.wait(("reply",), since=mark, turn=2, timeout_s=5) == AssistantEvent(2, "reply", 7)
        assert [event.event for event in feed.since(mark)] == ["token", "reply"]
    assert log.closed


def test_silence_ends_a_wait() -> None:
    """Nothing within the time is None, not an error."""
    with EventFeed(ScriptedLog()) as feed:
        began = time.monotonic()
        assert feed.wait(("reply",), since=0, turn=None, timeout_s=0.05) is None
        assert time.monotonic() - began < 5


def test_a_broken_log_is_the_labs_fault() -> None:
    """Who waits, and who waits later, is told the first cause."""
    log = ScriptedLog()
    with EventFeed(log) as feed:
        log.lines.put(HandsetError("rack-7", "the log stream broke"))
        for _ in range(2):
            with pytest.raises(HandsetError, match="the log stream broke"):
                feed.wait(("reply",), since=0, turn=None, timeout_s=5)
