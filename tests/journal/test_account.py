from __future__ import annotations

from pathlib import Path

import pytest

from framework.contract.account import Figure, figures_of
from framework.contract.errors import UsageError
from framework.contract.run import (
    BuildIdentity,
    Conclusion,
    HandsetIdentity,
    Repetition,
    RepetitionFinished,
    Unit,
    UnitFinished,
    UnitResult,
)
from framework.contract.trace import ClockFit, Doubt, Series, Trace
from framework.contract.turn import Estimate, TurnRecord
from framework.contract.verdict import Check, Verdict
from framework.journal.account import named, read_account
from framework.journal.run import Journal
from framework.journal.runs import JOURNAL, RunBegan, RunJournal

BUILD = BuildIdentity("compact", "1.0", "p", "Compact 1.3B", {"a.apk": "00"}, scaled=True)
BEGAN = RunBegan(("suites",), "/lab", "/", BUILD.label, BUILD.hashes, "/lab/devices.yaml", "0.1", 7, "abc")
TEST = "suites/text/weather.yaml::Weather[Xiaomi 13]"


def handset(name: str) -> HandsetIdentity:
    return HandsetIdentity(name, "S1", "Xiaomi", "Xiaomi 13", "SM8550", "13", 33, 8, False, True, "f")


def unit(name: str) -> Unit:
    return Unit(TEST, "Weather", "suites/text/weather.yaml", handset(name), BUILD)


def turn(ttft_ms: float, start_ns: int) -> TurnRecord:
    return TurnRecord(
        1, "Rain?", "en", "ui", None, "Yes.", start_ns, start_ns + 10, metrics={"ttft_ms": ttft_ms},
        checks=(Check("ttft_ms", Verdict.FAIL, "at most 1 ms", "2 ms"),),
        estimates=(Estimate("ttft_ms", ttft_ms, 5.0, "log"), Estimate("ttft_ms", ttft_ms, 0.5, "events")),
    )  # fmt: skip


def trace(*rss_mb: float) -> Trace:
    points = tuple((1_000_000_000 * number, value) for number, value in enumerate(rss_mb, 1))
    return Trace(ClockFit(0, 1), 1_000_000_000, 9_000_000_000, {"rss_mb": Series("rss_mb", "MB", points)})


def finished(name: str, verdict: Verdict, *repetitions: Repetition) -> list[RepetitionFinished | UnitFinished]:
    ended = UnitFinished(UnitResult(unit(name), verdict, ("why",), repetitions, seconds=3.0))
    return [*(RepetitionFinished(unit(name), one) for one in repetitions), ended]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run of two tests: one lost on a handset, then judged on its twin after an invalid repetition; one not run."""
    clean = Repetition(1, 2, (turn(2.0, 4_000_000_000),), trace(100, 300, 200), Verdict.FAIL)
    doubt = Doubt("emulator_late", "late", 0, 9_000_000_000, frozenset({"ttft_ms"}))
    invalid = Repetition(1, 1, (turn(9.0, 4_000_000_000),), trace(900), Verdict.INVALID, doubts=(doubt,))
    controller = RunJournal(tmp_path)
    controller.began(BEGAN)
    controller.scheduled([TEST, "suites/test_it.py::test_it[Xiaomi 13]"])
    with Journal(tmp_path / JOURNAL) as journal:
        for event in (*finished("a", Verdict.LAB), *finished("b", Verdict.FAIL, invalid, clean)):
            journal.notify(event)
    controller.concluded(Conclusion(TEST, Verdict.FAIL, ("late",), "b", "Xiaomi 13", 3.5, 2))
    controller.close()
    return tmp_path


def test_the_account_of_a_run(folder: Path) -> None:
    """Every attempt is there, the last one counts, and of a repeated repetition the last attempt."""
    account = read_account(folder)
    weather, python = account.tests
    assert (account.head.id, account.head.build, account.head.finished) == ("abc", BUILD, False)
    assert (weather.title, weather.verdict, weather.attempts) == ("Weather", Verdict.FAIL, 2)
    assert [(one.handset, one.verdict) for one in weather.units] == [("a", Verdict.LAB), ("b", Verdict.FAIL)]
    assert [(one.attempt, one.counts) for one in weather.units[-1].repetitions] == [(1, False), (2, True)]
    assert (python.title, python.file, python.verdict) == ("test_it", "suites/test_it.py", Verdict.NOT_RUN)
    assert sorted(account.handsets) == ["a", "b"]


def test_what_was_measured(folder: Path) -> None:
    """A figure has the bound of the most exact method; what is sampled its quantiles and its course."""
    _, judged = read_account(folder).tests[0].units
    invalid, clean = judged.repetitions
    assert clean.turns[0].figures == (Figure("ttft_ms", 2.0, 0.5, "events"),)
    assert (clean.turns[0].at_s, clean.turns[0].failed) == (3.0, ("ttft_ms: expected at most 1 ms, found 2 ms",))
    assert invalid.turns[0].figures[0].doubted == ("emulator_late",)
    assert (clean.sampled[0].quantiles[-1], clean.sampled[0].curve) == (
        300.0,
        ((0.0, 100.0), (1.0, 300.0), (2.0, 200.0)),
    )
    assert clean.folder == "units/suites-text-weather/b/1-2"


def test_figures_for_a_comparison(folder: Path) -> None:
    """Only what counts and nothing speaks against: the invalid repetition's figures are left out."""
    figures = figures_of(read_account(folder))
    assert figures.values == {(TEST, "Xiaomi 13", "ttft_ms"): (2.0,), (TEST, "Xiaomi 13", "rss_mb"): (300.0,)}
    assert figures.verdicts[TEST, "Xiaomi 13"] is Verdict.FAIL


def test_a_folder_that_is_no_run(tmp_path: Path) -> None:
    """It is told what was expected, and where."""
    with pytest.raises(UsageError, match=r"expected the folder of a run") as told:
        read_account(tmp_path)
    assert str(tmp_path) in str(told.value)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("suites/a.yaml::Sum [of] two[Xiaomi 13, rack-7]", ("Sum [of] two", "suites/a.yaml")),
        ("tests/test_a.py::TestIt::test_b", ("test_b", "tests/test_a.py")),
        ("alone", ("alone", "alone")),
    ],
)
def test_names(test: str, expected: tuple[str, str]) -> None:
    """What people call a test: without its file and its model."""
    assert named(test) == expected


def test_a_repetition_without_a_turn(tmp_path: Path) -> None:
    """The app died before the first one, and was recorded until then: what was sampled counts, and no course has it."""
    controller = RunJournal(tmp_path)
    controller.began(BEGAN)
    with Journal(tmp_path / JOURNAL) as journal:
        for event in finished("a", Verdict.FAIL, Repetition(1, 1, (), trace(100, 300), Verdict.FAIL)):
            journal.notify(event)
    controller.concluded(Conclusion(TEST, Verdict.FAIL, ("crashed",), "a", "Xiaomi 13"))
    controller.close()
    figures = figures_of(read_account(tmp_path))
    assert (figures.values, figures.courses) == ({(TEST, "Xiaomi 13", "rss_mb"): (300.0,)}, {})
