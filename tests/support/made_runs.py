"""Runs of any size that were never run: so many scenarios on so many models, with the faults that are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from framework.contract.account import (
    Figure,
    RepetitionAccount,
    RunAccount,
    RunHead,
    Sampled,
    TestAccount,
    TurnAccount,
    UnitAccount,
)
from framework.contract.run import BuildIdentity, HandsetIdentity
from framework.contract.verdict import Verdict

MODELS = ("Mi 10", "Mi 11", "Xiaomi 13")
OLD = BuildIdentity("compact", "1.0", "app.compact", "Compact 1.3B", {"a.apk": "00" * 32}, scaled=True)
NEW = BuildIdentity("compact", "1.1", "app.compact", "Compact 1.3B", {"a.apk": "01" * 32}, scaled=True)


@dataclass(frozen=True)
class Recipe:
    build: BuildIdentity = NEW
    scenarios: int = 6
    models: tuple[str, ...] = MODELS
    turns: int = 3
    slow: Callable[[str, int], float] = lambda model, scenario: 1.0
    """Factor of latency, by model and number of the scenario."""
    leak_mb: Callable[[str], float] = lambda model: 0.0
    """By turn."""
    verdict: Callable[[str, int], Verdict] = lambda model, scenario: Verdict.PASS
    title: Callable[[int], str] = lambda scenario: f"Scenario {scenario}"
    reason: str = "turn 1: expected at most 1500 ms, found 2010 ms"
    began_at: float = 1_790_000_000.0


def handset(model: str) -> HandsetIdentity:
    name = model.lower().replace(" ", "-")
    serial = f"SERIAL{sum(map(ord, model))}"
    return HandsetIdentity(name, serial, "Xiaomi", model, "SM8250", "13", 33, 8.0, False, True, f"xiaomi/{name}")


def made(recipe: Recipe = Recipe()) -> RunAccount:
    """A finished run of `--each model`."""
    tests: list[TestAccount] = []
    for model in recipe.models:
        turn = 0
        for scenario in range(recipe.scenarios):
            tests.append(_test(recipe, model, scenario, turn))
            turn += recipe.turns
    return run_of(tests, recipe)


def run_of(tests: Iterable[TestAccount], recipe: Recipe = Recipe()) -> RunAccount:
    name = f"2026-09-21T16-13-20-{recipe.build.version.replace('.', '')}"
    arguments = ("suites", "--each", "model")
    head = RunHead(name, name, recipe.began_at, recipe.began_at + 95, recipe.build, "0.1", arguments)
    return RunAccount(head, {one.name: one for one in map(handset, recipe.models)}, tuple(tests))


def _test(recipe: Recipe, model: str, scenario: int, turn: int) -> TestAccount:
    verdict, title = recipe.verdict(model, scenario), recipe.title(scenario)
    file = f"suites/made/part_{scenario % 7}/scenario_{scenario}.yaml"
    reasons = () if verdict is Verdict.PASS else (recipe.reason,)
    id = f"{file}::{title}[{model}]"
    if verdict is Verdict.NOT_RUN:
        return TestAccount(id, title, file, verdict, reasons, attempts=0)
    repetition = _repetition(recipe, model, scenario, turn, verdict)
    unit = UnitAccount(handset(model).name, model, verdict, reasons, 3.0, 1000.0 + scenario, (repetition,))
    return TestAccount(id, title, file, verdict, reasons, unit.handset, model, 3.0, units=(unit,))


def _repetition(recipe: Recipe, model: str, scenario: int, turn: int, verdict: Verdict) -> RepetitionAccount:
    speed = (1.0 + 0.2 * recipe.models.index(model)) * recipe.slow(model, scenario)
    turns = tuple(_turn(number, scenario, speed, verdict) for number in range(1, recipe.turns + 1))
    start = 1500.0 + recipe.leak_mb(model) * turn
    curve = tuple((2.0 * step, start + recipe.leak_mb(model) * step) for step in range(recipe.turns + 1))
    low, high = curve[0][1], curve[-1][1]
    sampled = (Sampled("rss_mb", len(curve), (low, low, low, low, high, high, high), curve),)
    folder = f"units/suites-made-scenario_{scenario}/{handset(model).name}/1-1"
    reasons = () if verdict is Verdict.PASS else (recipe.reason,)
    return RepetitionAccount(1, 1, verdict, reasons, folder, turns, sampled)


def _turn(number: int, scenario: int, speed: float, verdict: Verdict) -> TurnAccount:
    wobble = 1 + ((scenario * 7 + number * 3) % 11 - 5) / 100
    figures = (
        Figure("ttft_ms", 120 * speed * wobble, 0.01, "events"),
        Figure("decode_tps", 20 / (speed * wobble), 0.01, "events"),
    )
    return TurnAccount(number, "Rain?", "Yes, 后天.", verdict, 2.0 * (number - 1), figures)


def again(test: TestAccount, lost: Verdict, reason: str) -> TestAccount:
    """The same, at the second attempt: the first was lost."""
    (unit,) = test.units
    before = tuple(
        replace(one, verdict=lost, reasons=(reason,), folder=f"{one.folder[:-1]}0") for one in unit.repetitions
    )
    first = replace(unit, verdict=lost, reasons=(reason,), repetitions=before, ended_at=unit.ended_at - 1)
    return replace(test, units=(first, unit), attempts=2)
