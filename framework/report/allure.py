"""Allure: what the farm knows about a unit, put into the result that allure-pytest writes for its test.

allure-pytest collects one `TestResult` a test and hands it to `report_result` hooks when the test is over; the last
of them writes the file. This observer gathers steps and evidence while the unit runs, and as the first of those
hooks completes the result. Without `--alluredir` nothing is written.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import TracebackType

import allure_commons
from allure_commons.model2 import Attachment, Label, Parameter, TestResult, TestStepResult

from framework.contract.run import (
    BuildIdentity,
    HandsetIdentity,
    RepetitionFinished,
    RunEvent,
    TurnFinished,
    Unit,
    UnitFinished,
    UnitResult,
    UnitStarted,
)
from framework.contract.verdict import Verdict, gravest
from framework.report.allure_steps import attached, check_step, repetition_step, status_of, told, turn_step
from framework.report.documents import Documents

SEVERITIES: tuple[tuple[str, str], ...] = (("smoke", "blocker"), ("text", "critical"), ("voice", "critical"))
"""Folder of the suite → severity; others are normal."""

TEST = "testId"
"""Label: pytest's node id, which nothing else in a result tells for certain."""


@dataclass
class _Story:
    """What was told about the unit whose test is running; `turns` are those of the unfinished repetition."""

    unit: Unit
    attachments: list[Attachment]
    turns: list[TestStepResult] = field(default_factory=list)
    repetitions: list[TestStepResult] = field(default_factory=list)
    result: UnitResult | None = None


@dataclass(frozen=True, slots=True)
class MeantFor:
    """A test that is run once for each model, or each handset: the one that it is for, and the build's label."""

    model: str
    handset: str
    """Its name; empty where any of the model will do."""
    build: str
    argument: str
    """Name of the argument by which pytest tells such tests apart; it says nothing that is not said better here."""


class AllureReport(AbstractContextManager["AllureReport"]):
    """Observer and Allure plugin of one process, between entry and exit; `machine` names the host of its handsets."""

    def __init__(self, machine: str, documents: Documents) -> None:
        self._machine, self._documents = machine, documents
        self._story: _Story | None = None
        self._used: tuple[HandsetIdentity, BuildIdentity] | None = None
        self._meant: MeantFor | None = None
        self._not_run: str | None = None
        self._test: str | None = None

    def __enter__(self) -> AllureReport:
        allure_commons.plugin_manager.register(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        allure_commons.plugin_manager.unregister(self)

    def test_begins(self, test: str) -> None:
        """pytest's node id of the test whose result comes next."""
        self._test = test

    def test_uses(self, handset: HandsetIdentity, build: BuildIdentity) -> None:
        """The test that is running is no unit, but one in Python, and uses this handset."""
        self._used = handset, build

    def test_not_run(self, reason: str) -> None:
        """Nothing can run the test that began."""
        self._not_run = reason

    def test_is_for(self, meant: MeantFor | None) -> None:
        """The test that begins is one of a matrix: the same on another model is another test."""
        self._meant = meant

    def notify(self, event: RunEvent) -> None:
        if isinstance(event, UnitStarted):
            self._story = _Story(event.unit, [attached(piece) for piece in event.evidence])
        if self._story is None:
            return
        match event:
            case TurnFinished():
                self._story.turns.append(turn_step(event))
            case RepetitionFinished():
                documents = self._documents.of(event.unit, event.repetition)
                self._story.repetitions.append(repetition_step(event.repetition, self._story.turns, documents))
                self._story.turns = []
            case UnitFinished():
                self._story.result = event.result

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: TestResult) -> None:
        """Complete the result of the test that ran on a handset; other tests are left as they are."""
        story, self._story = self._story, None
        used, self._used = self._used, None
        meant, self._meant = self._meant, None
        not_run, self._not_run = self._not_run, None
        if self._test is not None:
            _label(result, {TEST: self._test})
        if story is not None:
            _label(result, _behaviour(story.unit))
            self._place(result, meant, story.unit.handset, story.unit.build)
            _fill(result, story)
            _judge(result, story.result)
        elif used is not None:
            self._place(result, meant, *used)
        elif meant is not None:
            identify(result, meant.model, meant.build, meant=meant)
        if not_run is not None:
            result.status, result.statusDetails = status_of(Verdict.NOT_RUN), told(Verdict.NOT_RUN, (not_run,))
        _show_as_not_run(result)

    def _place(
        self, result: TestResult, meant: MeantFor | None, handset: HandsetIdentity, build: BuildIdentity
    ) -> None:
        """Host and thread are the machine and the handset, so that the timeline has a row a handset."""
        _label(result, {"host": self._machine, "thread": handset.name, "screen": handset.screen or "unknown"})
        tags = [("emulated", handset.emulated), ("scaled", build.scaled)]
        result.labels += [Label(name="tag", value=tag) for tag, holds in tags if holds]
        identify(result, handset.model, build.label, handset=handset.name, meant=meant)


def _label(result: TestResult, labels: Mapping[str, str]) -> None:
    """Set labels, once each, whatever pytest has set."""
    result.labels = [label for label in result.labels if label.name not in labels]
    result.labels += [Label(name=name, value=value) for name, value in labels.items()]


def identify(result: TestResult, model: str, build: str, *, handset: str = "", meant: MeantFor | None = None) -> None:
    """Model and build are parameters and part of both ids: other models are other tests, not retries.

    So is the handset of a test that is meant for just this one; of others it is only shown. `model` and `handset` are
    empty where no handset ran it.
    """
    model, handset = (meant.model, meant.handset or handset) if meant else (model, handset)
    only_shown = None if meant is not None and meant.handset else True
    known = (("model", model, None), ("build", build, None), ("handset", handset, only_shown))
    parameters = [Parameter(name=name, value=value, excluded=excluded) for name, value, excluded in known if value]
    ours = {parameter.name for parameter in parameters} | ({meant.argument} if meant else set())
    result.parameters = [parameter for parameter in result.parameters if parameter.name not in ours] + parameters
    named = sorted(f"{each.name}={each.value}" for each in result.parameters if not each.excluded)
    key = hashlib.md5("\n".join([str(result.fullName), *named]).encode(), usedforsecurity=False).hexdigest()
    result.testCaseId = result.historyId = key


def _show_as_not_run(result: TestResult) -> None:
    """A test that was skipped because nothing can run it: its message begins with the verdict, as everywhere."""
    details, skipped = result.statusDetails, f"Skipped: {Verdict.NOT_RUN.value}"
    if details is not None and details.message and details.message.startswith(skipped):
        details.message = details.message.removeprefix("Skipped: ")


def _fill(result: TestResult, story: _Story) -> None:
    """Steps and attachments; a single repetition is not shown as a level of its own."""
    steps, attachments = [*story.repetitions, *story.turns], list(story.attachments)
    if len(story.repetitions) == 1 and not story.turns:
        steps = story.repetitions[0].steps
        attachments += story.repetitions[0].attachments
    result.steps = [*steps, *_budget(story.result), *result.steps]
    result.attachments = [*attachments, *result.attachments]


def _judge(result: TestResult, judged: UnitResult | None) -> None:
    if judged is not None and judged.verdict is not Verdict.PASS:
        result.status = status_of(judged.verdict)
        result.statusDetails = told(judged.verdict, judged.reasons)


def _budget(judged: UnitResult | None) -> list[TestStepResult]:
    checks = judged.checks if judged else ()
    if not checks:
        return []
    now = time.time_ns() // 1_000_000
    status = status_of(gravest(tuple(check.verdict for check in checks)))
    return [
        TestStepResult(
            name="Budget", status=status, start=now, stop=now, steps=[check_step(check, now) for check in checks]
        )
    ]


def _behaviour(unit: Unit) -> dict[str, str]:
    """Epic, feature and story: the suite's folder, the file, the scenario."""
    path = PurePosixPath(unit.file)
    suite = path.parent.name or "scenarios"
    return {
        "epic": suite,
        "feature": path.stem.replace("_", " ").replace("-", " "),
        "story": unit.scenario,
        "severity": dict(SEVERITIES).get(suite, "normal"),
    }
