"""What a run is made of: every file it needs, read and checked before anything is started."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from framework.contract.build import BuildSpec
from framework.contract.errors import HandsetError, Problem, UsageError
from framework.contract.handsets import Handset, Inventory
from framework.contract.needs import Needs
from framework.contract.scenario import FoldStep, SayStep, Scenario, TextStep
from framework.contract.yaml_file import load, read, shown
from framework.deploy import Build, load_build
from framework.plugin.options import Options

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """`handsets` are those to run on, in their order; `needs` are those of each scenario file."""

    build: Build
    inventory: Inventory
    handsets: tuple[Handset, ...]
    needs: Mapping[Path, Needs]


def make_plan(options: Options, workers: int, find: Callable[[], tuple[Inventory, tuple[Handset, ...]]]) -> Plan:
    """All of it, or pytest.UsageError with all faults of all files, one line each.

    `find` reads the inventory and chooses of it the handsets of the run.
    """
    problems: list[Problem] = []
    found = _tried(problems, find)
    build = _tried(problems, lambda: load_build(options.build))
    scenarios = {file: _tried(problems, partial(load, file, Scenario)) for file in options.scenario_files}
    handsets = found[1] if found is not None else ()
    if found is not None and workers > len(handsets):
        some = "is only 1 handset" if len(handsets) == 1 else f"are only {len(handsets)} handsets"
        text = f"-n {workers}: there {some}; each worker needs one of its own"
        problems.append(Problem(text))
    known = {file: scenario for file, scenario in scenarios.items() if scenario is not None}
    if build is not None:
        problems += [problem for file, scenario in known.items() for problem in _unheard(file, scenario, build.spec)]
    if problems or found is None or build is None:
        raise pytest.UsageError(*map(str, problems))
    return Plan(build, *found, {file: scenario.needs for file, scenario in known.items()})


def fetch(build: Build) -> None:
    """Make, find or download the build's files, once and before any worker needs them.

    pytest.UsageError where they are not what build.yaml says. Where the network fails, the tests will tell.
    """
    from framework.deploy.fetch import obtain

    try:
        obtain(build)
    except UsageError as error:
        raise pytest.UsageError(*map(str, error.problems)) from None
    except HandsetError:
        return


def _unheard(file: Path, scenario: Scenario, build: BuildSpec) -> Iterator[Problem]:
    """The steps that talk to the build in a way that it does not offer."""
    for number, step in enumerate(scenario.steps):
        way = _lacking(step, build)
        if way is not None:
            line = read(file).line(("steps", number))
            yield Problem(f"{build.label} has no {way} in its build.yaml", shown(file), line, f"steps[{number}]")


def _lacking(step: TextStep | SayStep | FoldStep, build: BuildSpec) -> str | None:
    """The key of build.yaml that a step would need."""
    if isinstance(step, SayStep) and build.voice is None:
        return "voice"
    if isinstance(step, TextStep) and step.via is not None and getattr(build.text, step.via) is None:
        return f"text.{step.via}"
    return None


def _tried(problems: list[Problem], read: Callable[[], T]) -> T | None:
    """What `read` gives; what it complains about is kept, so that all faults are told at once."""
    try:
        return read()
    except UsageError as error:
        problems.extend(problem for problem in error.problems if problem not in problems)
        return None
