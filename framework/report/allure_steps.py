"""Turns, repetitions and budgets as steps of an Allure result."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from allure_commons.model2 import Parameter, Status, StatusDetails, TestStepResult

from framework.contract.metrics import METRIC_NAMES
from framework.contract.run import Repetition, TurnFinished
from framework.contract.turn import Evidence
from framework.contract.verdict import Check, Verdict
from framework.report.attachments import Attachments
from framework.report.legible import shortened
from framework.report.log_parts import crash_report, turn_logs
from framework.report.transcript import listen_page

NAME_LENGTH = 120
LONGEST_TEXT = 2000
"""Characters of a question or an answer; the transcript has all of it."""
STATUS: tuple[tuple[Verdict, str], ...] = (
    (Verdict.PASS, Status.PASSED),
    (Verdict.FAIL, Status.FAILED),
    (Verdict.UNMEASURED, Status.FAILED),
    (Verdict.INVALID, Status.BROKEN),
    (Verdict.LAB, Status.BROKEN),
    (Verdict.NOT_RUN, Status.SKIPPED),
)


def status_of(verdict: Verdict) -> str:
    return dict(STATUS)[verdict]


def told(verdict: Verdict, reasons: Sequence[str]) -> StatusDetails | None:
    """The status message; categories go by the verdict that it begins with."""
    return None if verdict is Verdict.PASS else StatusDetails(message="\n".join((verdict.value, *reasons)))


def turn_step(event: TurnFinished, attachments: Attachments) -> TestStepResult:
    """A turn: what was asked, what was answered, each check.

    Metrics are its parameters, sampled ones with their last value. It ends now and lasts as long as it did on the
    handset, in device time.
    """
    turn = event.turn
    stop = time.time_ns() // 1_000_000
    start = stop - (turn.end_ns - turn.start_ns) // 1_000_000
    page = listen_page(turn)
    listen = [Evidence("listen", "listen.html", page.encode("utf-8", "replace"))] if page else []
    questions = [piece for piece in turn.evidence if piece.name == "question"]
    answers = [piece for piece in turn.evidence if piece.name != "question"]
    step = TestStepResult(
        name=_short(f"{turn.number}. {turn.asked}"),
        status=status_of(turn.verdict),
        start=start,
        stop=stop,
        parameters=_parameters({**event.gauges, **turn.metrics}),
    )
    asked = moment(f"asked ({turn.via}, {turn.language}): {turn.asked}", start)
    answered = moment(f"answered: {turn.reply}", stop)
    step.steps = [
        asked,
        *([moment(f"heard: {turn.heard}", start)] if turn.heard is not None else []),
        answered,
        *(check_step(check, stop) for check in turn.checks),
    ]
    for place, pieces in ((step, listen), (asked, questions), (answered, answers)):
        attach(place, attachments, pieces)
    return step


def repetition_step(
    repetition: Repetition,
    turns: Sequence[TestStepResult],
    documents: Sequence[Evidence],
    attachments: Attachments,
    place: PurePosixPath | None = None,
) -> TestStepResult:
    """A repetition with its turns, its documents and its evidence, and what was wanted and could not be had.

    `place`: where its files lie, below the run's folder. Each turn gets its part of the log.
    """
    again = f", attempt {repetition.attempt}" if repetition.attempt > 1 else ""
    now = time.time_ns() // 1_000_000
    step = TestStepResult(
        name=f"Repetition {repetition.number}{again}",
        status=status_of(repetition.verdict),
        statusDetails=told(repetition.verdict, repetition.reasons),
        start=min([now, *(step.start for step in turns)]),
        stop=now,
        steps=[*turns, *(moment(line, now) for line in repetition.missing)],
    )
    logs = turn_logs(repetition)
    for turn, turn_of in zip(repetition.turns, turns, strict=False):
        attach(turn_of, attachments, [logs[turn.number]] if turn.number in logs else [])
    crash = crash_report(repetition)
    attach(step, attachments, [*documents, *repetition.evidence, *([crash] if crash else [])], place)
    return step


def attach(
    step: TestStepResult, attachments: Attachments, pieces: Sequence[Evidence], place: PurePosixPath | None = None
) -> None:
    """The pieces to a step; what is not attached, or not wholly, is a step below it that says so."""
    made, notes = attachments.add(pieces, place)
    step.attachments = [*step.attachments, *made]
    step.steps = [*step.steps, *(moment(note, step.stop) for note in notes)]


def check_step(check: Check, at_ms: int) -> TestStepResult:
    parameters = [Parameter(name="expected", value=check.expected), Parameter(name="found", value=check.found)]
    status = status_of(check.verdict)
    return TestStepResult(name=_short(check.name), status=status, start=at_ms, stop=at_ms, parameters=parameters)


def moment(name: str, at_ms: int) -> TestStepResult:
    """Something that was said, without a length."""
    return TestStepResult(name=shortened(name, LONGEST_TEXT), status=Status.PASSED, start=at_ms, stop=at_ms)


def _parameters(values: Mapping[str, float]) -> list[Parameter]:
    """The metrics among the values, in the order of their table; the rest stands in the samples."""
    return [Parameter(name=name, value=f"{values[name]:.4g}") for name in METRIC_NAMES if name in values]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= NAME_LENGTH else line[:NAME_LENGTH] + "…"
