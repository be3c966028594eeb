"""What a verdict is against the baseline's, and where a test stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.made_runs import OLD, Recipe, again, handset, made, run_of

from framework.contract.account import RunAccount, TestAccount, figures_of
from framework.contract.verdict import Verdict
from framework.report.release.outcomes import elsewhere, gone, outcomes
from framework.report.release.texts import Spots

ONE = Recipe(scenarios=1, models=("Mi 10",))


def since(now: Verdict | None, before: Verdict | None) -> list[str]:
    run = made(replace(ONE, verdict=lambda m, s: now)) if now else run_of(())
    old = made(replace(ONE, build=OLD, verdict=lambda m, s: before)) if before else run_of(())
    return [one.since for one in outcomes(run, figures_of(old))]


@pytest.mark.parametrize(
    ("now", "before", "kind"),
    [
        (Verdict.FAIL, Verdict.PASS, "broken"),
        (Verdict.UNMEASURED, Verdict.LAB, "broken"),
        (Verdict.FAIL, Verdict.NOT_RUN, "broken"),
        (Verdict.FAIL, Verdict.UNMEASURED, "still"),
        (Verdict.FAIL, None, "appeared"),
        (Verdict.PASS, Verdict.FAIL, "fixed"),
        (Verdict.PASS, Verdict.INVALID, ""),
        (Verdict.PASS, None, "added"),
        (Verdict.NOT_RUN, Verdict.PASS, "undecided"),
        (Verdict.LAB, Verdict.FAIL, "undecided"),
        (Verdict.INVALID, Verdict.LAB, ""),
        (Verdict.NOT_RUN, Verdict.NOT_RUN, ""),
    ],
)
def test_every_pair_of_verdicts_has_its_word(now: Verdict, before: Verdict | None, kind: str) -> None:
    """A failure is never left out; what nothing ran has no model, and is found by its id."""
    assert since(now, before) == [kind]


def test_without_a_baseline_failures_are_failures() -> None:
    """And nothing else is of note."""
    run = made(Recipe(scenarios=2, verdict=lambda m, s: (Verdict.FAIL, Verdict.PASS)[s]))
    assert [one.since for one in outcomes(run, None)] == ["failing", ""] * 3


def test_a_test_on_another_model_is_not_compared() -> None:
    """Where it runs anywhere, its id has no model: neither new nor gone, and a failure is told all the same."""

    def anywhere(model: str, verdict: Verdict) -> RunAccount:
        recipe = Recipe(scenarios=1, models=(model,), verdict=lambda m, s: verdict)
        return run_of([replace(test, id="a.yaml::a") for test in made(recipe).tests], recipe)

    old = figures_of(anywhere("Mi 10", Verdict.PASS))
    passed, failed = anywhere("Mi 11", Verdict.PASS), anywhere("Mi 11", Verdict.FAIL)
    assert [one.since for run in (passed, failed) for one in outcomes(run, old)] == ["", "appeared"]
    assert (gone(passed, old), elsewhere(passed, old), elsewhere(anywhere("Mi 10", Verdict.PASS), old)) == ((), 1, 0)


def test_what_is_gone_is_told() -> None:
    """With its verdict."""
    old = figures_of(made(replace(ONE, build=OLD)))
    assert gone(run_of(()), old) == (("suites/made/part_0/scenario_0.yaml::Scenario 0[Mi 10]", "Mi 10", Verdict.PASS),)


def test_lost_attempts_keep_their_evidence() -> None:
    """Those before the last, and repetitions that were made again; a unit that came to none is an attempt too."""
    (test,) = made(ONE).tests
    lost = again(test, Verdict.LAB, "cable")
    bare = replace(lost.units[0], repetitions=())
    (unit,) = test.units
    first = replace(unit.repetitions[0], verdict=Verdict.INVALID, counts=False, reasons=("late",))
    twice = replace(test, units=(bare, replace(unit, repetitions=(first, unit.repetitions[0]))))
    (one,) = outcomes(run_of([twice]), None)
    assert [(attempt.verdict, attempt.folder != "", attempt.reason) for attempt in one.earlier] == [
        (Verdict.LAB, False, "cable"),
        (Verdict.INVALID, True, "late"),
    ]
    assert [attempt.verdict for attempt in one.attempts] == [Verdict.PASS]


def test_repetitions_that_disagree_are_split() -> None:
    """The one that decided the verdict comes first: its trace is opened."""
    (test,) = made(replace(ONE, verdict=lambda m, s: Verdict.FAIL)).tests
    (unit,) = test.units
    good = replace(unit.repetitions[0], number=0, verdict=Verdict.PASS, reasons=(), folder="units/good")
    (one,) = outcomes(run_of([replace(test, units=(replace(unit, repetitions=(good, *unit.repetitions)),))]), None)
    assert one.split
    assert [attempt.verdict for attempt in one.attempts] == [Verdict.FAIL, Verdict.PASS]


@pytest.mark.parametrize(
    ("id", "title", "model", "row", "column"),
    [
        ("a.yaml::Rain[Mi 10]", "Rain", "Mi 10", "Rain", "Mi 10"),
        ("a.yaml::Rain[Mi 10]", "Rain", "", "Rain", "Mi 10"),
        ("a.yaml::Rain[Mi 10, mi-10]", "Rain", "Mi 10", "Rain", "Mi 10, mi-10"),
        ("a.yaml::Rain[Pixel 8]", "Rain", "", "Rain", "Pixel 8"),
        ("a.yaml::Rain [at night]", "Rain [at night]", "Mi 10", "Rain [at night]", "Mi 10"),
        ("a.py::test_a[7-Mi 10]", "test_a", "Mi 10", "test_a[7]", "Mi 10"),
        ("a.py::test_a[Mi 10-7]", "test_a", "Mi 10", "test_a[7]", "Mi 10"),
        ("a.py::test_a[7]", "test_a", "", "test_a[7]", ""),
        ("a.py::test_a", "test_a", "", "test_a", ""),
    ],
)
def test_where_a_test_stands(id: str, title: str, model: str, row: str, column: str) -> None:
    """Rows keep what a test was parametrized with, columns are what it was run once for each of."""
    test = TestAccount(id, title, id.partition("::")[0], Verdict.PASS, model=model)
    run = replace(run_of([test]), handsets={"mi-10": handset("Mi 10")})
    spot = Spots(run).of(test)
    assert (spot.title, spot.column) == (row, column)
