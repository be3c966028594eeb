from __future__ import annotations

import queue
import threading
import time
from types import TracebackType

import pytest

from framework.contract.build import BuildSpec
from framework.contract.capabilities import LogLine
from framework.contract.errors import HandsetError
from framework.contract.events import AssistantEvent, encode_event
from framework.scenario import feed as feed_module
from framework.scenario.feed import EventFeed


class ScriptedLog:
    """A log that says what it is told to, and breaks when told so; `refusals` times it cannot be followed again."""

    began_wall_ns = 1_000
    boot_offset_ns = -400

    def __init__(self, refusals: int = 0) -> None:
        self.lines: queue.Queue[LogLine | HandsetError] = queue.Queue()
        self.followed: list[tuple[tuple[str, ...], int | None]] = []
        self.refusals = refusals
        self.closed = False
        self._ticks = 0

    def follow(self, *tags: str, since_wall_ns: int | None = None) -> ScriptedLog:
        if self.followed and self.refusals > 0:
            self.refusals -= 1
            raise HandsetError("rack-7", "not yet")
        self.followed.append((tags, since_wall_ns))
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
        return said

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> ScriptedLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def say(self, turn: int, event: str, wall_ns: int | None = None) -> None:
        self.print(encode_event(AssistantEvent(turn, event, 7)), wall_ns)

    def print(self, message: str, wall_ns: int | None = None) -> None:
        self._ticks += 1
        self.lines.put(LogLine(wall_ns or self._ticks, 1, 1, "I", "AssistantEvent", message))


def test_an_event_is_there_as_soon_as_it_was_logged() -> None:
    """A waiter wakes at the event of its turn that comes after its mark; other lines are passed over."""
    log = ScriptedLog()
    with EventFeed(log) as feed:
        log.say(1, "reply")
        assert feed.wait(("reply",), since=0, turn=1, timeout_s=5) == AssistantEvent(1, "reply", 7)
        mark = feed.mark()
        threading.Timer(0.05, lambda: (log.print("no event"), log.say(1, "token"), log.say(2, "reply"))).start()
        assert feed.wait(("reply",), since=mark, turn=2, timeout_s=5) == AssistantEvent(2, "reply", 7)
        assert [event.event for event in feed.since(mark)] == ["token", "reply"]
    assert log.closed


def test_silence_ends_a_wait() -> None:
    """Nothing within the time is None, not an error."""
    with EventFeed(ScriptedLog()) as feed:
        began = time.monotonic()
        assert feed.wait(("reply",), since=0, turn=None, timeout_s=0.05) is None
        assert time.monotonic() - began < 5


def test_a_broken_log_is_the_labs_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it cannot be followed again in time, who waits, and who waits later, is told the first cause."""
    monkeypatch.setattr(feed_module, "RESUME_S", 0.0)
    log = ScriptedLog(refusals=1000)
    with EventFeed(log) as feed:
        log.lines.put(HandsetError("rack-7", "the log stream broke"))
        for _ in range(2):
            with pytest.raises(HandsetError, match="the log stream broke"):
                feed.wait(("reply",), since=0, turn=None, timeout_s=5)


def test_a_log_that_broke_off_is_followed_again() -> None:
    """From a little before its last line on, however often that is refused at first; known lines count once."""
    log = ScriptedLog(refusals=2)
    with EventFeed(log) as feed:
        log.say(1, "request", 5_000_000_000)
        log.lines.put(HandsetError("rack-7", "the network was cut"))
        log.say(1, "request", 5_000_000_000)
        log.say(1, "reply", 6_000_000_000)
        assert feed.wait(("reply",), since=0, turn=1, timeout_s=10) is not None
        assert [event.event for event in feed.since(0)] == ["request", "reply"]
    assert log.followed == [(("AssistantEvent",), None), (("AssistantEvent",), 4_000_000_000)]


def test_an_event_is_seen_with_the_times_of_its_line() -> None:
    """The line's wall clock, when it was here, and that the event tells its own time."""
    log = ScriptedLog()
    before = time.monotonic_ns()
    with EventFeed(log) as feed:
        log.say(1, "reply", 5_000)
        feed.wait(("reply",), since=0, turn=1, timeout_s=5)
        (seen,) = feed.seen(0)
    assert (seen.wall_ns, seen.exact, seen.event.device_ns) == (5_000, True, 7)
    assert before <= seen.host_ns <= time.monotonic_ns()


def described(**more: object) -> BuildSpec:
    raw = {
        "name": "x",
        "version": "1",
        "package": "org.example.x",
        "activity": ".Main",
        "apk": {"file": "x.apk", "sha256": "0" * 64},
        "model": {"name": "x", "parameters": 1, "quantization": "F16"},
        "text": {"ui": {key: {"id": key} for key in ("input", "send", "reply")}},
        "events": False,
    }
    return BuildSpec.model_validate(raw | more)


def test_patterns_make_events_of_other_words() -> None:
    """Under the build's own tag; placed by the line's time; what the line does not say is the turn under way."""
    patterns = {"tag": "Talk", "events": {"request": "^ask", "token": r"#(?P<turn>\d+) piece (?P<n>\d+): (?P<text>.*)"}}
    log = ScriptedLog()
    with EventFeed(log, described(patterns=patterns)) as feed:
        mark = feed.begin(3)
        log.print("ask for the weather", 5_000)
        log.print("#4 piece 2: rain", 6_000)
        assert feed.wait(("token",), since=mark, turn=4, timeout_s=5) is not None
        assert feed.since(mark) == (
            AssistantEvent(3, "request", 4_600),
            AssistantEvent(4, "token", 5_600, {"n": 2, "text": "rain"}),
        )
        assert not any(seen.exact for seen in feed.seen(mark))
    assert log.followed == [(("Talk",), None)]


def test_a_build_that_logs_nothing_is_not_followed() -> None:
    """There is nothing to wait for in its log."""
    log = ScriptedLog()
    with EventFeed(log, described()) as feed:
        assert feed.wait(("reply",), since=0, turn=None, timeout_s=0) is None
    assert log.followed == []


class StallingLog(ScriptedLog):
    """Its first stream says nothing and does not end; each later one tells what has been logged since."""

    def read(self, timeout_s: float) -> LogLine | None:
        if len(self.followed) == 1:
            if self.closed:
                raise HandsetError("rack-7", "its log broke off")
            time.sleep(min(timeout_s, 0.01))
            return None
        return super().read(timeout_s)


def test_a_stalled_log_is_told_from_a_silent_build() -> None:
    """Followed anew, from a little before its last line on, it tells what it had; how long that took is told."""
    log, mended = StallingLog(), []
    with EventFeed(log, mended=lambda seconds, why: mended.append(why)) as feed:
        log.say(1, "reply")
        assert feed.wait(("reply",), since=0, turn=1, timeout_s=0.05) is None
        feed.refresh()
        assert feed.wait(("reply",), since=0, turn=1, timeout_s=5) is not None
    assert (len(log.followed), mended) == (2, ["its log broke off"])
