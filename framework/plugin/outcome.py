"""From verdicts to pytest's outcomes and exit codes."""

from __future__ import annotations

from typing import Any

import pytest

from framework.contract.errors import AssistantError, HandsetError, UsageError
from framework.contract.run import UnitResult
from framework.contract.verdict import Verdict

EXIT_LAB = 6
"""Nothing failed, but LAB, INVALID or an exhausted fleet is left."""

VERDICT = "verdict"
"""Name of the report property that carries a unit's verdict to the controller."""

TOLD = "told"
"""Name of the report property that carries lines for the terminal to the controller."""


REASONS = "reasons"
"""Name of the report property that carries the reasons of a unit's verdict, a list of lines."""

HANDSET = "handset"
"""Name of the report property that carries the name and the model of the handset that a test used."""
ATTEMPTS = "attempts"
"""Name of the report property that says how often a test was run that nothing can run any more."""

RERUN = "rerun"
"""Outcome of a report of a test that will be run again: shown, and not counted as a failure."""

HEALTH = "health"
"""Name of the report property that carries how the handset was after a test; it comes with the teardown.

A mapping: `handset`, `gauges` (name → value, such as skin_c), `time_scale` (device seconds in one of the host's),
`rests_s` (host seconds that it is not to be used at most), `wrong` (None, or what could not be mended), `mended`.
"""


UNPROVEN = "unproven"
"""Name of the report property of a failure that a handset of the same model may clear the build of: it did not start.
"""


LATE = "late"
"""Name of the report property of a teardown that came when its test was over: of what it shared with others."""


class NothingLeft(HandsetError):
    """No handset is left that a test could be run on: it is NOT_RUN."""


class Unsuccessful(Exception):
    """A unit that did not pass; the text says why, one reason a line, and then where.

    The first line has the first reason, because pytest's summary shows that line only.
    """

    def __init__(self, result: UnitResult) -> None:
        self.result = result
        first, *others = result.reasons or ("no reason given",)
        where = f"({result.unit.handset.name}, {result.unit.build.label})"
        super().__init__("\n  ".join((f"{result.verdict.value}: {first}", *others, where)))


class ScenarioFailed(Unsuccessful, AssertionError):
    """The product's fault. Allure shows an AssertionError as failed."""


class ScenarioBroken(Unsuccessful):
    """The lab's fault, or a measurement that cannot be trusted. Allure shows other exceptions as broken."""


def conclude(result: UnitResult) -> None:
    """Return for PASS, raise for the rest; NOT_RUN is a skip with its reason."""
    if result.verdict.blames_build:
        raise ScenarioFailed(result)
    if result.verdict in (Verdict.LAB, Verdict.INVALID):
        raise ScenarioBroken(result)
    if result.verdict is Verdict.NOT_RUN:
        pytest.skip(f"NOT_RUN: {'; '.join(result.reasons)}")


def accounted(result: UnitResult) -> list[tuple[str, object]]:
    """What the accounts of the controller need of a unit, beside its verdict."""
    handset = result.unit.handset
    return [(REASONS, list(result.reasons)), (HANDSET, [handset.name, handset.model])]


def verdict_of(error: BaseException) -> Verdict:
    """The verdict of a unit that was never measured, because of `error`."""
    if isinstance(error, AssistantError):
        return Verdict.FAIL
    return Verdict.NOT_RUN if isinstance(error, UsageError | NothingLeft | pytest.skip.Exception) else Verdict.LAB


RerunStatus = tuple[str, str, str]


def rerun_status(report: Any) -> RerunStatus | None:
    """For pytest_report_teststatus: a test that is run again is counted, and has a line of its own, but no letter.

    It has not made the run progress.
    """
    return (RERUN, "", "") if report.outcome == RERUN else None


def exit_status(pytest_status: int, *, failed: int, lab: int, user: int, kept: int = 0) -> int:
    """pytest's own status; but when all of the `failed` are faults of the lab 6, of the user's files (or both) 4.

    In a run that continues another one, `kept` of whose conclusions count, it is as if all had been run now.
    """
    status = pytest_status
    if kept and status in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        status = pytest.ExitCode.TESTS_FAILED if failed else pytest.ExitCode.OK
    if status != pytest.ExitCode.TESTS_FAILED or failed > lab + user or not failed:
        return int(status)
    return int(pytest.ExitCode.USAGE_ERROR) if user else EXIT_LAB
