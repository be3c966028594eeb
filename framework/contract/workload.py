"""Tests to be planned, whether or not there are any: what `farm plan --tests` and `--durations` read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from framework.contract.needs import Needs
from framework.contract.record import Record, Text, fault, quoted
from framework.contract.yaml_file import read, shown, validate
from framework.contract.yaml_tree import KeyPath, Tree

MAX_BYTES, MAX_NODES = 64 << 20, 2_000_000
Seconds = Annotated[float, Field(ge=0)]


class WantedTest(Record):
    """One test to be planned."""

    id: Text = Field(description="What it is called; each test once")
    seconds: Seconds | None = Field(default=None, description="How long it takes; default: what is known of that id")
    needs: Needs = Field(default=Needs(), description="Which handsets can run it, as in a scenario")
    measured: bool = Field(default=False, description="Whether it must begin on a cool handset")
    model: Text | None = Field(default=None, description="The one model of handset that it is for")


class Workload(Record):
    """Tests to be planned."""

    model_config = ConfigDict(title="list of tests")
    tests: Annotated[tuple[WantedTest, ...], Field(min_length=1)] = Field(description="The tests")

    @model_validator(mode="after")
    def _each_test_once(self) -> Workload:
        seen: dict[str, int] = {}
        for index, test in enumerate(self.tests):
            if test.id in seen:
                raise fault(f"{quoted(test.id)} is taken by tests[{seen[test.id]}]", at=("tests", index, "id"))
            seen[test.id] = index
        return self


class Durations(Record):
    """How long tests take."""

    model_config = ConfigDict(title="mapping of durations")
    durations: dict[Text, Seconds] = Field(description="Test → host seconds")


def read_workload(path: Path) -> tuple[WantedTest, ...]:
    """The tests of a YAML or JSON file: a list, or a list under the key `tests`; UsageError with all its faults."""
    return _workload(read(path, MAX_BYTES, MAX_NODES), path)


def read_durations(path: Path) -> dict[str, float]:
    """Test → seconds of a YAML or JSON file: a mapping, also under the key `durations`, or a list of tests; UsageError.

    Tests of the list that say nothing are left out.
    """
    tree = read(path, MAX_BYTES, MAX_NODES)
    if isinstance(tree.data, list):
        return {test.id: test.seconds for test in _workload(tree, path) if test.seconds is not None}
    bare = dict if not isinstance(tree.data, dict) or set(tree.data) != {"durations"} else list
    return validate(_under(tree, "durations", bare), Durations, shown(path)).durations


def _workload(tree: Tree, path: Path) -> tuple[WantedTest, ...]:
    return validate(_under(tree, "tests", list), Workload, shown(path)).tests


def _under(tree: Tree, key: str, bare: type) -> Tree:
    """A document of the type `bare` as if it stood under a key."""
    if not isinstance(tree.data, bare):
        return tree

    def moved(path: KeyPath) -> KeyPath:
        return (key, *path)

    lines = {(): 1} | {moved(path): line for path, line in tree.lines.items()}
    aliases = {moved(path): moved(source) for path, source in tree.aliases.items()}
    return Tree({key: tree.data}, lines, aliases, tree.problems)
