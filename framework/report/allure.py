"""Allure: what the farm knows about a unit, put into the result that allure-pytest writes for its test.

allure-pytest collects one `TestResult` a test and hands it to `report_result` hooks when the test is over; the last
of them writes the file. This observer gathers steps and evidence while the unit runs, and as the first of those
hooks completes the result. Without `--alluredir` nothing is written.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import quote

import allure_commons
from allure_commons.model2 import Label, Link, Parameter, StatusDetails, TestResult, TestStepResult

from framework.contract.about import About, is_web_address, usual
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
from framework.journal.account import named
from framework.journal.places import repetition_place
from framework.redaction.redactor import Redactor
from framework.report.allure_steps import attach, check_step, moment, repetition_step, status_of, told, turn_step
from framework.report.allure_writer import NOBODY, TEST, take_over
from framework.report.attachments import Attachments, Limits, through_allure
from framework.report.documents import Documents

LINKS: tuple[tuple[str, str], ...] = (("issue", "issue"), ("requirement", "tms"), ("page", "link"))
"""What a scenario goes back to → Allure's type of such a link."""

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
"""Where an object lay in memory, which Python tells of those without a text of their own: another in each run."""


@dataclass
class _Story:
    """What was told about the unit whose test is running; `turns` are those of the unfinished repetition."""

    unit: Unit
    before: TestStepResult
    """What holds for the whole unit: what is attached to it, and what was not."""
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

    def __init__(
        self,
        machine: str,
        documents: Documents,
        *,
        redactor: Redactor | None = None,
        limits: Limits | None = None,
        urls: Mapping[str, str] | None = None,
    ) -> None:
        """`urls`: kind of a link → its address, with `{}` where its key belongs."""
        self._machine, self._documents, self._urls = machine, documents, urls or {}
        self.redactor = redactor or Redactor()
        self._attachments = Attachments(limits, redacted=self.redactor.active)
        self._story: _Story | None = None
        self._used: tuple[HandsetIdentity, BuildIdentity] | None = None
        self._meant: MeantFor | None = None
        self._about: About | None = None
        self._not_run: str | None = None
        self._test: str | None = None
        self._give_back: Callable[[], None] | None = None

    def __enter__(self) -> AllureReport:
        allure_commons.plugin_manager.register(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        allure_commons.plugin_manager.unregister(self)
        self.give_back()

    def test_begins(self, test: str) -> None:
        """pytest's node id of the test whose result comes next. With the first, allure-pytest is ready to be served."""
        self._test = test
        self.take_over()

    def take_over(self) -> None:
        """Write in the place of allure-pytest, once."""
        if self._give_back is None:
            writer, self._give_back = take_over(self.redactor)
            if writer is not None:
                self._attachments.write = writer.attach

    def give_back(self) -> None:
        """allure-pytest writes itself again."""
        if self._give_back is not None:
            self._give_back()
        self._give_back, self._attachments.write = None, through_allure

    def test_uses(self, handset: HandsetIdentity, build: BuildIdentity) -> None:
        """The test that is running is no unit, but one in Python, and uses this handset."""
        self._used = handset, build

    def test_not_run(self, reason: str) -> None:
        """Nothing can run the test that began."""
        self._not_run = reason

    def test_is_for(self, meant: MeantFor | None) -> None:
        """The test that begins is one of a matrix: the same on another model is another test."""
        self._meant = meant

    def test_is_about(self, about: About | None) -> None:
        """What the scenario that begins says it is about; None for a test in Python."""
        self._about = about

    def notify(self, event: RunEvent) -> None:
        if isinstance(event, UnitStarted):
            self._story = _Story(event.unit, moment("Deployment", time.time_ns() // 1_000_000))
            attach(self._story.before, self._attachments, event.evidence)
        if self._story is None:
            return
        match event:
            case TurnFinished():
                self._story.turns.append(turn_step(event, self._attachments))
            case RepetitionFinished():
                self._story.repetitions.append(self._repetition(event, self._story.turns))
                self._story.turns = []
            case UnitFinished():
                self._story.result = event.result

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: TestResult) -> None:
        """Complete the result of the test that ran on a handset; others are only sorted in."""
        story, self._story = self._story, None
        used, self._used = self._used, None
        meant, self._meant = self._meant, None
        about, self._about = self._about, None
        not_run, self._not_run = self._not_run, None
        if self._test is not None:
            label(result, {TEST: self._test})
        if about is None and story is not None:
            about = usual(story.unit.scenario, story.unit.file)
        if about is not None:
            describe(result, about, self._urls)
        elif self._test is not None:
            _sort_in(result, self._test)
        if story is not None:
            self._place(result, meant, story.unit.handset, story.unit.build)
            _fill(result, story)
            _judge(result, story.result)
        elif used is not None:
            self._place(result, meant, *used)
        elif meant is not None or about is not None:
            label(result, {"host": self._machine, "thread": NOBODY})
            if meant is not None:
                identify(result, meant.model, meant.build, meant=meant)
        if not_run is not None:
            result.status, result.statusDetails = status_of(Verdict.NOT_RUN), told(Verdict.NOT_RUN, (not_run,))
        _show_as_not_run(result)
        result.links = [link for link in result.links if is_web_address(str(link.url))]

    def _repetition(self, event: RepetitionFinished, turns: list[TestStepResult]) -> TestStepResult:
        unit, repetition = event.unit, event.repetition
        place = repetition_place(unit, repetition.number, repetition.attempt)
        return repetition_step(repetition, turns, self._documents.of(unit, repetition), self._attachments, place)

    def _place(
        self, result: TestResult, meant: MeantFor | None, handset: HandsetIdentity, build: BuildIdentity
    ) -> None:
        """Host and thread are the machine and the handset, so that the timeline has a row a handset."""
        label(result, {"host": self._machine, "thread": handset.name, "screen": handset.screen or "unknown"})
        tags = [("emulated", handset.emulated), ("scaled", build.scaled)]
        result.labels += [Label(name="tag", value=tag) for tag, holds in tags if holds]
        identify(result, handset.model, build.label, handset=handset.name, meant=meant)


def label(result: TestResult, labels: Mapping[str, str]) -> None:
    """Set labels, once each, whatever pytest has set."""
    result.labels = [label for label in result.labels if label.name not in labels]
    result.labels += [Label(name=name, value=value) for name, value in labels.items()]


def describe(result: TestResult, about: About, urls: Mapping[str, str]) -> None:
    """Labels and links of what a test is about; a key without an address is a tag."""
    label(result, about.labels)
    for kind, text in about.links:
        pattern = urls.get(kind, "")
        url = text if is_web_address(text) else pattern.replace("{}", quote(text, safe="")) if pattern else ""
        if url:
            result.links.append(Link(type=dict(LINKS)[kind], url=url, name=text))
        else:
            result.labels.append(Label(name="tag", value=f"{kind}: {text}"))


def _sort_in(result: TestResult, test: str) -> None:
    """A test in Python stands beside the scenarios of its suite, where its own labels do not say otherwise."""
    title, file = named(test)
    own = {each.name for each in result.labels}
    label(result, {name: text for name, text in usual(title, file).labels.items() if name not in own})


def identify(result: TestResult, model: str, build: str, *, handset: str = "", meant: MeantFor | None = None) -> None:
    """The model is a parameter and part of both ids: other models are other tests, not retries.

    So is the handset of a test that is meant for just this one; of others it is only shown, and so is the build: a
    test's history goes on from build to build. `model` and `handset` are empty where no handset ran it.
    """
    model, handset = (meant.model, meant.handset or handset) if meant else (model, handset)
    only_shown = None if meant is not None and meant.handset else True
    known = (("model", model, None), ("build", build, True), ("handset", handset, only_shown))
    parameters = [Parameter(name=name, value=value, excluded=excluded) for name, value, excluded in known if value]
    ours = {parameter.name for parameter in parameters} | ({meant.argument} if meant else set())
    result.parameters = [parameter for parameter in result.parameters if parameter.name not in ours] + parameters
    counted = [each for each in result.parameters if not each.excluded]
    for each in counted:  # Allure 3 makes ids of its own out of what is written
        each.value = _ADDRESS.sub("", str(each.value))
    named = sorted(f"{each.name}={each.value}" for each in counted)
    key = hashlib.md5("\n".join([str(result.fullName), *named]).encode("utf-8", "replace"), usedforsecurity=False)
    result.testCaseId = result.historyId = key.hexdigest()


def _show_as_not_run(result: TestResult) -> None:
    """A test that was skipped because nothing can run it: its message begins with the verdict, as everywhere."""
    details, skipped = result.statusDetails, f"Skipped: {Verdict.NOT_RUN.value}"
    if details is not None and details.message and details.message.startswith(skipped):
        details.message = details.message.removeprefix("Skipped: ")


def _fill(result: TestResult, story: _Story) -> None:
    """Steps and attachments; a single repetition is not shown as a level of its own."""
    steps, attachments = [*story.repetitions, *story.turns], list(story.before.attachments)
    if len(story.repetitions) == 1 and not story.turns:
        steps = story.repetitions[0].steps
        attachments += story.repetitions[0].attachments
    result.steps = [*story.before.steps, *steps, *_budget(story.result), *result.steps]
    result.attachments = [*attachments, *result.attachments]


def _judge(result: TestResult, judged: UnitResult | None) -> None:
    if judged is not None and judged.verdict is not Verdict.PASS:
        result.status = status_of(judged.verdict)
        result.statusDetails = told(judged.verdict, judged.reasons)
    elif judged is not None and any(one.attempt > 1 for one in judged.repetitions):
        result.statusDetails = StatusDetails(flaky=True)  # an attempt before it did not pass: a step tells of it


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
