"""Asking a handset: the only part of the doctor that talks to one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

from framework.contract.capabilities import ShellResult, Target
from framework.contract.errors import DeadlineError, HandsetError
from framework.doctor.answers import Answer, Answers
from framework.doctor.questions import Question
from framework.handset.adb_server import listed_devices
from framework.handset.handset import connect
from framework.handset.shell import HandsetShell

Told = Callable[[int, int, str], None]
"""Called before each question with its number from 1, how many there are, and its name."""

CONNECT_S = 20.0
ANSWER_S = 60.0
"""`dumpsys meminfo` of a whole handset takes some 20 s on slow ones."""


def ask(target: Target, questions: Sequence[Question], told: Told = lambda number, total, name: None) -> Answers:
    """The answers of a handset; HandsetError where it cannot be reached, or is lost in between.

    A command that does not end in time is an answer, too: it is noted, and the next is asked.
    """
    with closing(connect(target, CONNECT_S)) as connection:
        given = {"features": Answer(0, ",".join(sorted(connection.features)))}
        given.update(_adb_devices(target))
        if target.pin_from and os.environ.get(target.pin_from):
            given["pin"] = Answer(0, "given")
        shell = HandsetShell(target.name, connection)
        for number, question in enumerate(questions, start=1):
            told(number, len(questions), question.name)
            given[question.name] = _answer(shell, question)
    return Answers(given)


def _answer(shell: HandsetShell, question: Question) -> Answer:
    asked_wall_s, began = time.time(), time.monotonic()
    try:
        result = shell.script(_timed(question.script), timeout_s=ANSWER_S)
    except DeadlineError as error:
        return Answer(None, "", error.what, asked_wall_s, time.monotonic() - began)
    uptime_s, printed = _cut(result)
    errors = result.stderr.decode("utf-8", "replace")
    return Answer(result.exit, printed, errors, asked_wall_s, time.monotonic() - began, uptime_s)


def _timed(script: str) -> str:
    """The handset's own clock first, read by the shell itself; the exit status stays the script's."""
    return f'read -r up _ </proc/uptime; echo "$up"\n(\n{script}\n)'


def _cut(result: ShellResult) -> tuple[float | None, str]:
    uptime, _, printed = result.stdout.decode("utf-8", "replace").replace("\r\n", "\n").partition("\n")
    try:
        return float(uptime), printed
    except ValueError:
        return None, printed


def _adb_devices(target: Target) -> Iterator[tuple[str, Answer]]:
    """What the adb server lists; nothing for a handset that is reached without one."""
    if target.serial is None:
        return
    try:
        yield "adb_devices", Answer(0, listed_devices(target.adb_server))
    except HandsetError as error:
        yield "adb_devices", Answer(None, "", error.what)
