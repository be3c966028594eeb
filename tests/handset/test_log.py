"""The log, with a `logcat` that prints what a file holds."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from framework.contract.capabilities import LogLine
from framework.contract.errors import HandsetError
from framework.handset.adbd import AdbdConnection
from framework.handset.log import HandsetLog
from framework.handset.shell import HandsetShell

LOGCAT = """
echo "$*" >>$STATE/called
cat $STATE/log
while read -r line; do echo "$line"; done <$STATE/more
"""


def epoch(seconds: int, message: str) -> str:
    return f"{seconds:19d}.000001   100   101 I Tag     : {message}\n"


@pytest.fixture
def log(phone: Any, straight: AdbdConnection) -> HandsetLog:
    phone.command("logcat", LOGCAT)
    (phone.root / "log").write_text(f"--------- beginning of main\n{epoch(5, 'one')}{epoch(6, 'two')}")
    (phone.root / "more").write_text("")
    return HandsetLog("phone", HandsetShell("phone", straight))


def test_following_starts_now(phone: Any, log: HandsetLog) -> None:
    """logcat is asked for what comes after the handset's time at the call, in a format without guesses."""
    before = time.time()
    with log.follow("Tag", "it's") as stream:
        assert stream.read(5) == LogLine(5_000_001_000, 100, 101, "I", "Tag", "one")
        assert stream.read(5) == LogLine(6_000_001_000, 100, 101, "I", "Tag", "two")
    asked = (phone.root / "called").read_text().split()
    assert asked[:7] == ["-v", "threadtime", "-v", "epoch", "-v", "usec", "-T"]
    assert before <= float(asked[7]) <= time.time()
    assert asked[8:] == ["Tag:V", "it's:V", "*:S"]


def test_following_goes_on_where_it_ended(phone: Any, log: HandsetLog) -> None:
    """With a time, logcat is asked for what was logged since; the stream knows the handset's clocks as it began."""
    before = time.time_ns()
    with log.follow("Tag", since_wall_ns=5_000_001_000) as stream:
        assert stream.read(5) == LogLine(5_000_001_000, 100, 101, "I", "Tag", "one")
    assert "-T 5.000001000 Tag:V" in (phone.root / "called").read_text()
    assert before <= stream.began_wall_ns <= time.time_ns()
    truth = time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.time_ns()
    assert abs(stream.boot_offset_ns - truth) < 5 * 10**9


def test_a_log_that_ends_is_broken(log: HandsetLog) -> None:
    """A follower that ends is an error, not silence."""
    with log.follow() as stream:
        assert [stream.read(5) is not None for _ in range(2)] == [True, True]
        with pytest.raises(HandsetError, match="phone: its log broke off"):
            stream.read(5)


def test_silence_is_none(phone: Any, log: HandsetLog) -> None:
    """When nothing is logged in time, there is no line, and the log is still followed."""
    phone.command("logcat", f"{LOGCAT}\nread -r go; echo '{epoch(7, 'late').strip()}'; sleep 60")
    with log.follow() as stream:
        assert [line and line.message for line in (stream.read(5), stream.read(5), stream.read(0.1))] == [
            "one",
            "two",
            None,
        ]
        stream._stream.write(b"go\n")
        late = stream.read(5)
        assert late is not None
        assert late.message == "late"


def test_closing_wakes_a_reader(phone: Any, log: HandsetLog) -> None:
    """A thread that waits for the log is woken when another closes it."""
    phone.command("logcat", "sleep 1000")
    stream = log.follow()
    woken = threading.Event()

    def read() -> None:
        with pytest.raises(HandsetError):
            stream.read(30)
        woken.set()

    reader = threading.Thread(target=read)
    reader.start()
    stream.close()
    assert woken.wait(10)
    reader.join(10)


def test_a_handset_without_a_log(phone: Any, straight: AdbdConnection) -> None:
    """Where the time cannot even be asked, the handset's words come back."""
    phone.command("date", "echo 'date: no clock' >&2; exit 1")
    with pytest.raises(HandsetError, match=r"its log cannot be followed: .*no clock"):
        HandsetLog("phone", HandsetShell("phone", straight)).follow()


def test_the_dump_is_threadtime(phone: Any, log: HandsetLog) -> None:
    """As logcat prints it, the last lines of what was asked for."""
    assert log.dump() == (phone.root / "log").read_bytes()
    assert log.dump(since_wall_ns=1_700_000_000_123_456_789, max_lines=1) == epoch(6, "two").encode()
    assert (phone.root / "called").read_text().splitlines() == [
        "-d -v threadtime -t 5000",
        "-d -v threadtime -t 1700000000.123456789",
    ]
