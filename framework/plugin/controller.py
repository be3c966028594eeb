"""The controller of a run: checks every file once, gives each worker a handset, and tells how it went."""

from __future__ import annotations

import platform
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from framework.contract.capabilities import Target
from framework.contract.handsets import Handset, VirtualHandset
from framework.contract.run import HandsetIdentity
from framework.contract.scenario import Needs
from framework.contract.verdict import Verdict
from framework.fleet.inventory import target
from framework.fleet.match import missing
from framework.plugin.options import Options, worker_count
from framework.plugin.outcome import TOLD, VERDICT, exit_status
from framework.plugin.plan import Plan
from framework.plugin.run_folder import new_run_folder
from framework.plugin.scheduler import FleetScheduling
from framework.plugin.virtual_fleet import VirtualFleet
from framework.plugin.worker import RESULTS, RUN_FOLDER, TARGET, close_lab, open_lab, target_text
from framework.report.allure_files import write_categories, write_environment


class Controller:
    """One run: who runs where, and how it went."""

    def __init__(self, config: pytest.Config, options: Options, plan: Plan) -> None:
        self._config, self._plan = config, plan
        self._fleet = VirtualFleet(plan.inventory, options.speed)
        self._free = list(plan.handsets)
        self._held: dict[str, Handset] = {}
        self._identities: dict[str, HandsetIdentity] = {}
        self._verdicts: list[Verdict] = []
        self._failed = 0
        self._folder = new_run_folder(options.reports)
        if not config.option.allure_report_dir:
            config.option.allure_report_dir = str(self._folder / "allure-results")

    # -- handsets ------------------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Start what has to be started while pytest still collects."""
        for handset in self._plan.handsets[: self._workers or 1]:
            if isinstance(handset, VirtualHandset):
                self._fleet.start(handset)
        if not self._workers:
            open_lab(self._config, self._targets(), self._folder)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """A handset for a worker that is about to start; the scheduler must know what it can do."""
        handset = self._free.pop(0)
        self._held[node.gateway.id] = handset
        where = self._target(handset)
        node.workerinput[TARGET] = target_text(where)
        node.workerinput[RUN_FOLDER] = str(self._folder)
        node.workerinput[RESULTS] = str(self._results)
        from framework.handset.handset import open_handset

        with open_handset(where) as opened:
            self._identities[node.gateway.id] = opened.identity

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """The handset of a worker that is gone is free for the one that replaces it."""
        handset = self._held.pop(node.gateway.id, None)
        if handset is not None:
            self._free.append(handset)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self) -> FleetScheduling:
        return FleetScheduling(self._workers, self._fits)

    def _fits(self, worker: str, test: str) -> bool:
        """Whether the handset of a worker can run a test; a thin test, which has no file of needs, runs anywhere."""
        needs = self._plan.needs.get((self._config.rootpath / test.partition("::")[0]).resolve(), Needs())
        return not missing(needs, self._identities[worker])

    def _targets(self) -> Iterator[Target]:
        return (self._target(handset) for handset in self._plan.handsets)

    def _target(self, handset: Handset) -> Target:
        return target(handset, self._fleet.target)

    # -- how it went ---------------------------------------------------------------------------------------------

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed += report.failed
        if report.when != "call":
            return
        for name, value in report.user_properties:
            if name == VERDICT:
                self._verdicts.append(Verdict(value))
            elif name == TOLD:
                self._write(str(value))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._verdicts:
            write_categories(self._results)
            write_environment(self._results, self._environment)
        session.exitstatus = exit_status(int(session.exitstatus), self._verdicts, self._failed)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        counts = Counter(verdict.value for verdict in self._verdicts)
        if counts:
            words = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
            terminalreporter.section("Pocketfarm")
            terminalreporter.write_line(f"verdicts  {words}")
            terminalreporter.write_line(f"results   {self._shown(self._folder)}")
            terminalreporter.write_line(f"allure    {self._shown(self._results)}")

    def pytest_unconfigure(self) -> None:
        with ExitStack() as stack:
            stack.callback(self._fleet.close)
            stack.callback(close_lab, self._config)

    def _write(self, text: str) -> None:
        reporter = self._config.pluginmanager.getplugin("terminalreporter")
        if reporter is not None:
            reporter.ensure_newline()
            reporter.write_line(text)

    def _shown(self, path: Path) -> str:
        """A path as the user would type it from where pytest was called."""
        here = self._config.invocation_params.dir
        return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)

    @property
    def _results(self) -> Path:
        return Path(self._config.option.allure_report_dir)

    @property
    def _environment(self) -> dict[str, str]:
        """What holds for the whole run, as Allure shows it."""
        emulated = [handset.name for handset in self._plan.handsets if isinstance(handset, VirtualHandset)]
        return {
            "build": self._plan.build.spec.label,
            "model": self._plan.build.spec.model.name,
            "handsets": ", ".join(handset.name for handset in self._plan.handsets),
            "emulated": ", ".join(emulated) or "none",
            "pocketfarm": version("pocketfarm"),
            "python": platform.python_version(),
            "host": socket.gethostname(),
        }

    @property
    def _workers(self) -> int:
        return worker_count(self._config)
