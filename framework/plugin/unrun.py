"""Results of tests that no worker can tell of, written by the controller."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from framework.plugin.collected import Test
from framework.plugin.observers import meant_for
from framework.plugin.reporting import reporting
from framework.report.allure_unrun import Desk, Known


def desk(config: pytest.Config, build: str) -> Desk:
    """By what results are written that no test writes; `build` is the label of the build."""
    found = reporting(config)
    return Desk(Path(config.option.allure_report_dir), socket.gethostname(), build, found.redactor, found.urls)


def known(test: Test | None, build: str) -> Known:
    """What the results of a test say of it that none has run."""
    if test is None:
        return Known()
    return Known(meant_for(test.variant, build) if test.variant else None, test.about)
