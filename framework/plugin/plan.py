"""What a run is made of: every file it needs, read and checked before anything is started."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from framework.contract.errors import Problem, UsageError
from framework.contract.handsets import Handset, Inventory
from framework.contract.scenario import Needs, Scenario
from framework.contract.yaml_file import load
from framework.deploy import Build, load_build
from framework.fleet.inventory import choose, read_inventory
from framework.plugin.options import Options

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """`handsets` are those to run on, in their order; `needs` are those of each scenario file."""

    build: Build
    inventory: Inventory
    handsets: tuple[Handset, ...]
    needs: Mapping[Path, Needs]


def make_plan(options: Options, workers: int) -> Plan:
    """All of it, or pytest.UsageError with all faults of all files, one line each."""
    problems: list[Problem] = []
    inventory = _tried(problems, lambda: read_inventory(options.devices))
    build = _tried(problems, lambda: load_build(options.build))
    needs = {file: _needs(problems, file) for file in options.scenario_files}
    handsets = None
    if inventory is not None:
        handsets = _tried(problems, lambda: choose(inventory, options.handsets, options.devices.name))
    if handsets is not None and workers > len(handsets):
        some = "is only 1 handset" if len(handsets) == 1 else f"are only {len(handsets)} handsets"
        text = f"-n {workers}: there {some}; each worker needs one of its own"
        problems.append(Problem(text))
    if problems or inventory is None or build is None or handsets is None:
        raise pytest.UsageError(*(str(problem) for problem in problems))
    return Plan(build, inventory, handsets, needs)


def _needs(problems: list[Problem], file: Path) -> Needs:
    scenario = _tried(problems, lambda: load(file, Scenario))
    return Needs() if scenario is None else scenario.needs


def _tried(problems: list[Problem], read: Callable[[], T]) -> T | None:
    """What `read` gives; what it complains about is kept, so that all faults are told at once."""
    try:
        return read()
    except UsageError as error:
        problems.extend(problem for problem in error.problems if problem not in problems)
        return None
