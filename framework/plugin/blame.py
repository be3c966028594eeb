"""Who must act on a failed test: told to the controller with the test's report."""

from __future__ import annotations

from collections.abc import Generator
from enum import Enum

import pytest

from framework.contract.errors import FarmError, HandsetError, UsageError
from framework.plugin.outcome import ScenarioBroken

BLAME = "blame"
"""Name of the report property."""


class Blame(Enum):
    """A failure without one is the build's, or that of a test in Python."""

    LAB = "lab"
    USER = "user"


class Blaming:
    """In each process that runs tests."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add the blame; a fixture that could not give its handset says why in one line."""
        report = yield
        error = call.excinfo.value if call.excinfo else None
        blame = blame_of(error)
        if blame is not None:
            report.user_properties.append((BLAME, blame.value))
        if isinstance(error, FarmError) and call.when != "call":
            report.longrepr = str(error)
        return report


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
