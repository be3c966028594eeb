"""The controller of a run: checks every file once, gives each worker a handset, and tells how it went."""

from __future__ import annotations

import os
import platform
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.handsets import AvdHandset, Handset, UsbHandset, VirtualHandset
from framework.fleet.first_choice import preferred
from framework.fleet.health import Health
from framework.fleet.inventory import target
from framework.journal.runs import JOURNAL, RunJournal, read_run
from framework.plugin import junit
from framework.plugin.assignment import Assignment
from framework.plugin.console import console_of
from framework.plugin.continuation import opened_accounts
from framework.plugin.health_told import HealthTold
from framework.plugin.live.show import Handsets, show
from framework.plugin.live.view import Source
from framework.plugin.not_run import NotRun
from framework.plugin.options import Options, worker_count
from framework.plugin.outcome import TOLD
from framework.plugin.parallel import Parallel
from framework.plugin.plan import Plan
from framework.plugin.pool import Waiting
from framework.plugin.release_page import ReleasePage
from framework.plugin.reporting import redacted_words, reporting
from framework.plugin.rerun import Reruns
from framework.plugin.resume import RESUMED, run_began
from framework.plugin.roll import Roll, prepare
from framework.plugin.run_folder import RunFolder
from framework.plugin.run_history import RunHistory
from framework.plugin.screens import ScreenPlan, Screens
from framework.plugin.summary import (
    Line,
    handset_lines,
    matrix_lines,
    rerun_lines,
    teardown_lines,
    unfinished_line,
    verdict_line,
)
from framework.plugin.virtual_fleet import VirtualFleet
from framework.plugin.waits import Waits
from framework.plugin.worker import (
    LAB,
    SERIALS,
    close_lab,
    lab_of,
    open_lab,
)
from framework.report.allure_files import write_categories, write_config, write_environment, write_executor
from framework.report.allure_retries import gather_retries


class Controller:
    """One run: who runs where, and how it went."""

    def __init__(self, config: pytest.Config, options: Options, plan: Plan, screens: ScreenPlan) -> None:
        self._config, self._plan, self._screen_plan = config, plan, screens
        self._fleet = VirtualFleet(plan.inventory, options.speed, self._write)
        self._health = Health()
        self._assignment = Assignment(plan.handsets, self._target, self._well, options.lease_timeout_s)
        self._ran, self._incomplete = False, ""
        self._began_at, self._redactions = time.time(), dict[str, int]()
        resumed = config.stash.get(RESUMED, None)
        self._run = RunFolder(options.reports, options.keep, (resumed.folder, resumed.lock) if resumed else None)
        self._folder = self._run.path
        if not config.option.allure_report_dir:
            config.option.allure_report_dir = str(self._folder / "allure-results")
        self._redactor = reporting(config).redactor
        self._redactor.know(each.serial for each in plan.handsets if isinstance(each, UsbHandset))
        self._journal = RunJournal(self._folder, self._clean)
        self._accounts = opened_accounts(config, self._journal, run_began(config, options, plan.build))
        config.pluginmanager.register(NotRun(self._accounts), "pocketfarm-not-run")
        config.pluginmanager.register(HealthTold(self._write), "pocketfarm-health")
        config.pluginmanager.register(Waits(config, self._folder / JOURNAL), "pocketfarm-waits")
        self._screens = Screens(screens, self._folder, self._write)
        self._each = options.each is not None
        self._roll = Roll(plan.handsets, self._reached, self._folder, starting=self._each)
        self._history = RunHistory(options.history, options.reports)
        self._page = ReleasePage(self._folder, options.reports, redact=self._redactor.active)
        self._parallel: Parallel | None = None
        self._alone: Reruns | None = None
        if self._workers:
            self._parallel = Parallel(
                config,
                self._workers,
                self._assignment,
                self._health,
                self._accounts,
                self._folder,
                plan.build.spec.label,
                expected=self._history.durations,
                write=self._write,
                who=self._roll.known,
                called=self._roll.call,
                warmth=lambda: self._roll.warmth,
                brought=partial(self._roll.brought, plan.build.spec.label),
            )
            config.pluginmanager.register(self._parallel, "pocketfarm-parallel")

    # -- handsets ------------------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Start what has to be started while pytest still collects."""
        lab = partial(self._config.stash.get, LAB, None)
        fleet, kept = Handsets(self._assignment, self._health, self._sent, lab), self._accounts.conclusions.values()
        source = Source(self._folder / JOURNAL, fleet, kept, self._history.durations)
        show(self._config, source, self._accounts, self._write)
        for handset in self._plan.handsets if self._each else ():
            if isinstance(handset, AvdHandset):
                self._fleet.start(handset)
        prepare(self._config, self._roll.call)
        if self._workers:
            self._roll.call()
        if 0 < self._workers < len(self._plan.handsets):
            self._assignment.prefer(self._first_choice())
        for handset in self._assignment.free[: self._workers or 1]:
            self._fleet.start(handset)
        self._screens.start()
        if self._workers:
            self._assignment.unavailable += self._roll.silent.values()
        else:
            open_lab(
                self._config, list(map(self._waiting, self._plan.handsets)), self._folder, console_of(self._config)
            )
            self._alone = Reruns(self._config, lab_of(self._config), self._write)
            self._config.pluginmanager.register(self._alone, "pocketfarm-reruns")

    def _sent(self, test: str) -> str:
        """The handset that a test was sent to."""
        return self._parallel.dispatcher.attempts.where(test)[0] if self._parallel is not None else ""

    def _first_choice(self) -> list[str]:
        """The names of the handsets, the first ones to be used first."""
        present, label = self._roll.call().present, self._plan.build.spec.label
        holding = {name for name, build in self._roll.builds.items() if build == label}
        return [handset.name for handset in preferred(present, self._plan.needs.values(), holding)]

    def _well(self, name: str) -> bool:
        """Whether a handset may still be given."""
        return self._health.cause(name) is None and name not in self._roll.silent

    def _target(self, handset: Handset) -> Target:
        return self._screens.reached(self._reached(handset))

    def _waiting(self, handset: Handset) -> Waiting:
        """Emulated ones of this run are nobody else's."""
        ours = isinstance(handset, VirtualHandset | AvdHandset)
        return Waiting(partial(self._target, handset), self._roll.known(handset), shared=not ours)

    def _reached(self, handset: Handset) -> Target:
        return target(handset, self._fleet.target)

    def pytest_report_header(self) -> str:
        return f"screens: {self._screen_plan.told(self._assignment.free[: self._workers or 1])}"

    # -- how it went ---------------------------------------------------------------------------------------------

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._ran = True
        for name, value in report.user_properties if report.when == "call" else ():
            if name == TOLD:
                self._write(str(value))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self._redactor.know(getattr(node, "workeroutput", {}).get(SERIALS, ()))

    def _clean(self, record: Any) -> Any:
        """What the journal is told, by what is known by then."""
        self._redactor.know(handset.serial for handset in self._assignment.known.values())
        return self._redactor.record(record)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """When every worker has ended, and written what it had to."""
        self._accounts.end()
        if self._ran:
            self._complete_results()
        if self._accounts.conclusions:
            self._history.record(self._folder, len(self._accounts.conclusions))
            self._page.write(self._history.account, self._history.left.baseline)
        junit.redact(self._config, self._redactor)
        session.exitstatus = self._accounts.exit_status(int(session.exitstatus))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if not self._ran and not self._accounts.kept:
            return
        terminalreporter.section("Pocketfarm")
        for word, text in self._summary():
            terminalreporter.write_line(f"{word:<10}{text}")

    def _summary(self) -> Iterator[Line]:
        yield from verdict_line(self._accounts.verdicts)
        yield from self._history.lines()
        yield "screens", self._environment["screens"]
        lab = self._config.stash.get(LAB, None)
        yield from handset_lines({**self._health.quarantined, **(lab.quarantined if lab else {})}, self._unavailable)
        yield from matrix_lines(self._roll.call()) if self._each else ()
        yield from rerun_lines(self._parallel.dispatcher.attempts.reruns if self._parallel else ())
        yield from rerun_lines(self._alone.reruns if self._alone else ())
        yield from teardown_lines(self._accounts.teardowns)
        if self._run.removed:
            yield "removed", f"{self._run.removed} older runs (--keep)"
        yield from unfinished_line(len(self._accounts.unfinished), self._folder.name)
        if self._redactions:
            yield "redacted", f"{redacted_words(self._redactions, active=True)} (--no-redact leaves them)"
        yield "results", self._shown(self._folder)
        yield "release", self._page.missing or self._shown(self._page.page)
        yield "allure", f"{self._shown(self._results)}{self._incomplete}"

    def pytest_unconfigure(self) -> None:
        with ExitStack() as stack:
            stack.callback(self._run.close)
            stack.callback(self._journal.close)
            stack.callback(self._fleet.close)
            stack.callback(self._screens.close)
            stack.callback(close_lab, self._config)

    def _complete_results(self) -> None:
        """What holds for the whole run; a disk that is full by then changes no verdict."""
        try:
            if self._parallel is not None:
                self._parallel.complete_results()
            gather_retries(self._results)
            if counts := self._redactor.take():
                self._journal.redacted(counts)
            self._redactions = dict(read_run(self._folder).redacted)
            write_executor(self._results, self._folder.name, self._began_at, os.environ)
            write_categories(self._results)
            write_environment(self._results, self._environment)
            write_config(self._folder, f"Pocketfarm: {self._plan.build.spec.label}")
        except OSError as error:
            self._incomplete = f" (incomplete: {error.strerror})"

    def _write(self, text: str) -> None:
        """A line of its own, also after the dots of earlier tests."""
        reporter = self._config.pluginmanager.getplugin("terminalreporter")
        if reporter is not None:
            reporter.ensure_newline()
            writer = self._config.get_terminal_writer()
            if writer.width_of_current_line:
                writer.line()
            reporter.write_line(text)

    def _shown(self, path: Path) -> str:
        """A path as the user would type it from where pytest was called."""
        here = self._config.invocation_params.dir
        return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)

    @property
    def _unavailable(self) -> list[HandsetError]:
        """Why handsets could not be used: seen by us, or by the lab of this process."""
        lab = self._config.stash.get(LAB, None)
        errors = self._assignment.unavailable + (lab.unavailable if lab else []) + list(self._roll.silent.values())
        return list({error.handset: error for error in reversed(errors)}.values())[::-1]

    @property
    def _results(self) -> Path:
        return Path(self._config.option.allure_report_dir)

    @property
    def _environment(self) -> dict[str, str]:
        """What holds for the whole run, as Allure shows it."""
        lab = self._config.stash.get(LAB, None)
        used = list(self._assignment.known.values()) + (lab.used if lab else [])
        names = dict.fromkeys([*(handset.name for handset in used), *self._kept_handsets])
        virtual = {each.name for each in self._plan.handsets if isinstance(each, VirtualHandset | AvdHandset)}
        virtual |= {handset.name for handset in used if handset.emulated}
        return {
            "build": self._plan.build.spec.label,
            "model": self._plan.build.spec.model.name,
            "handsets": ", ".join(names) or "none",
            "emulated": ", ".join(name for name in names if name in virtual) or "none",
            "quarantined": "; ".join(f"{name}: {cause}" for name, cause in self._health.quarantined.items()) or "none",
            "screens": "; ".join(sorted({handset.screen for handset in used})) or "none",
            "pocketfarm": version("pocketfarm"),
            "python": platform.python_version(),
            "host": socket.gethostname(),
            "redacted": redacted_words(self._redactions, active=self._redactor.active),
        }

    @property
    def _kept_handsets(self) -> list[str]:
        """Of the run that this one continues."""
        return [conclusion.handset for conclusion in self._accounts.conclusions.values() if conclusion.handset]

    @property
    def _workers(self) -> int:
        return worker_count(self._config)
