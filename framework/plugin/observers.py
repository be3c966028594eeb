"""The observers of one process: who is told what happens on its handsets."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from framework.contract.run import BuildIdentity, HandsetIdentity, Observer
from framework.journal.run import Journal
from framework.journal.runs import JOURNAL
from framework.plugin.console import Console
from framework.plugin.variants import FIXTURE, Variant, variant_of
from framework.report.allure import AllureReport, MeantFor
from framework.report.documents import Documents
from framework.report.terminal import Terminal
from framework.report.unit_files import UnitFiles


def meant_for(variant: Variant, build: str) -> MeantFor:
    """A variant as Allure knows it; `build` is the label of the build."""
    return MeantFor(variant.model, variant.handset, build, FIXTURE)


class Observers:
    """Allure, the files of each unit, the journal, and the lines for the terminal of whoever started the run."""

    def __init__(self, run_folder: Path, console: Console, build: str) -> None:
        """`build` is the label of the build."""
        self._build = build
        self._stack = ExitStack()
        self._lines: list[str] = []
        documents = Documents()
        self._allure = AllureReport(socket.gethostname(), documents)
        self.all: tuple[Observer, ...] = (
            self._stack.enter_context(Journal(run_folder / JOURNAL)),
            UnitFiles(run_folder, documents),  # before Allure: it keeps what was recorded of a handset that is lost
            self._stack.enter_context(self._allure),
            Terminal(self._lines.append, console.columns, console.colours),
        )

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._allure.test_begins(nodeid)

    def test_uses(self, handset: HandsetIdentity, build: BuildIdentity) -> None:
        """The test that is running, one in Python, uses this handset."""
        self._allure.test_uses(handset, build)

    def test_not_run(self, reason: str) -> None:
        """Nothing can run the test that began."""
        self._allure.test_not_run(reason)

    def test_is_for(self, variant: Variant | None) -> None:
        """The test that begins is one of `--each`."""
        self._allure.test_is_for(meant_for(variant, self._build) if variant else None)

    def told(self) -> list[str]:
        """The lines since the last call."""
        lines = list(self._lines)
        self._lines.clear()
        return lines

    def close(self) -> None:
        self._stack.close()

    # -- as a plugin of pytest -------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.test_is_for(variant_of(item))
