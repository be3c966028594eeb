"""The accounts of a run, in its controller: from pytest's reports one conclusion a test, which goes to the journal.

It holds with and without xdist. A report whose outcome somebody has turned into RERUN concludes nothing: its test
will be run again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pytest

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict, gravest
from framework.journal.runs import RunJournal, TeardownFailed
from framework.plugin.blame import Blame, blamed, crashed
from framework.plugin.outcome import ATTEMPTS, HANDSET, LATE, REASONS, RERUN, VERDICT, exit_status


class Accounts:
    """What became of each test. Of a run that this one continues, `kept` are the conclusions.

    `known` are its tests, `lost` the attempts at those that are to be run again, and `teardowns` what failed besides.
    """

    def __init__(
        self,
        journal: RunJournal,
        kept: Iterable[Conclusion] = (),
        known: Iterable[str] = (),
        lost: Mapping[str, int] | None = None,
        teardowns: Iterable[TeardownFailed] = (),
    ) -> None:
        self._journal = journal
        self._reports: dict[str, list[pytest.TestReport]] = {}
        self._over: dict[str, list[pytest.TestReport]] = {}
        """The reports of attempts that are over, and whose worker has not said yet that it is done."""
        self._attempts: Counter[str] = Counter(lost)
        self.conclusions: dict[str, Conclusion] = {conclusion.id: conclusion for conclusion in kept}
        """Test id → how it ended."""
        self.kept = len(self.conclusions)
        self.listeners: list[Callable[[Conclusion], None]] = []
        """Told of each conclusion, once it is written."""
        self.teardowns = list(teardowns)
        """Errors that came when their tests were over: they count, and change no verdict."""
        self.uncollected = ""
        """Why it is not known which tests there are, where the lab is to blame for that."""
        self._unrun = 0
        """How many tests nothing was left to run."""
        self._given_up: list[Conclusion] = []
        """What nothing has run, and is not in the journal as a conclusion yet."""
        self.began_s: dict[str, float] = {}
        """Test id → when its last attempt began, of those that this run has concluded; seconds since 1970."""
        self._known = dict.fromkeys([*known, *self.conclusions])
        self.today: frozenset[str] = frozenset()
        """The tests that this run has collected, kept ones left out."""

    # -- what is told ----------------------------------------------------------------------------------------------

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Without xdist; with it the controller collects nothing, and the scheduler says what is scheduled."""
        self.scheduled(item.nodeid for item in session.items)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if is_late(report):
            self._teardown_failed([report])
            return
        reports = self._reports.setdefault(report.nodeid, [])
        reports.append(report)
        if report.when != "teardown" and not crashed(report):
            return
        self._over[report.nodeid] = self._reports.pop(report.nodeid)
        by_a_worker = hasattr(report, "node") and not crashed(report)
        if not by_a_worker or report.nodeid in self.conclusions:
            self.written(report.nodeid)

    def written(self, *tests: str) -> None:
        """All that there is of the last attempt at these tests is on the disk; without any, of all that are over.

        A worker reports before it has written what belongs to Allure: were the test concluded by then and the run
        killed, whoever continues the run would never have it.
        """
        for test in tests or tuple(self._over):
            reports = self._over.pop(test, None)
            if reports is None:
                continue
            if test in self.conclusions:  # the same test a second time: its verdict is told, and only failures are news
                self._teardown_failed([report for report in reports if report.failed])
                continue
            self._attempts[test] += 1
            self.began_s[test] = min(report.start for report in reports)
            if all(each.outcome != RERUN for each in reports):
                conclusion = conclusion_of(reports, self._attempts[test])
                self._unrun += conclusion.verdict is Verdict.NOT_RUN and any(map(_given_up, reports))
                self.conclude(conclusion)

    def scheduled(self, ids: Iterable[str]) -> None:
        """Those that are kept from the run that is continued are scheduled, too."""
        today = list(ids)
        self.today = frozenset(today)
        self._journal.scheduled(dict.fromkeys([*self._known, *today]))

    def conclude(self, conclusion: Conclusion) -> None:
        """How a test ended for good; also for one that nothing could run, which is told again at the end of the run.

        Were that a conclusion already, a run that is killed and continued would have two of one test.
        """
        self.conclusions[conclusion.id] = conclusion
        (self._journal.concluded if conclusion.attempts else self._journal.given_up)(conclusion)
        self._given_up += [] if conclusion.attempts else [conclusion]
        for listener in self.listeners:
            listener(conclusion)

    def end(self) -> None:
        """The run is over: what was given up stays so."""
        given_up, self._given_up = self._given_up, []
        for conclusion in given_up:
            self._journal.concluded(conclusion)

    def _teardown_failed(self, reports: Iterable[pytest.TestReport]) -> None:
        for report in reports:
            said: dict[str, Any] = dict(report.user_properties)
            handset, _ = said.get(HANDSET, ("", ""))
            failure = TeardownFailed(report.nodeid, _verdict(report), _reasons([report]), handset)
            self.teardowns.append(failure)
            self._journal.teardown_failed(failure)

    def attempts(self, test: str) -> int:
        """How often it has been run to its end, whatever the end."""
        return self._attempts[test]

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The tests that a continued run would run: stopped before their end, or never run."""
        every = dict.fromkeys([*self._known, *self.today])
        return tuple(test for test in every if test not in self.conclusions or not self.conclusions[test].attempts)

    # -- what it comes to ------------------------------------------------------------------------------------------

    @property
    def verdicts(self) -> Counter[Verdict]:
        return Counter(conclusion.verdict for conclusion in self.conclusions.values())

    def exit_status(self, pytest_status: int) -> int:
        """pytest's own, or that of who is to blame for what failed; kept conclusions count as those of today."""
        late = Counter(failure.verdict for failure in self.teardowns)
        user = sum(conclusion.blames_user for conclusion in self.conclusions.values()) + late.pop(Verdict.NOT_RUN, 0)
        counts = self.verdicts + late
        lab = counts[Verdict.LAB] + counts[Verdict.INVALID] + self._unrun + bool(self.uncollected)
        product = sum(count for verdict, count in counts.items() if verdict.blames_build)
        if self.uncollected and pytest_status == pytest.ExitCode.NO_TESTS_COLLECTED:
            pytest_status = pytest.ExitCode.TESTS_FAILED
        return exit_status(pytest_status, failed=product + lab + user, lab=lab, user=user, kept=self.kept)


def is_late(report: pytest.TestReport) -> bool:
    """Whether it tells of what tests shared, when the last of them was over."""
    return any(name == LATE for name, _ in report.user_properties)


def conclusion_of(reports: Sequence[pytest.TestReport], attempts: int) -> Conclusion:
    """What the reports of all phases of one test come to: the gravest of its verdict and of what failed besides."""
    said: dict[str, Any] = {name: value for report in reports for name, value in report.user_properties}
    judged = [report for report in reports if VERDICT not in said or not (report.when == "call" or _given_up(report))]
    verdict = gravest((Verdict(said.get(VERDICT, Verdict.PASS)), *map(_verdict, judged)))
    handset, model = said.get(HANDSET, ("", ""))
    blames_user = verdict is Verdict.NOT_RUN and any(blamed(report) is Blame.USER for report in reports)
    return Conclusion(
        id=reports[0].nodeid,
        verdict=verdict,
        reasons=tuple(said.get(REASONS) or _reasons(reports)),
        handset=handset,
        model=model,
        seconds=round(sum(report.duration for report in reports), 3),
        attempts=int(said.get(ATTEMPTS, attempts)),
        blames_user=blames_user,
    )


def _given_up(report: pytest.TestReport) -> bool:
    return any(name == ATTEMPTS for name, _ in report.user_properties)


def _verdict(report: pytest.TestReport) -> Verdict:
    """Of one phase of a test that has no verdict of its own."""
    if report.failed:
        return {Blame.LAB: Verdict.LAB, Blame.USER: Verdict.NOT_RUN, None: Verdict.FAIL}[blamed(report)]
    return Verdict.NOT_RUN if report.skipped and not hasattr(report, "wasxfail") else Verdict.PASS


def _reasons(reports: Iterable[pytest.TestReport]) -> tuple[str, ...]:
    """In one line what pytest says of a test that did not pass."""
    told = next((report.longrepr for report in reports if not report.passed), None)
    if isinstance(told, tuple):
        return (str(told[2]).removeprefix("Skipped: ").removeprefix("NOT_RUN: "),)
    crash = getattr(told, "reprcrash", None)
    return tuple(str(crash.message if crash is not None else told or "").splitlines()[:1])
