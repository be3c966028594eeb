"""What the processes that run tests have collected, told to the controller: markers and files do not reach it.

Each worker writes `tests.json` into the run's folder when it has collected, before xdist tells the controller so.
All collect the same, so whichever wrote last is as good as the others.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from framework.contract.about import About, about
from framework.contract.needs import Needs
from framework.contract.run import HandsetIdentity
from framework.contract.scenario import FoldStep, Scenario, StartConditions
from framework.plugin.needs import marked_needs
from framework.plugin.variants import Variant, lacking, variant_of

TESTS = "tests.json"


@dataclass(frozen=True, slots=True)
class Test:
    """One test that was collected and is to run: neither `-k` nor any other has deselected it."""

    __test__ = False
    """No test of ours, whatever its name."""
    id: str
    """pytest's node id."""
    file: str
    """Relative to pytest's root folder where it lies below."""
    needs: Needs
    measured: bool = False
    """Whether a warm handset would spoil it: a scenario with a budget, start conditions or limits of a turn's metrics
    (latency, rate, energy). What is only right or wrong is not, and neither is a test in Python: it waits by itself.
    """
    model: str | None = None
    """The one model that it is for; None where any will do."""
    handset: str | None = None
    """The one handset of that model, by its name; None where any of it will do."""
    skin_below_c: float | None = None
    """How cool the handset's skin must be before it begins, in °C; None where that is not asked for."""
    about: About | None = None
    """What a scenario is about; None for a test in Python."""

    @property
    def variant(self) -> Variant | None:
        return None if self.model is None else Variant(self.model, self.handset or "")


class Collecting:
    """In each process that runs tests; writes what is left after all that deselect."""

    def __init__(self, run_folder: Path) -> None:
        self._run_folder = run_folder

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        write_tests(self._run_folder, [described(item) for item in session.items])


def fits(test: Test, handset: HandsetIdentity) -> tuple[str, ...]:
    """What a handset lacks to run a test, in words; empty where it can."""
    return lacking(test.needs, test.variant, handset)


def described(item: pytest.Item) -> Test:
    """How a test that was collected is told; `item.scenario` is there for scenarios only."""
    scenario: Scenario | None = getattr(item, "scenario", None)
    variant = variant_of(item)
    return Test(
        item.nodeid,
        _file(item),
        marked_needs(item) if scenario is None else scenario.needs,
        scenario is not None and is_measured(scenario),
        variant.model if variant else None,
        (variant.handset or None) if variant else None,
        None if scenario is None else scenario.start.skin_below_c,
        about_item(item),
    )


def about_item(item: pytest.Item) -> About | None:
    """What a scenario is about; None for a test in Python."""
    scenario: Scenario | None = getattr(item, "scenario", None)
    return None if scenario is None else about(scenario, _file(item))


def _file(item: pytest.Item) -> str:
    """Relative to pytest's root folder where it lies below."""
    root = item.config.rootpath
    return str(item.path.relative_to(root) if item.path.is_relative_to(root) else item.path)


def is_measured(scenario: Scenario) -> bool:
    """See `Test.measured`."""
    limited = any(step.expect.limits for step in scenario.steps if not isinstance(step, FoldStep))
    return bool(scenario.budget) or scenario.start != StartConditions() or limited


def write_tests(run_folder: Path, tests: list[Test]) -> None:
    """Whole or not at all, whoever else writes it meanwhile."""
    part = run_folder / f".{TESTS}-{os.getpid()}"
    part.write_text(json.dumps([_plain(test) for test in tests], ensure_ascii=False), encoding="utf-8")
    part.replace(run_folder / TESTS)


def read_tests(run_folder: Path) -> tuple[Test, ...]:
    """The tests of a run in the order in which they were collected; none where nothing was collected yet."""
    try:
        listed: list[dict[str, Any]] = json.loads((run_folder / TESTS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    return tuple(map(_test, listed))


def _test(entry: dict[str, Any]) -> Test:
    told = entry.get("about")
    return Test(
        **entry
        | {"needs": Needs.model_validate(entry["needs"])}
        | {"about": told and About(told["labels"], tuple((kind, text) for kind, text in told["links"]))}
    )


def _plain(test: Test) -> dict[str, Any]:
    return {
        "id": test.id,
        "file": test.file,
        "needs": test.needs.model_dump(mode="json", exclude_defaults=True),
        "measured": test.measured,
        "skin_below_c": test.skin_below_c,
        "model": test.model,
        "handset": test.handset,
        "about": test.about and {"labels": dict(test.about.labels), "links": [list(link) for link in test.about.links]},
    }
