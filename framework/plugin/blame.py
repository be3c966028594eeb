"""Who must act on a failed test: told to the controller with the test's report."""

from __future__ import annotations

from collections.abc import Generator
from enum import Enum
from typing import TYPE_CHECKING

import pytest

from framework.contract.errors import FarmError, HandsetError, UsageError
from framework.contract.verdict import Verdict
from framework.plugin.outcome import ATTEMPTS, HANDSET, HEALTH, REASONS, UNPROVEN, VERDICT, NothingLeft, ScenarioBroken

if TYPE_CHECKING:
    from framework.plugin.lab import Lab
    from framework.session import Checkup

BLAME = "blame"
"""Name of the report property."""


class Blame(Enum):
    """A failure without one is the build's, or that of a test in Python."""

    LAB = "lab"
    USER = "user"


class Blaming:
    """In each process that runs tests: who is to blame, on which handset, and how that is afterwards."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._verdict, self._why = Verdict.PASS, ""

    def pytest_runtest_logstart(self) -> None:
        self._lab.begin()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add what the controller must know; a fixture that could not give its handset says why in one line."""
        report = yield
        error = call.excinfo.value if call.excinfo else None
        blame = blame_of(error)
        if blame is not None:
            report.user_properties.append((BLAME, blame.value))
        if isinstance(error, FarmError) and all(name != REASONS for name, _ in report.user_properties):
            report.user_properties.append((REASONS, [str(error).partition("\n")[0]]))
        if isinstance(error, NothingLeft):
            report.user_properties += [(VERDICT, Verdict.NOT_RUN.value), (REASONS, [str(error)]), (ATTEMPTS, 0)]
        if isinstance(error, FarmError) and call.when != "call":
            report.longrepr = str(error)
        self._account(item, report, error)
        return report

    def _account(self, item: pytest.Item, report: pytest.TestReport, error: BaseException | None) -> None:
        """Tell the lab how a test ended that used a handset, and the controller how the handset is after it."""
        if report.when == "setup":
            self._verdict, self._why = Verdict.PASS, ""
        if error is not None and self._verdict is Verdict.PASS:
            said = dict(report.user_properties).get(VERDICT)
            self._verdict = _verdict(report) if said is None else Verdict(str(said))
            self._why = str(error).partition("\n")[0]
        unstarted = self._lab.not_started_on(error)
        if unstarted is not None:
            report.user_properties.append((UNPROVEN, True))
        handset = self._lab.running_on or unstarted
        if handset is not None and all(name != HANDSET for name, _ in report.user_properties):
            report.user_properties.append((HANDSET, [handset.name, handset.model]))
        if report.when != "teardown":
            return
        checkup = self._lab.ended(item.nodeid, self._verdict, self._why)
        if checkup is not None:
            report.user_properties.append((HEALTH, _plain(checkup)))


def _plain(checkup: Checkup) -> dict[str, object]:
    return {
        "handset": checkup.handset,
        "gauges": dict(checkup.gauges),
        "time_scale": checkup.time_scale,
        "rests_s": checkup.rests_s,
        "wrong": checkup.wrong,
        "mended": list(checkup.mended),
    }


def _verdict(report: pytest.TestReport) -> Verdict:
    """Of a phase that did not pass, where nobody has judged it."""
    if report.skipped:
        return Verdict.NOT_RUN
    return Verdict.LAB if blamed(report) is Blame.LAB else Verdict.FAIL


def blame_of(error: BaseException | None) -> Blame | None:
    if isinstance(error, HandsetError | ScenarioBroken):
        return Blame.LAB
    return Blame.USER if isinstance(error, UsageError) else None


def crashed(report: pytest.TestReport) -> bool:
    """Whether the worker died in the middle of the test: xdist then reports of no phase."""
    return report.when not in ("setup", "call", "teardown")


def blamed(report: pytest.TestReport) -> Blame | None:
    """Who is to blame for a failed report; that a worker died is the lab's affair."""
    if crashed(report):
        return Blame.LAB
    return next((Blame(str(value)) for name, value in report.user_properties if name == BLAME), None)
