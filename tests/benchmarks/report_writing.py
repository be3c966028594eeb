"""A plugin of pytest for benchmark report: tests that write the same into Allure results, by one way or another.

    pytest -p report_writing FOLDER/bodies.pickle --told 10000 --alluredir RESULTS --told-figures FILE

Three kinds of tests take turns in one run, so that whatever else the machine does is the same for all. `bare` calls
allure's own functions (steps, parameters, labels, attachments) as a test in Python would, with ready content;
`observer` tells the farm's observer of Allure the same units; `empty` does nothing. Each is measured from its
beginning to when its result is written, in CPU time.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from collections.abc import Iterator
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
from framework.plugin.observers import Redacted
from framework.report.allure import AllureReport
from framework.report.attachments import Limits
from framework.report.documents import Documents

MACHINE = "bench"
KINDS = ("empty", "bare", "observer")
EVERYTHING = Limits(all=sys.maxsize)
"""As allure-pytest, which knows no limit: in 10 000 results all attachments are more than the farm's own."""
BLOCK = 20
"""Tests of a kind in a row: what changes between two kinds, such as who writes, costs the first of them."""


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
        ready = Ready()
        report = Told(AllureReport(MACHINE, ready, limits=EVERYTHING))
        allure_commons.plugin_manager.register(report)
        wanted = self.config.option.told
        blocks = (range(first, min(first + BLOCK, wanted)) for first in range(0, wanted, BLOCK))
        for kind, number in ((kind, number) for block in blocks for kind in KINDS for number in block):
            name, body = f"{kind}[{number}]", bodies[number % len(bodies)]
            yield ToldItem.from_parent(self, name=name, kind=kind, body=body, ready=ready, report=report)


class ToldItem(pytest.Item):
    def __init__(self, *, kind: str, body: Body, ready: Ready, report: Told, **rest: Any) -> None:
        super().__init__(**rest)
        self.kind, self.report = kind, report
        self._body, self._ready = body, ready

    def runtest(self) -> None:
        if self.kind == "bare":
            _by_hand(self._body.tree)
        elif self.kind == "observer":
            self._ready.documents = self._body.documents
            self.report.now = True
            _by_observer(self.report.report, self._body.story, self.nodeid)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


class Told:
    """The observer, for tests that it is told of: the others are not its business."""

    def __init__(self, report: AllureReport) -> None:
        self.report, self.now = report, False

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: TestResult) -> None:
        if self.now:
            self.now = False
            self.report.report_result(result)


def _by_hand(tree: Tree) -> None:
    for name, value in tree.labels:
        allure.dynamic.label(name, value)
    for name, value in tree.parameters:
        allure.dynamic.parameter(name, value)
    _replay(tree)


def _replay(tree: Tree) -> None:
    for name, kind, extension, content in tree.attachments:
        allure.attach(content, name, kind, extension)
    for step in tree.steps:
        with StepContext(step.name, dict(step.parameters)):
            _replay(step)


def _by_observer(report: AllureReport, story: Story, test: str) -> None:
    report.test_begins(test)
    unit = replace(story.unit, id=test)
    observer = Redacted(report.redactor, [report])  # as a run tells it
    for event in story.events():
        observer.notify(of_unit(event, unit))


def of_unit(event: RunEvent, unit: Unit) -> RunEvent:
    """The same event of another unit."""
    match event:
        case UnitFinished(result):
            return UnitFinished(replace(result, unit=unit))
        case TurnFinished() | RepetitionFinished():
            return replace(event, unit=unit)
        case _:
            return replace(event, unit=unit)  # type: ignore[call-arg, return-value]


class Clock:
    """CPU seconds of all tests of a kind."""

    def __init__(self, figures: Path) -> None:
        self._figures = figures
        self._seconds = dict.fromkeys(KINDS, 0.0)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: ToldItem) -> Iterator[None]:
        if item.kind == "observer":
            item.report.report.take_over()  # in a run it writes all results itself, not only every third
        else:
            item.report.report.give_back()
        began = time.thread_time()
        done = yield
        self._seconds[item.kind] += time.thread_time() - began
        return done

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        for item in session.items[-1:]:
            item.report.report.give_back()  # type: ignore[attr-defined]
        self._figures.write_text(json.dumps(self._seconds))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--told", type=int, required=True)
    parser.addoption("--told-figures", type=Path, required=True)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Clock(config.option.told_figures))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    return BodiesFile.from_parent(parent, path=file_path) if file_path.suffix == ".pickle" else None
