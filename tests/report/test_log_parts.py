from __future__ import annotations

import pytest

from framework.contract.run import Repetition
from framework.contract.trace import ClockFit, ClockSegment, DeviceClocks, Instant, Trace
from framework.contract.turn import Evidence, TurnRecord
from framework.contract.verdict import Verdict
from framework.report.log_parts import crash_report, turn_logs

S = 10**9
BOOTED_NS = 1_764_400_000 * S
"""2025-11-29 07:06:40 UTC."""

CRASH = b"""\
11-29 07:06:50.500  4242  4242 I Assistant: thinking
11-29 07:06:51.000  4242  4242 E AndroidRuntime: FATAL EXCEPTION: main
11-29 07:06:51.000  4242  4242 E AndroidRuntime: Process: org.example.assistant, PID: 4242
11-29 07:06:51.001   900   901 I ActivityManager: unrelated
11-29 07:06:51.001  4242  4242 E AndroidRuntime: java.lang.IllegalStateException: out of memory
11-29 07:06:52.000   900   901 E ActivityManager: ANR in org.example.assistant
11-29 07:06:52.000   900   901 E ActivityManager: Reason: Input dispatching timed out
"""


def repetition(log: bytes, *instants: Instant) -> Repetition:
    """Two turns, from second 10 to 12 and from 20 to 22 after the boot."""
    turns = tuple(TurnRecord(n, "q", "en", "ui", None, "a", at * S, (at + 2) * S) for n, at in ((1, 10), (2, 20)))
    wall = (ClockSegment(0, 30 * S, -BOOTED_NS, 10**6),)
    trace = Trace(ClockFit(0, 1), 5 * S, 25 * S, instants=instants, clocks=DeviceClocks(wall=wall))
    return Repetition(1, 1, turns, trace, Verdict.PASS, evidence=(Evidence("logcat", "logcat.txt", log),))


def log(zone_h: int = 0, last_s: int = 24) -> bytes:
    """A line each second from 5 s after the boot on, in the handset's local time."""
    lines = [f"11-29 {7 + zone_h:02}:06:{40 + s}.250  1  1 I T: {s}\n" for s in range(5, min(last_s, 19) + 1)]
    lines += [f"11-29 {7 + zone_h:02}:07:{s - 20:02}.250  1  1 I T: {s}\n" for s in range(20, last_s + 1)]
    return "".join(["--------- beginning of main\n", *lines]).encode()


@pytest.mark.parametrize("zone_h", [0, 7, -5])
@pytest.mark.parametrize("last_s", [24, 23])
def test_each_turn_has_its_part_of_the_log(zone_h: int, last_s: int) -> None:
    """Whatever zone the handset is in: the log does not say, but it ends with the recording."""
    found = turn_logs(repetition(log(zone_h, last_s)))
    said = {
        number: [line.rpartition(b" ")[2] for line in piece.content.splitlines()] for number, piece in found.items()
    }
    assert said == {1: [b"10", b"11"], 2: [b"20", b"21"]}


def test_without_a_log_or_its_clock_there_is_none() -> None:
    """Nothing is guessed: a log of another format, an empty one, a handset whose clock could not be read."""
    assert [turn_logs(repetition(content)) for content in (b"", b"\xff\0 no log\n")] == [{}, {}]


def test_a_crash_and_an_anr_have_their_reports() -> None:
    """All lines of each report, in order, without those of others between them."""
    piece = crash_report(repetition(CRASH, Instant("crash", "it crashed", 11 * S)))
    assert piece is not None
    assert piece.content == (
        b"11-29 07:06:51.000  4242  4242 E AndroidRuntime: FATAL EXCEPTION: main\n"
        b"11-29 07:06:51.000  4242  4242 E AndroidRuntime: Process: org.example.assistant, PID: 4242\n"
        b"11-29 07:06:51.001  4242  4242 E AndroidRuntime: java.lang.IllegalStateException: out of memory\n"
        b"\n"
        b"11-29 07:06:52.000   900   901 E ActivityManager: ANR in org.example.assistant\n"
        b"11-29 07:06:52.000   900   901 E ActivityManager: Reason: Input dispatching timed out\n"
    )


def test_a_crash_of_another_app_is_none_of_ours() -> None:
    """Only where the recording tells of one."""
    assert crash_report(repetition(CRASH)) is None
