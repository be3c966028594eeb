"""What is told of the handsets' health while a run goes on, with and without xdist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from framework.plugin.outcome import HEALTH


class HealthTold:
    """Plugin of the controller: a line for each thing that was mended between tests, or could not be."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._told: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        health = health_of(report)
        if health is None:
            return
        for line in health["mended"]:
            self._write(f"mended  {health['handset']}: {line}")
        wrong = health["wrong"]
        if wrong is not None and wrong not in self._told:
            self._told.add(wrong)
            self._write(f"UNFIT  {wrong}")


def health_of(report: pytest.TestReport) -> dict[str, Any] | None:
    """How the handset was after a test, as `outcome.HEALTH` says; it comes with the teardown, where one was used."""
    return next((value for name, value in report.user_properties if name == HEALTH and isinstance(value, dict)), None)
