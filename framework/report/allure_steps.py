"""Turns, repetitions and budgets as steps of an Allure result."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence

import allure_commons
from allure_commons.model2 import Attachment, Parameter, Status, StatusDetails, TestStepResult

from framework.contract.metrics import METRIC_NAMES
from framework.contract.run import Repetition, TurnFinished
from framework.contract.turn import Evidence
from framework.contract.verdict import Check, Verdict
from framework.report.transcript import listen_page

NAME_LENGTH = 120
MIME: tuple[tuple[str, str], ...] = (
    ("csv", "text/csv"),
    ("html", "text/html"),
    ("json", "application/json"),
    ("log", "text/plain"),
    ("mp4", "video/mp4"),
    ("pftrace", "application/x-protobuf"),
    ("png", "image/png"),
    ("txt", "text/plain"),
    ("wav", "audio/wav"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
)
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


def turn_step(event: TurnFinished) -> TestStepResult:
    """A turn: what was asked, what was answered, each check.

    Metrics are its parameters, sampled ones with their last value. It ends now and lasts as long as it did on the
    handset, in device time.
    """
    turn = event.turn
    stop = time.time_ns() // 1_000_000
    start = stop - (turn.end_ns - turn.start_ns) // 1_000_000
    page = listen_page(turn)
    questions = [piece for piece in turn.evidence if piece.name == "question"]
    answers = [piece for piece in turn.evidence if piece.name != "question"]
    steps = [
        _moment(f"asked ({turn.via}, {turn.language}): {turn.asked}", start, questions),
        *([_moment(f"heard: {turn.heard}", start)] if turn.heard is not None else []),
        _moment(f"answered: {turn.reply}", stop, answers),
        *(check_step(check, stop) for check in turn.checks),
    ]
    return TestStepResult(
        name=_short(f"{turn.number}. {turn.asked}"),
        status=status_of(turn.verdict),
        start=start,
        stop=stop,
        steps=steps,
        attachments=[attached(Evidence("listen", "listen.html", page.encode()))] if page else [],
        parameters=_parameters({**event.gauges, **turn.metrics}),
    )


def repetition_step(
    repetition: Repetition, turns: Sequence[TestStepResult], documents: Sequence[Evidence]
) -> TestStepResult:
    """A repetition with its turns, its documents and its evidence, and what was wanted and could not be had."""
    again = f", attempt {repetition.attempt}" if repetition.attempt > 1 else ""
    now = time.time_ns() // 1_000_000
    return TestStepResult(
        name=f"Repetition {repetition.number}{again}",
        status=status_of(repetition.verdict),
        statusDetails=told(repetition.verdict, repetition.reasons),
        start=min([now, *(step.start for step in turns)]),
        stop=now,
        steps=[*turns, *(_moment(line, now) for line in repetition.missing)],
        attachments=[attached(piece) for piece in (*documents, *repetition.evidence)],
    )


def check_step(check: Check, at_ms: int) -> TestStepResult:
    parameters = [Parameter(name="expected", value=check.expected), Parameter(name="found", value=check.found)]
    status = status_of(check.verdict)
    return TestStepResult(name=_short(check.name), status=status, start=at_ms, stop=at_ms, parameters=parameters)


def attached(piece: Evidence) -> Attachment:
    """The piece, written beside the results."""
    file_name = f"{uuid.uuid4()}-attachment.{piece.suffix}"
    allure_commons.plugin_manager.hook.report_attached_data(body=piece.content, file_name=file_name)
    mime = dict(MIME).get(piece.suffix, "application/octet-stream")
    return Attachment(name=piece.name, source=file_name, type=mime)


def _moment(name: str, at_ms: int, pieces: Sequence[Evidence] = ()) -> TestStepResult:
    attachments = [attached(piece) for piece in pieces]
    return TestStepResult(name=name, status=Status.PASSED, start=at_ms, stop=at_ms, attachments=attachments)


def _parameters(values: Mapping[str, float]) -> list[Parameter]:
    """The metrics among the values, in the order of their table; the rest stands in the samples."""
    return [Parameter(name=name, value=f"{values[name]:.4g}") for name in METRIC_NAMES if name in values]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= NAME_LENGTH else line[:NAME_LENGTH] + "…"
