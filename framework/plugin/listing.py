"""`pytest -p framework.plugin.listing --collect-only --list-into FOLDER`: what would run, for `farm plan`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from framework.plugin.collected import described, write_tests

PROBLEMS = "problems.json"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--list-into", metavar="FOLDER", required=True, help="where tests.json is written")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Listing(Path(config.getoption("list_into"))), "pocketfarm-listing")


class Listing:
    """Writes the tests that were collected, and why files could not be."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._problems: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._problems.append(f"{report.nodeid}: {report.longreprtext}")
            (self._folder / PROBLEMS).write_text(json.dumps(self._problems), encoding="utf-8")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        write_tests(self._folder, [described(item) for item in session.items])
