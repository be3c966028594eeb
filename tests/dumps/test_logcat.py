"""Logcat lines."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.capabilities import LogLine
from framework.dumps.errors import DumpError
from framework.dumps.logcat import parse, parse_line


def test_epoch_lines_carry_the_wall_clock() -> None:
    """`-v threadtime -v epoch -v usec` pads the seconds to 19 columns and gives six digits."""
    line = '         1700000000.123456  4711  4712 I AssistantEvent: {"v":1}'
    assert parse_line(line) == LogLine(1_700_000_000_123_456_000, 4711, 4712, "I", "AssistantEvent", '{"v":1}')


def test_threadtime_is_read_in_the_given_year() -> None:
    """threadtime prints neither year nor zone."""
    line = "01-02 00:00:01.500   106   107 W tag     : hello: world"
    assert parse_line(line, year=1970) == LogLine(86_401_500_000_000, 106, 107, "W", "tag", "hello: world")


def test_a_message_may_be_empty() -> None:
    """Blank lines of a crash dump are log lines too, with or without the space after the colon."""
    for line in ("02-04 21:48:27.202 16727 16727 F DEBUG   : ", "02-04 21:48:27.202 16727 16727 F DEBUG   :"):
        parsed = parse_line(line)
        assert parsed is not None
        assert (parsed.tag, parsed.message) == ("DEBUG", "")


def test_a_tag_may_hold_a_colon() -> None:
    """Only a colon followed by a space or the end of the line ends the tag."""
    parsed = parse_line("01-01 00:00:00.000     1     1 I power@1.0::IPower: up")
    assert parsed is not None
    assert (parsed.tag, parsed.message) == ("power@1.0::IPower", "up")


@pytest.mark.parametrize(
    "line", ["", "--------- beginning of main", "D/TextView( 2468): 7:07", "02-31 00:00:00.000 1 1 I a: b"]
)
def test_other_lines_are_none(line: str) -> None:
    """Headers, other formats and impossible dates are no records."""
    assert parse_line(line) is None


@settings(max_examples=200)
@given(
    st.integers(0, 4_000_000_000),
    st.integers(0, 999_999),
    st.integers(1, 99_999),
    st.sampled_from("VDIWEF"),
    st.from_regex(r"[A-Za-z][A-Za-z0-9_.@/-]{0,22}", fullmatch=True),
    st.from_regex(r"[ -~\u00a1-\u4fff]{0,40}", fullmatch=True),
)
def test_what_logcat_prints_is_read_back(
    seconds: int, micros: int, pid: int, level: str, tag: str, message: str
) -> None:
    """A line printed with liblog's format gives back what was logged."""
    line = f"{seconds:19d}.{micros:06d} {pid:5d} {pid:5d} {level} {tag:<8}: {message}"
    assert parse_line(line) == LogLine(seconds * 10**9 + micros * 1000, pid, pid, level, tag, message)


@pytest.mark.parametrize(
    ("name", "records", "tag", "contained"),
    [
        ("catapult__native_crash_81", 16, "DEBUG", "pid: 16629, tid: 16629"),
        ("flutter161070__samsung_lmkd_reclaim_not_kill", 8, "lmkd", "state 19 to free"),
        ("chromeos_tast__arc_lmkd_line", 1, "lowmemorykiller", "(3579), uid 10071"),
        ("rknn249__rk3588_lmkd", 4, "lowmemorykiller", "'system:ui' (10421)"),
        ("vehicleassistant__litertlm_lmkd_A15_fields", 5, "lowmemorykiller", "3990164kB anon rss"),
        ("xcrash__pixel_java", 37, "WebViewFactory", "version 77.0.3865.92"),
    ],
)
def test_real_lines(capture: Callable[[str], str], name: str, records: int, tag: str, contained: str) -> None:
    """Every threadtime line of a real capture is a record, and the telling one is found under its tag."""
    parsed = [parse_line(line) for line in capture(f"logcat/{name}.txt").splitlines()]
    found = [line for line in parsed if line is not None]
    assert len(found) == records
    assert {line.tag for line in found if contained in line.message} == {tag}


def test_a_whole_log_gathers_what_happened() -> None:
    """Entries, kills, hangs and crashes come out of one reading; other lines are counted."""
    log = parse(
        "--------- beginning of main\r\n"
        "01-01 00:00:00.000 1 1 I lmkd: Kill 'a.b' (7), uid 1, oom_score_adj 0 to free 5kB rss, 1kB swap\r\n"
        "what is this\r\n"
        "01-01 00:00:00.001     2     2 E ActivityManager: ANR in a.b\r\n"
    )
    assert (len(log.entries), log.unread_lines) == (2, 1)
    assert ([kill.pid for kill in log.low_memory_kills], [anr.process for anr in log.anrs]) == ([7], ["a.b"])
    assert (log.java_crashes, log.native_crashes) == ((), ())


def test_an_empty_log_has_no_entries() -> None:
    """A cleared buffer prints its divider or nothing."""
    assert parse("").entries == parse("--------- beginning of main\n").entries == ()


def test_text_that_is_no_log_is_refused() -> None:
    """The error shows what a line looks like."""
    with pytest.raises(DumpError, match="line 1: expected a line such as `01-31"):
        parse("logcat: unrecognized option\n")


@settings(max_examples=100)
@given(st.text(max_size=100))
def test_any_text_is_read_or_refused(read_or_refused: Callable[[str, str], bool], noise: str) -> None:
    """Whatever a handset prints, nothing but DumpError comes out."""
    for text in (noise, f"E ActivityManager: ANR in {noise}", f"E AndroidRuntime: FATAL EXCEPTION{noise}"):
        assert read_or_refused("logcat", text)


@pytest.mark.parametrize(
    ("name", "entries", "unread"),
    [
        ("agi__v_long", 6, 0),
        ("catapult__native_crash_81", 16, 0),
        ("chkbugreport__nexusone_v_time", 131, 0),
        ("chromeos_tast__arc_lmkd_line", 1, 0),
        ("droidify1135__anr_with_psi_A14plus", 17, 0),
        ("flutter161070__samsung_lmkd_reclaim_not_kill", 8, 0),
        ("mlc1487__xiaomi14pro_native_crash", 13, 0),
        ("rknn249__rk3588_lmkd", 4, 0),
        ("vehicleassistant__litertlm_lmkd_A15_fields", 5, 0),
        ("wa__brief_old_buffers", 12, 0),
        ("xcrash__pixel_java", 37, 1),
        ("zxing32__redmi_note4_mtk_anrmanager", 1, 0),
    ],
)
def test_real_logs(capture: Callable[[str], str], name: str, entries: int, unread: int) -> None:
    """Every entry of real logs in six formats; xCrash's own heading is the one line that is no log's."""
    log = parse(capture(f"logcat/{name}.txt"))
    assert (len(log.entries), log.unread_lines) == (entries, unread)
