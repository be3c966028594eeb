"""Verdicts of repetitions and units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from framework.contract.run import Repetition, Unit
from framework.contract.trace import Doubt, Trace
from framework.contract.turn import Estimate
from framework.contract.verdict import Check, Verdict
from framework.verdict.judge import judge_repetition, judge_unit
from framework.verdict.validity import Circumstances

RIGHT = Check("reply contains 'Hanoi'", Verdict.PASS, "Hanoi", "'in Hanoi'", 1)
WRONG = Check("reply contains 'Hanoi'", Verdict.FAIL, "Hanoi", "'no idea'", 1)
QUICK = Check("ttft_ms", Verdict.PASS, "at most 900 ms", "400 ms", 1, measured=True)
LATE = Check("ttft_ms", Verdict.FAIL, "at most 900 ms", "950 ms", 1, measured=True)
UNKNOWN = Check("ttft_ms", Verdict.UNMEASURED, "at most 900 ms", "no data", 1, measured=True)
LATE_TOLD = "turn 1: ttft_ms: expected at most 900 ms, found 950 ms"
WRONG_TOLD = "turn 1: reply contains 'Hanoi': expected Hanoi, found 'no idea'"
SLIPPED = {"emulator_slipped_ms": [(9, 0), (21, 10)]}
DOUBT = "emulator late: it gave up 10 ms in turn 1"
ASKED = Circumstances(frozenset({"ttft_ms", "rss_mb"}))


@pytest.mark.parametrize(
    ("checks", "failures", "slipped", "verdict", "reasons"),
    [
        ([RIGHT, QUICK], [], False, Verdict.PASS, ()),
        ([RIGHT, LATE], [], False, Verdict.FAIL, (LATE_TOLD,)),
        ([WRONG, LATE], [], False, Verdict.FAIL, (WRONG_TOLD, LATE_TOLD)),
        ([RIGHT, UNKNOWN], [], False, Verdict.UNMEASURED, ("turn 1: ttft_ms: expected at most 900 ms, found no data",)),
        ([RIGHT, LATE], [], True, Verdict.INVALID, (DOUBT,)),
        ([RIGHT, UNKNOWN], [], True, Verdict.INVALID, (DOUBT,)),
        ([WRONG, LATE], [], True, Verdict.FAIL, (WRONG_TOLD, DOUBT)),
        ([], ["compact 1.0: crashed"], True, Verdict.FAIL, ("compact 1.0: crashed", DOUBT)),
    ],
)
def test_an_invalid_measurement_silences_measured_checks_only(
    checks: list[Check],
    failures: list[str],
    slipped: bool,
    verdict: Verdict,
    reasons: tuple[str, ...],
    repetition: Callable[..., Repetition],
    trace: Callable[..., Trace],
) -> None:
    """Late on a late emulator is INVALID; a wrong answer or a crash is the build's whatever the emulator did."""
    played = repetition(checks=checks, trace=trace(SLIPPED if slipped else {}))
    judged = judge_repetition(played, ASKED, failures)
    assert (judged.verdict, judged.reasons) == (verdict, reasons)


BY_SCREEN = Estimate("ttft_ms", 950, 900, "screen")
BY_FRAMES = Estimate("ttft_ms", 950, 20, "frames")
BY_LOG = Estimate("ttft_ms", 950, 5, "log")
HELD_BACK = "emulator late: it was held back by 70 ms in turn 1: ttft_ms not known"


@pytest.mark.parametrize(
    ("check", "estimates", "verdict", "reasons"),
    [
        (UNKNOWN, (), Verdict.INVALID, (HELD_BACK,)),
        (LATE, (BY_SCREEN,), Verdict.INVALID, (HELD_BACK,)),
        (LATE, (BY_SCREEN, BY_FRAMES), Verdict.INVALID, (HELD_BACK,)),
        (LATE, (BY_FRAMES, BY_LOG), Verdict.FAIL, (LATE_TOLD,)),
        (QUICK, (BY_SCREEN,), Verdict.PASS, ()),
    ],
)
def test_a_limit_that_a_late_emulator_kept_from_being_seen_blames_no_build(
    check: Check,
    estimates: tuple[Estimate, ...],
    verdict: Verdict,
    reasons: tuple[str, ...],
    repetition: Callable[..., Repetition],
    trace: Callable[..., Trace],
) -> None:
    """What was only looked at from the host came too late; what the handset itself has timed stays."""
    played = repetition(checks=[check], trace=trace({"emulator_late_ms": [(9, 0), (21, 70)]}))
    played = replace(played, turns=tuple(replace(turn, estimates=estimates) for turn in played.turns))
    judged = judge_repetition(played, ASKED)
    assert (judged.verdict, judged.reasons) == (verdict, reasons)


CHARGED = {"charging": [(9, 1), (21, 1)]}


def test_a_doubt_about_what_nobody_asked_is_kept_and_does_not_weigh(
    repetition: Callable[..., Repetition], trace: Callable[..., Trace]
) -> None:
    """Charging spoils energy only: without a limit on energy the repetition passes, and its doubt is on record."""
    played = repetition(checks=[RIGHT, QUICK], trace=trace(CHARGED))
    judged = judge_repetition(played, ASKED)
    assert (judged.verdict, judged.reasons, [doubt.rule for doubt in judged.doubts]) == (Verdict.PASS, (), ["charging"])


@pytest.mark.parametrize(("check", "verdict"), [(QUICK, Verdict.INVALID), (LATE, Verdict.FAIL)])
def test_a_limit_that_nothing_speaks_against_counts(
    check: Check, verdict: Verdict, repetition: Callable[..., Repetition], trace: Callable[..., Trace]
) -> None:
    """Energy while charging is INVALID; late is late whether or not the energy can be trusted."""
    costly = Check("mj_per_token", Verdict.FAIL, "at most 100 mJ", "250 mJ", 1, measured=True)
    asked = Circumstances(frozenset({"ttft_ms", "mj_per_token"}))
    judged = judge_repetition(repetition(checks=[costly, check], trace=trace(CHARGED)), asked)
    assert judged.verdict is verdict
    assert not any("mj_per_token" in reason for reason in judged.reasons)


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("crash", Verdict.FAIL),
        ("anr", Verdict.FAIL),
        ("low_memory_kill", Verdict.INVALID),
        ("process", Verdict.INVALID),
    ],
)
def test_a_crash_is_the_builds_failure(
    kind: str, verdict: Verdict, repetition: Callable[..., Repetition], trace: Callable[..., Trace]
) -> None:
    """It is not measured again until it hides; a process that went for another reason is."""
    recorded = trace({"pid": [(11, 1), (15, 2)]}, instants=[(kind, "org.example: NullPointerException", 13)])
    judged = judge_repetition(repetition(checks=[RIGHT], trace=recorded), ASKED)
    assert judged.verdict is verdict
    assert ("org.example: NullPointerException" in judged.reasons) is (verdict is Verdict.FAIL)


def test_one_reason_for_each_rule(repetition: Callable[..., Repetition], trace: Callable[..., Trace]) -> None:
    """A rule that objects to every turn is told once, with the number of its other objections."""
    slipping = {"emulator_slipped_ms": [(float(at), 10.0 * at) for at in range(30)]}
    recorded = trace(slipping, turns=[(2, 4), (6, 8), (10, 12)])
    judged = judge_repetition(repetition(trace=recorded), ASKED)
    assert judged.reasons == ("emulator late: it gave up 40 ms in turn 1 (and 2 more)",)
    assert len(judged.doubts) == 3


def test_only_the_last_attempt_counts(unit: Unit, repetition: Callable[..., Repetition]) -> None:
    """An INVALID attempt that was repeated well is kept as a record and does not weigh."""
    attempts = [repetition(1, attempt=1, verdict=Verdict.INVALID, reasons=[DOUBT]), repetition(1, attempt=2)]
    result = judge_unit(unit, {}, attempts)
    assert (result.verdict, result.reasons, len(result.repetitions)) == (Verdict.PASS, (), 2)


@pytest.mark.parametrize(
    ("verdicts", "verdict"),
    [
        ([Verdict.PASS, Verdict.PASS], Verdict.PASS),
        ([Verdict.PASS, Verdict.LAB], Verdict.LAB),
        ([Verdict.INVALID, Verdict.LAB], Verdict.INVALID),
        ([Verdict.FAIL, Verdict.INVALID], Verdict.FAIL),
        ([Verdict.UNMEASURED, Verdict.PASS], Verdict.UNMEASURED),
    ],
)
def test_the_gravest_repetition_decides(
    verdicts: list[Verdict], verdict: Verdict, unit: Unit, repetition: Callable[..., Repetition]
) -> None:
    """Nothing is hidden by a good neighbour."""
    runs = [repetition(number, verdict=entry) for number, entry in enumerate(verdicts, 1)]
    assert judge_unit(unit, {}, runs).verdict is verdict


def test_the_budget_looks_at_trusted_repetitions(unit: Unit, repetition: Callable[..., Repetition]) -> None:
    """Neither an INVALID repetition's values count, nor doubted ones of a wrong answer, and the check says so."""
    late = Doubt("emulator_late", DOUBT, 0, 1, frozenset({"ttft_ms"}))
    runs = [
        repetition(1, [{"ttft_ms": 5000.0}], verdict=Verdict.INVALID, reasons=[DOUBT]),
        repetition(2, [{"ttft_ms": 6000.0}], verdict=Verdict.FAIL, doubts=[late], reasons=["wrong"]),
        repetition(3, [{"ttft_ms": 400.0}]),
    ]
    result = judge_unit(unit, {"ttft_ms": {"max": 900}}, runs)
    assert [(check.verdict, check.found) for check in result.checks] == [
        (Verdict.PASS, "400 ms, without repetition 2, which cannot be trusted")
    ]
    assert (result.verdict, result.reasons) == (Verdict.FAIL, (f"repetition 1: {DOUBT}", "repetition 2: wrong"))


def test_a_missed_budget_fails_the_unit(unit: Unit, repetition: Callable[..., Repetition]) -> None:
    """With its words among the reasons."""
    result = judge_unit(unit, {"ttft_ms": {"max": 900}}, [repetition(1, [{"ttft_ms": 950.0}])])
    assert (result.verdict, result.reasons) == (
        Verdict.FAIL,
        ("budget ttft_ms max: expected at most 900 ms, found 950 ms",),
    )


def test_a_lab_fault_is_not_called_unmeasured(unit: Unit, repetition: Callable[..., Repetition]) -> None:
    """Where no repetition counts, the budget is not judged at all."""
    lab = repetition(1, [], verdict=Verdict.LAB, reasons=["fold: cable"])
    result = judge_unit(unit, {"ttft_ms": {"max": 900}}, [lab])
    assert (result.verdict, result.reasons, result.checks) == (Verdict.LAB, ("fold: cable",), ())


def test_nothing_run_is_said_so(unit: Unit) -> None:
    """A unit ends in a verdict even without a repetition."""
    assert judge_unit(unit, {}, []).verdict is Verdict.NOT_RUN
