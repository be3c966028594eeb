"""How far metrics have moved: what is pointed out, and what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.made_runs import OLD, Recipe, made

from framework.contract.account import Figure, RunAccount, Sampled, figures_of
from framework.report.release.moves import FEW, Move, by_metric, moves


def moved(run: RunAccount, before: RunAccount | None) -> dict[tuple[str, str], Move]:
    found = moves(run, figures_of(run), figures_of(before) if before else None)
    return {(move.metric.name, move.model): move for move in found}


def changed(run: RunAccount, **changes: object) -> RunAccount:
    """With all figures of turns changed."""

    def figure(one: Figure) -> Figure:
        return replace(one, **changes)  # type: ignore[arg-type]

    tests = []
    for test in run.tests:
        (unit,) = test.units
        (repetition,) = unit.repetitions
        turns = tuple(replace(turn, figures=tuple(map(figure, turn.figures))) for turn in repetition.turns)
        tests.append(replace(test, units=(replace(unit, repetitions=(replace(repetition, turns=turns),)),)))
    return replace(run, tests=tuple(tests))


def test_what_is_slower_is_worse_in_the_direction_of_its_metric() -> None:
    """Latency up and rate down are both worse; models are told apart."""
    found = moved(made(Recipe(slow=lambda model, _: 1.2 if model == "Mi 11" else 1.0)), made(Recipe(build=OLD)))
    ttft, rate = found["ttft_ms", "Mi 11"], found["decode_tps", "Mi 11"]
    assert (ttft.kind, round(ttft.change, 3), ttft.worse, ttft.tests) == ("worse", 0.2, 6, 6)
    assert (rate.kind, round(rate.change, 3)) == ("worse", -0.167)
    assert {found[name, "Mi 10"].kind for name in ("ttft_ms", "decode_tps", "rss_mb")} == {"same"}
    swapped = moved(made(Recipe(build=OLD)), made(Recipe(slow=lambda model, _: 1.2)))
    assert {move.kind for move in swapped.values() if move.metric.per_turn} == {"better"}


@pytest.mark.parametrize(("factor", "kind"), [(1.04, "same"), (1.06, "worse"), (0.94, "better")])
def test_little_is_not_pointed_out(factor: float, kind: str) -> None:
    """Less than five percent of a latency is no notable change."""
    found = moved(made(Recipe(slow=lambda model, _: factor)), made(Recipe(build=OLD)))
    assert found["ttft_ms", "Mi 10"].kind == kind


def test_what_the_measurement_cannot_tell_is_not_pointed_out() -> None:
    """A difference within the error of both values."""
    run, before = made(Recipe(slow=lambda model, _: 1.2)), made(Recipe(build=OLD))
    assert moved(changed(run, bound=50.0), before)["ttft_ms", "Mi 10"].kind == "same"
    assert moved(changed(run, bound=5.0), before)["ttft_ms", "Mi 10"].kind == "worse"


def test_few_values_say_nothing() -> None:
    """On either side."""
    few, enough = Recipe(scenarios=1, turns=FEW - 1), Recipe(scenarios=1, turns=FEW, slow=lambda model, _: 2.0)
    kinds = [
        moved(made(now), made(replace(before, build=OLD, slow=few.slow)))["ttft_ms", "Mi 10"].kind
        for now, before in ((replace(few, slow=enough.slow), enough), (enough, few), (enough, enough))
    ]
    assert kinds == ["few", "few", "worse"]


def test_one_scenario_alone_is_named() -> None:
    """Where the model as a whole has not moved."""
    run = made(Recipe(slow=lambda model, scenario: 1.5 if scenario == 4 else 1.0))
    found = moved(run, made(Recipe(build=OLD)))["ttft_ms", "Mi 10"]
    assert found.kind == "same"
    assert found.local is not None
    assert ("Scenario 4" in found.local.test, round(found.local.change, 2)) == (True, 0.5)
    assert (found.local.now, found.local.before) == (3, 3)


@pytest.mark.parametrize(
    ("factor", "turns", "named"), [(1.3, 3, True), (1.3, 2, False), (1.6, 1, True), (1.1, 9, False)]
)
def test_the_fewer_values_the_larger_the_change_of_one_scenario(factor: float, turns: int, named: bool) -> None:
    """A fifth of three values, a half of any."""
    one = Recipe(turns=turns, slow=lambda model, scenario: factor if scenario == 4 else 1.0)
    found = moved(made(one), made(Recipe(build=OLD, turns=turns)))["ttft_ms", "Mi 10"]
    assert (found.kind, found.local is not None) == ("same", named)


def test_doubted_figures_are_used_nowhere() -> None:
    """Neither as values nor as their error."""
    run = changed(made(Recipe(slow=lambda model, _: 9.0)), doubted=("late_emulator",))
    assert {name for name, _ in moved(run, made(Recipe(build=OLD)))} == {"rss_mb"}


def test_only_tests_that_both_have_are_compared() -> None:
    """What is new moves nothing; where there is nothing in common, this run's values stand alone."""
    run = made(Recipe(scenarios=8, slow=lambda model, scenario: 9.0 if scenario >= 6 else 1.0))
    found = moved(run, made(Recipe(build=OLD)))["ttft_ms", "Mi 10"]
    assert (found.kind, found.tests, len(found.now)) == ("same", 6, 18)
    others = made(Recipe(build=OLD, title=lambda scenario: f"Other {scenario}"))
    alone = moved(run, others)["ttft_ms", "Mi 10"]
    assert (alone.kind, alone.before, len(alone.now)) == ("alone", (), 24)


def hot(recipe: Recipe, celsius: float, units: int = 1) -> RunAccount:
    """All at this temperature; so many units of each model took turns at the tests."""
    tests = []
    for number, test in enumerate(made(recipe).tests):
        (unit,) = test.units
        (one,) = unit.repetitions
        skin = Sampled("skin_c", 2, (celsius,) * 7, ((0.0, celsius), (9.0, celsius)))
        handset = f"{unit.model}-{number % units}"
        played = replace(unit, handset=handset, repetitions=(replace(one, sampled=(skin,)),))
        tests.append(replace(test, units=(played,)))
    return replace(made(recipe), tests=tuple(tests))


def test_heat_is_compared_only_where_much_the_same_was_played() -> None:
    """What other tests have left would count as the build's."""
    kinds = [
        moved(hot(Recipe(scenarios=n), 34.0), hot(Recipe(build=OLD, scenarios=10), 30.0))["skin_c", "Mi 10"].kind
        for n in (7, 9, 10, 11, 13)
    ]
    assert kinds == ["carried", "worse", "worse", "worse", "carried"]


@pytest.mark.parametrize(("now", "before", "expected"), [(1, 1, "worse"), (1, 3, "carried"), (3, 1, "carried")])
def test_heat_is_not_compared_where_more_units_shared_the_work(now: int, before: int, expected: str) -> None:
    """Where one of them is lost, the others do its work and grow warmer, whatever the build."""
    recipe = Recipe(scenarios=9)
    found = moved(hot(recipe, 34.0, now), hot(replace(recipe, build=OLD), 30.0, before))
    assert found["skin_c", "Mi 10"].kind == expected


def test_what_moved_most_comes_first() -> None:
    """By how many times what is noticeable in its unit."""
    run = made(Recipe(slow=lambda model, _: 1.1, leak_mb=lambda model: 100.0))
    first, *_ = by_metric(moved(run, made(Recipe(build=OLD))).values())
    assert first[0].name == "rss_mb"
