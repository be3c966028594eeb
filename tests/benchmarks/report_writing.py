"""A plugin of pytest for benchmark report: many tests that write the same into Allure results, by one of three ways.

    pytest -p report_writing FOLDER/bodies.pickle --told-by bare --told 10000 --alluredir RESULTS

`nothing`: the tests alone. `bare`: allure's own functions (steps, parameters, labels, attachments), as a test in
Python would call them, with ready content. `observer`: the farm's observer of Allure, told of the same units.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import allure
import allure_commons
import pytest
from allure_commons._allure import StepContext
from allure_commons.model2 import Attachment, TestResult, TestStepResult
from support.told_runs import Story

from framework.contract.run import Repetition, RepetitionFinished, RunEvent, TurnFinished, Unit, UnitFinished
from framework.contract.turn import Evidence
from framework.report.allure import AllureReport
from framework.report.documents import Documents

MACHINE = "bench"


@dataclass(frozen=True, slots=True)
class Tree:
    """What stands in a result, or in one of its steps; attachments are (name, type, extension, content)."""

    name: str
    parameters: tuple[tuple[str, str], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    attachments: tuple[tuple[str, str, str, bytes], ...] = ()
    steps: tuple[Tree, ...] = ()

    def walk(self) -> Iterator[Tree]:
        yield self
        for step in self.steps:
            yield from step.walk()


@dataclass(frozen=True, slots=True)
class Body:
    """A unit, its documents, and the result that is written of it."""

    story: Story
    documents: tuple[Evidence, ...]
    tree: Tree


class Ready(Documents):
    """Documents that were made before: what they cost is measured apart."""

    def __init__(self, documents: tuple[Evidence, ...] = ()) -> None:
        super().__init__()
        self.documents = documents

    def of(self, unit: Unit, repetition: Repetition) -> tuple[Evidence, ...]:
        return self.documents


class _Written:
    """Takes the place of allure's file logger."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}

    @allure_commons.hookimpl
    def report_attached_data(self, body: bytes, file_name: str) -> None:
        self.content[file_name] = body


def body_of(story: Story) -> Body:
    """What the farm's observer makes of a unit, taken apart into what allure's own functions are called with."""
    (repetition,) = story.repetitions
    documents = Documents().make(story.unit, repetition)
    written, report = _Written(), AllureReport(MACHINE, Ready(documents))
    allure_commons.plugin_manager.register(written)
    try:
        for event in story.events():
            report.notify(event)
        result = TestResult(uuid="0", name=story.unit.scenario, fullName=story.unit.id)
        report.report_result(result)
    finally:
        allure_commons.plugin_manager.unregister(written)
    return Body(story, documents, _tree(result, written.content))


def _tree(item: TestResult | TestStepResult, content: dict[str, bytes]) -> Tree:
    attachments: list[Attachment] = item.attachments or []
    return Tree(
        name=str(item.name),
        parameters=tuple((each.name, str(each.value)) for each in item.parameters or ()),
        labels=tuple((each.name, str(each.value)) for each in getattr(item, "labels", None) or ()),
        attachments=tuple(
            (each.name, each.type, each.source.rpartition(".")[2], content[each.source]) for each in attachments
        ),
        steps=tuple(_tree(step, content) for step in item.steps or ()),
    )


# -- as a plugin -----------------------------------------------------------------------------------------------------


class BodiesFile(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        bodies: list[Body] = pickle.loads(self.path.read_bytes())
        tell = WAYS[self.config.option.told_by](bodies)
        for number in range(self.config.option.told):
            yield ToldItem.from_parent(self, name=f"told[{number}]", number=number, tell=tell)


class ToldItem(pytest.Item):
    def __init__(self, *, number: int, tell: Callable[[str, int], None], **rest: Any) -> None:
        super().__init__(**rest)
        self._number, self._tell = number, tell

    def runtest(self) -> None:
        self._tell(self.nodeid, self._number)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


def _nothing(bodies: list[Body]) -> Callable[[str, int], None]:
    return lambda test, number: None


def _bare(bodies: list[Body]) -> Callable[[str, int], None]:
    def tell(test: str, number: int) -> None:
        tree = bodies[number % len(bodies)].tree
        for name, value in tree.labels:
            allure.dynamic.label(name, value)
        for name, value in tree.parameters:
            allure.dynamic.parameter(name, value)
        _replay(tree)

    return tell


def _replay(tree: Tree) -> None:
    for name, kind, extension, content in tree.attachments:
        allure.attach(content, name, kind, extension)
    for step in tree.steps:
        with StepContext(step.name, dict(step.parameters)):
            _replay(step)


def _observer(bodies: list[Body]) -> Callable[[str, int], None]:
    ready = Ready()
    report = AllureReport(MACHINE, ready).__enter__()

    def tell(test: str, number: int) -> None:
        body = bodies[number % len(bodies)]
        ready.documents = body.documents
        report.test_begins(test)
        unit = replace(body.story.unit, id=test)
        for event in body.story.events():
            report.notify(of_unit(event, unit))

    return tell


def of_unit(event: RunEvent, unit: Unit) -> RunEvent:
    """The same event of another unit."""
    match event:
        case UnitFinished(result):
            return UnitFinished(replace(result, unit=unit))
        case TurnFinished() | RepetitionFinished():
            return replace(event, unit=unit)
        case _:
            return replace(event, unit=unit)  # type: ignore[call-arg, return-value]


WAYS: dict[str, Callable[[list[Body]], Callable[[str, int], None]]] = {
    "nothing": _nothing,
    "bare": _bare,
    "observer": _observer,
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--told-by", choices=list(WAYS), required=True)
    parser.addoption("--told", type=int, required=True)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    return BodiesFile.from_parent(parent, path=file_path) if file_path.suffix == ".pickle" else None
