"""The observers of one process: who is told what happens on its handsets."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import pytest

from framework.contract.run import BuildIdentity, HandsetIdentity, Observer, RunEvent
from framework.journal.run import Journal
from framework.journal.runs import JOURNAL, REDACTED
from framework.plugin.collected import about_item
from framework.plugin.console import Console
from framework.plugin.reporting import Reporting
from framework.plugin.variants import FIXTURE, Variant, variant_of
from framework.redaction.redactor import Redactor
from framework.report.allure import AllureReport, MeantFor
from framework.report.documents import Documents
from framework.report.terminal import Terminal
from framework.report.unit_files import UnitFiles


def meant_for(variant: Variant, build: str) -> MeantFor:
    """A variant as Allure knows it; `build` is the label of the build."""
    return MeantFor(variant.model, variant.handset, build, FIXTURE)


class Redacted:
    """Observer that tells others what it is told, without what identifies people and units."""

    def __init__(self, redactor: Redactor, observers: Iterable[Observer]) -> None:
        self._redactor, self._observers = redactor, tuple(observers)

    def notify(self, event: RunEvent) -> None:
        clean = self._redactor.record(event)
        for observer in self._observers:
            observer.notify(clean)


class Observers:
    """Allure, the files of each unit, the journal, and the lines for the terminal of whoever started the run."""

    def __init__(self, run_folder: Path, console: Console, build: str, reporting: Reporting | None = None) -> None:
        """`build` is the label of the build. The terminal shows everything as it is; files get it redacted."""
        self._build = build
        self._stack = ExitStack()
        self._lines: list[str] = []
        self._redactor = reporting.redactor if reporting else Redactor()
        documents = Documents()
        self._journal = self._stack.enter_context(Journal(run_folder / JOURNAL))
        self._allure = AllureReport(
            socket.gethostname(),
            documents,
            redactor=self._redactor,
            limits=reporting.limits if reporting else None,
            urls=reporting.urls if reporting else None,
        )
        written = (
            self._journal,
            UnitFiles(run_folder, documents),  # before Allure: it keeps what was recorded of a handset that is lost
            self._stack.enter_context(self._allure),
        )
        self.all: tuple[Observer, ...] = (
            Redacted(self._redactor, written),
            Terminal(self._lines.append, console.columns, console.colours),
        )

    def knows(self, serials: Iterable[str | None]) -> None:
        """Numbers of handsets that this process may speak of."""
        self._redactor.know(serials)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._allure.test_begins(nodeid)

    def pytest_runtest_logfinish(self) -> None:
        self._tell_redacted()

    def test_uses(self, handset: HandsetIdentity, build: BuildIdentity) -> None:
        """The test that is running, one in Python, uses this handset."""
        self.knows((handset.serial,))
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
        self._tell_redacted()
        self._stack.close()

    def _tell_redacted(self) -> None:
        """How much was taken out since it was told last, so that a worker that is killed has told of its tests."""
        if counts := self._redactor.take():
            self._journal.record(REDACTED, {"counts": dict(counts)})

    # -- as a plugin of pytest -------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.test_is_for(variant_of(item))
        self._allure.test_is_about(about_item(item))
