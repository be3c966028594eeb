"""What people see while a suite runs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.run import (
    BuildIdentity,
    HandsetIdentity,
    Repetition,
    RepetitionFinished,
    RunEvent,
    TurnFinished,
    Unit,
    UnitFinished,
    UnitResult,
    UnitStarted,
    Waiting,
)
from framework.contract.turn import TurnRecord
from framework.contract.verdict import Verdict
from framework.report.terminal import Terminal, clean, fitted, width, wrapped


def lines(events: tuple[RunEvent, ...], *, columns: int = 110, colours: bool = False) -> list[str]:
    written: list[str] = []
    terminal = Terminal(written.append, columns, colours)
    for event in events:
        terminal.notify(event)
    return written


def test_each_turn_shows_question_answer_and_figures(events: tuple[RunEvent, ...]) -> None:
    """What was asked and answered, ttft_ms, decode_tps, memory and skin temperature, in columns; then the verdict."""
    assert lines(events) == [
        "天气 · fold (emulated) · compact 1.0",
        "  1 voice   后天呢？",
        "  heard     后天呢",
        "  →         河内晴。",
        "            ttft_ms 412.3     decode_tps 14.2      memory 1310 MB   skin 31.42 °C",
        "  2 ui      <script>alert('x')</script>\ufffd[31m & \"more\"",
        "  →         <b>bold</b>",
        "            ttft_ms 412.3     decode_tps –         memory 1310 MB   skin 31.42 °C",
        "  FAIL  turn 2: ttft_ms: expected at most 300 ms, found 412.3 ms",
    ]


def test_a_wait_is_shown_with_its_end(unit: Unit) -> None:
    """What is waited for, how far it is, and when it will be over, as far as that can be told."""
    waits = (
        Waiting(unit, 1, 1, "skin below 36 °C", 39.24, 36, 84.4),
        Waiting(unit, 1, 1, "battery above 50 %", 49, 50, 400.0),
        Waiting(unit, 1, 1, "CPU load below 20 %", 61.7, 20, None),
    )
    assert lines(waits) == [
        "  waiting   skin below 36 °C: now 39.24, ready in about 84 s",
        "  waiting   battery above 50 %: now 49, ready in about 7 min",
        "  waiting   CPU load below 20 %: now 61.7, cannot tell when",
    ]


def test_a_passed_unit_says_how_long_it_took(unit: Unit) -> None:
    """One line with the verdict and the seconds."""
    assert lines((UnitFinished(UnitResult(unit, Verdict.PASS, (), (), seconds=2.54)),)) == ["  PASS  2.5 s"]


def test_colours_only_where_they_are_wanted(events: tuple[RunEvent, ...]) -> None:
    """Without colours no line holds an escape sequence; with them the text is the same."""
    plain, coloured = lines(events), lines(events, colours=True)
    codes = ("\x1b[2m", "\x1b[0m", "\x1b[31m", "\x1b[32m", "\x1b[33m")
    stripped = coloured
    for code in codes:
        stripped = [line.replace(code, "") for line in stripped]
    assert (stripped, coloured != plain) == (plain, True)
    assert [line for line in plain if "\x1b" in line] == []


@settings(max_examples=100, deadline=None)
@given(asked=st.text(max_size=120), reply=st.text(max_size=120), columns=st.integers(40, 120))
def test_no_text_breaks_the_layout(asked: str, reply: str, columns: int) -> None:
    """Whatever an assistant says: as many lines as ever, none wider than the terminal, nothing unprintable."""
    turn = TurnRecord(12, asked, "zh", "intent", None, reply, 0, 1)
    written = lines((TurnFinished(_unit(), 1, turn, {}),), columns=columns)
    assert len(written) == (3 if columns >= 83 else 4)
    assert all(width(line) <= max(columns, 48) and line.isprintable() for line in written)
    assert written[0].startswith("  12 intent ")


def _unit() -> Unit:
    handset = HandsetIdentity("fold", "F1", "Xiaomi", "MIX", "SM", "14", 34, 16, True, True, "fp")
    return Unit("a::b", "b", "a", handset, BuildIdentity("compact", "1.0", "p", "m"))


@pytest.mark.parametrize(
    ("text", "columns", "cut"),
    [
        ("hello", 5, "hello"),
        ("hello!", 5, "hell…"),
        ("天气怎么样", 10, "天气怎么样"),
        ("天气怎么样", 9, "天气怎么…"),
        ("天气怎么样", 8, "天气怎…"),
        ("e\u0301e\u0301", 2, "e\u0301e\u0301"),
    ],
)
def test_text_is_cut_by_columns_not_by_letters(text: str, columns: int, cut: str) -> None:
    """A Chinese letter takes two columns and is never halved; a combining mark takes none."""
    assert fitted(text, columns) == cut


@given(text=st.text(max_size=200), columns=st.integers(2, 60))
def test_wrapped_text_is_whole(text: str, columns: int) -> None:
    """No line is wider than asked, and nothing but spaces is lost."""
    cleaned = clean(text)
    parts = wrapped(cleaned, columns)
    assert all(width(part) <= columns for part in parts)
    assert "".join(parts).replace(" ", "") == cleaned.replace(" ", "")


def test_long_reasons_are_told_whole(unit: Unit) -> None:
    """A reason that does not fit goes on in the next line, below its beginning."""
    reasons = ("no adbd answers at 10.0.0.7:5555 (is it on?)", "again")
    assert lines((UnitFinished(UnitResult(unit, Verdict.LAB, reasons, ())),), columns=40) == [
        "  LAB  no adbd answers at 10.0.0.7:5555",
        "       (is it on?)",
        "       again",
    ]


def test_repetitions_are_told_apart(unit: Unit) -> None:
    """The first turn of each repetition after the first stands under its number."""
    turns = [TurnRecord(number, "a", "en", "ui", None, "b", 0, 1) for number in (1, 2)]
    events = tuple(TurnFinished(unit, repetition, turn, {}) for repetition in (1, 2) for turn in turns)
    heads = [line for line in lines(events) if "repetition" in line or " a" in line]
    assert heads == ["  1 ui      a", "  2 ui      a", "  repetition 2", "  1 ui      a", "  2 ui      a"]


def test_text_is_one_clean_line() -> None:
    """Line ends become spaces, control characters and text that reverses direction become marks."""
    assert clean("a\nb\r\n c\t\x1b[2J\u202ed") == "a b c \ufffd[2J\ufffdd"


def test_an_attempt_that_is_repeated_is_told(unit: Unit) -> None:
    """INVALID attempts are seen while the run goes on, with all their reasons."""
    invalid = Repetition(2, 1, (), None, Verdict.INVALID, ("emulator late", "process changed"))
    assert lines((RepetitionFinished(unit, invalid),)) == [
        "  INVALID  repetition 2, attempt 1",
        "           emulator late",
        "           process changed",
    ]


def test_what_is_wrong_with_a_handset_is_told_under_its_unit(unit: Unit) -> None:
    """A setting that it refused: one line each, as the session tells them once."""
    note = "brightness stays as it was found: java.lang.SecurityException: Permission denial"
    assert lines((UnitStarted(unit, (), (note,)),))[1:] == [f"  note      {note}"]


def test_what_was_mended_is_told(unit: Unit) -> None:
    """Also of a repetition that passed; one of LAB that is run again is told like an INVALID one."""
    mended = ("reconnect: done after 1.2 s: the connection to 127.0.0.1:5555 is gone",)
    passed = Repetition(1, 1, (), None, Verdict.PASS, mended=mended)
    lost = Repetition(1, 2, (), None, Verdict.LAB, ("fold: no adbd answers",))
    assert lines((RepetitionFinished(unit, passed), RepetitionFinished(unit, lost))) == [
        f"  mended    {mended[0]}",
        "  LAB  repetition 1, attempt 2",
        "       fold: no adbd answers",
    ]
