"""A run on several handsets at once: the controller's side of its workers, one worker a handset."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from framework.contract.errors import HandsetError
from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.fleet.health import Health
from framework.fleet.planning.queue import Brought, Job
from framework.plugin import junit
from framework.plugin.accounts import Accounts, is_late
from framework.plugin.assignment import Assignment
from framework.plugin.attempts import Rerun
from framework.plugin.blame import crashed
from framework.plugin.collected import Test, read_tests
from framework.plugin.console import console_of
from framework.plugin.dispatch import Dispatcher, GivenUp
from framework.plugin.health_told import health_of
from framework.plugin.heat import Heat, Warmth
from framework.plugin.in_turn import turns_of
from framework.plugin.later import Later
from framework.plugin.lost_attempt import lost_left_out
from framework.plugin.outcome import HANDSET, RERUN, RerunStatus, rerun_status
from framework.plugin.phase import phase_of, reports_of
from framework.plugin.refit import Refit
from framework.plugin.roll import Called
from framework.plugin.run_fleet import RunFleet, Who
from framework.plugin.scheduler import WAKE, FleetScheduling
from framework.plugin.spares import Spares
from framework.plugin.swap import target_text
from framework.plugin.unfit import read_unfit
from framework.plugin.worker import CONSOLE, RESULTS, RUN_FOLDER, TARGET, UNAVAILABLE

USUAL_S = 10.0
"""How long a test is expected to take where no run before tells."""

UNCOLLECTED = (
    "every worker ended before it had collected the tests, the last one {}; so which tests there are is not known, and "
    "none was run: `pytest --collect-only -n 0` with the same arguments may show why"
)
UNSCHEDULED = (
    "{} has collected it, and the first worker, by whose tests the run goes, has not: tests must not be random"
)
Expected = Callable[[], Mapping[tuple[str, str], float]]
"""(test id, model) → seconds, of recent runs."""


class Parallel:
    """Plugin of the controller; the scheduler asks it what to send where."""

    def __init__(
        self,
        config: pytest.Config,
        workers: int,
        assignment: Assignment,
        health: Health,
        accounts: Accounts,
        folder: Path,
        build: str,
        *,
        expected: Expected,
        write: Callable[[str], None],
        who: Who,
        called: Callable[[], Called],
        warmth: Callable[[], Mapping[str, Warmth]],
        brought: Callable[[], Brought],
    ) -> None:
        self._config, self._workers, self._folder = config, workers, folder
        self._assignment, self._accounts = assignment, accounts
        self._expected, self._write, self._brought, self._warmth = expected, write, brought, warmth
        self._build = build
        spares = Spares(assignment.ask)
        self._fleet = RunFleet(assignment, health, spares, who, called)
        self.dispatcher = Dispatcher(self._fleet, health)
        self._heat = Heat()
        self._rest_ends_s: dict[str, float] = {}
        """Handsets that are not to be used just now → when their deadline is over (monotonic)."""
        self._later = Later(self._wake)
        self._refit = Refit(assignment, health, self._fleet, self.dispatcher, spares, folder, self._wake)
        self._begun: set[str] = set()
        """The tests of which their workers have said that they begin."""
        self._crash_reruns: set[str] = set()
        self._scheduled: list[str] = []
        self._last_down = ""
        """Which worker was the last to end, and why, before the tests were known."""
        self._nodes: dict[str, Any] = {}
        """The workers that were started and have not ended."""

    # -- workers ---------------------------------------------------------------------------------------------------

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """A handset for a worker that is about to start, or the reason why there is none for it."""
        node.workerinput[RUN_FOLDER] = str(self._folder)
        node.workerinput[RESULTS] = str(self._config.option.allure_report_dir)
        node.workerinput[CONSOLE] = tuple(console_of(self._config))
        worker = node.gateway.id
        self._nodes[worker] = node
        self._fleet.workers.add(worker)
        try:
            give = self._assignment.give_again if self.dispatcher.begun else self._assignment.give
            node.workerinput[TARGET] = target_text(give(worker))
        except HandsetError as error:
            node.workerinput[UNAVAILABLE] = (error.handset, error.what, error.mend)
            return
        handset = self._assignment.held(worker)
        assert handset is not None
        self.dispatcher.join(handset)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object | None) -> None:
        """The handset of a worker that is gone is free for the one that replaces it."""
        self._nodes.pop(node.gateway.id, None)
        if not self.dispatcher.begun:
            self._last_down = f"{node.gateway.id}: {error or 'it ended by itself'}"
        self._fleet.workers.discard(node.gateway.id)
        self.dispatcher.look_again()
        handset = self._assignment.take_back(node.gateway.id)
        if handset is not None:
            self.dispatcher.leave(handset.name)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self) -> FleetScheduling:
        return FleetScheduling(self._workers, self)

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str, report: Any) -> None:
        where = self.dispatcher.attempts.where(crashitem)
        report.user_properties.append((HANDSET, list(where)))
        if crashitem in self._crash_reruns:
            self._crash_reruns.remove(crashitem)
            report.outcome = RERUN

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """However it ends: what was stopped before it began has its conclusion, too, and is not told test by test."""
        try:
            return (yield)
        finally:
            self._later.close()
            self._accounts.written()
            if self._last_down and not self.dispatcher.begun and not self._nodes and not self.stopping:
                self._accounts.uncollected = UNCOLLECTED.format(self._last_down)
            stopped = self._stopped
            for given_up in self.dispatcher.give_up_all(stopped) if stopped else ():
                if given_up.test not in self._accounts.conclusions:
                    self._accounts.conclude(given_up.conclusion)

    # -- what the scheduler asks -----------------------------------------------------------------------------------

    def schedule(self, tests: Sequence[str]) -> None:
        known = {test.id: test for test in read_tests(self._folder)}
        self._fleet.tests = known
        seconds = self._seconds()
        jobs = [_job(test, known.get(test), seconds) for test in dict.fromkeys(tests)]
        self._heat.known(self._warmth())
        self.dispatcher.schedule(*turns_of(self._config, jobs), brought=self._brought())
        self._scheduled = list(self.dispatcher.attempts.open)
        self._accounts.scheduled(self._scheduled)

    def take(self, worker: str) -> str | None:
        handset = self._assignment.held(worker)
        if handset is None:
            return None
        limits = (self._fleet.skin_below_c(test) for test in self.dispatcher.waiting)
        coolest = min((limit for limit in limits if limit is not None), default=None)
        cool_in_s = {each.name: self._heat.cool_in_s(each.name, coolest) for each in self._assignment.holding}
        now = time.monotonic()
        rest_s = {name: max(0.0, self._rest_ends_s.get(name, now) - now) for name in cool_in_s}
        for name, seconds in cool_in_s.items():
            self.dispatcher.warm(name, max(seconds, rest_s[name]))
        test = self.dispatcher.take(worker, now) if not rest_s[handset.name] else None
        ready_in_s = rest_s[handset.name] or cool_in_s[handset.name]
        if test is None and ready_in_s > 0:
            self._later.at(worker, ready_in_s)
        return test

    def not_collected(self, test: str) -> None:
        self.dispatcher.not_collected(test)

    def differs(self, worker: str, missing: Sequence[str], more: Sequence[str]) -> None:
        """Told, and nothing is hidden: what the run has begun without is NOT_RUN."""
        counts = f"{len(missing)} of the run are missing, {len(more)} are not of the run"
        first = ", ".join([*missing, *more][:2])
        self._write(f"{worker} has collected other tests than the first worker: {counts} ({first}); they must be alike")
        new = [test for test in more if test not in self._scheduled]
        if new:
            self._scheduled += new
            self._accounts.scheduled(self._scheduled)
        for given_up in self.dispatcher.give_up_unscheduled(new, UNSCHEDULED.format(worker)):
            self._give_up(given_up)

    def ended(self, test: str) -> None:
        self._begun.discard(test)
        self._accounts.written(test)
        where, _ = self.dispatcher.attempts.where(test)
        self.dispatcher.ended(test, read_unfit(self._folder, where))

    def crashed(self, test: str, worker: str) -> bool:
        """Whether the test was running."""
        if self.stopping:
            return False
        began = test in self._begun
        self._begun.discard(test)
        self._accounts.written(test)  # where it had ended by then
        again = self.dispatcher.crashed(test, worker, began=began)
        if again:
            self._crash_reruns.add(test)
        elif again is False:
            reasons = (f"worker {worker} crashed while it ran", "it was run again after a crash before")
            self._unrun(Conclusion(test, Verdict.LAB, reasons, *self.dispatcher.attempts.where(test)))
        return again is not None

    def pending_again(self, test: str) -> None:
        self.dispatcher.pending_again(test)

    def refit(self, idle: Sequence[str]) -> None:
        self._refit.begin(idle)

    def settle(self) -> None:
        for line in self._refit.arrive():
            self._write(line)
        for given_up in self.dispatcher.settle():
            self._give_up(given_up)

    def carry_on(self) -> None:
        """A worker that may not be replaced ends a run of xdist; here the others go on, and those that still start."""
        if self._nodes:
            self._xdist.shuttingdown = False

    @property
    def finished(self) -> bool:
        return self.dispatcher.finished

    @property
    def stopping(self) -> bool:
        return bool(getattr(self._xdist, "shouldstop", False))

    @property
    def _stopped(self) -> str:
        """Why no more tests are begun, where that is what the user has asked for."""
        failures, allowed = self._xdist.countfailures, self._xdist.maxfail
        if not allowed or failures < allowed:
            return ""
        return f"the run was stopped after {failures} {'failure' if failures == 1 else 'failures'}"

    @property
    def _xdist(self) -> Any:
        """Its `DSession`."""
        return self._config.pluginmanager.getplugin("dsession")

    # -- reports ---------------------------------------------------------------------------------------------------

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._begun.add(nodeid)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None]:
        """Before anybody counts it, such as `--maxfail`."""
        if not crashed(report) and hasattr(report, "node") and not is_late(report):
            phase = phase_of(report)
            if self.dispatcher.reported(report.nodeid, phase) and report.failed:
                report.outcome = RERUN  # type: ignore[assignment]
            if report.when == "teardown":
                lost = self.dispatcher.attempts.reruns_of(report.nodeid)
                report.user_properties += [(junit.PROPERTY, str(rerun)) for rerun in lost]
            if (health := health_of(report)) is not None:
                self.dispatcher.checked(health["handset"], health["wrong"])
                self._rest_ends_s[health["handset"]] = time.monotonic() + health["rests_s"]
                if "skin_c" in health["gauges"]:
                    self._heat.noted(health["handset"], health["gauges"]["skin_c"], health["time_scale"])
        with lost_left_out(self._config, report):
            yield
        if report.outcome == RERUN:
            where, _ = self.dispatcher.attempts.where(report.nodeid)
            self._write(f"RERUN  {Rerun(report.nodeid, where, phase_of(report).reasons)}")

    def pytest_report_teststatus(self, report: Any) -> RerunStatus | None:
        return rerun_status(report)

    def _wake(self, worker: str) -> None:
        """An event that ends no test, after which xdist asks what there is to do."""
        node = self._nodes.get(worker)
        if node is not None:
            node.notify_inproc("runtest_protocol_complete", node=node, item_index=WAKE, duration=0.0)

    def _give_up(self, given_up: GivenUp) -> None:
        self._unrun(given_up.conclusion)
        for report in reports_of(given_up):
            self._config.hook.pytest_runtest_logreport(report=report)

    def _unrun(self, conclusion: Conclusion) -> None:
        """Into Allure's results, since no worker did it; a disk that is full by then changes no verdict."""
        from framework.plugin.unrun import desk, known
        from framework.report.allure_unrun import write_unrun

        with suppress(OSError):
            test = self._fleet.tests.get(conclusion.id)
            write_unrun(desk(self._config, self._build), conclusion, known(test, self._build))

    def complete_results(self) -> None:
        """What a worker could not write into Allure's folder, since it died, or no worker ever had."""
        from framework.report.allure_unrun import without_result

        conclusions, began_s = self._accounts.conclusions, self._accounts.began_s
        results = Path(self._config.option.allure_report_dir)
        for test in without_result(results, {test: began_s.get(test, 0.0) for test in conclusions}):
            self._unrun(conclusions[test])

    def _seconds(self) -> dict[str, float]:
        """Test → what it takes on the handsets where it has been run."""
        found: dict[str, list[float]] = {}
        for (test, _), seconds in self._expected().items():
            found.setdefault(test, []).append(seconds)
        return {test: median(values) for test, values in found.items()}


def _job(test: str, known: Test | None, seconds: dict[str, float]) -> Job:
    expected_s = seconds.get(test, USUAL_S)
    if known is None:
        return Job(test, expected_s)
    return Job(test, expected_s, known.measured, kind=(known.needs, known.variant))
