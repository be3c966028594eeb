"""What the controller of a continued run does besides: it orders the folder, selects the rest, tells what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.journal.runs import RunBegan, RunJournal
from framework.plugin.accounts import Accounts
from framework.plugin.kept import tell
from framework.plugin.options import worker_count
from framework.plugin.resume import RESUMED, Resumed, with_results
from framework.plugin.selection import KEPT, SCHEDULED, Selecting
from framework.plugin.unrun import desk
from framework.report.allure_unrun import write_unrun
from framework.report.leftovers import ASIDE, remove_torn, set_aside, set_results_aside, told_by_allure

VANISHED = "it is no longer collected: its file or its name has changed since the run was begun"


def opened_accounts(config: pytest.Config, journal: RunJournal, began: RunBegan) -> Accounts:
    """The accounts of this run, with those of the run that it continues where it does."""
    resumed = config.stash.get(RESUMED, None)
    results = Path(config.option.allure_report_dir)
    if resumed is None:
        journal.began(began)
        accounts = Accounts(journal)
    else:
        told = told_by_allure(results)
        resumed = with_results(resumed, told)
        if resumed.record.began is not None:  # an older run's results do not tell which test they are of
            for conclusion in resumed.kept:
                if conclusion.id not in told or _is_of_a_lost_attempt(told[conclusion.id], conclusion):
                    write_unrun(desk(config, began.build), conclusion)
        journal.began(began)
        kept = {conclusion.id for conclusion in resumed.kept}
        teardowns = [failure for failure in resumed.record.teardowns if failure.id in kept]
        accounts = Accounts(journal, resumed.kept, resumed.record.scheduled, resumed.lost, teardowns)
        continuation = Continuation(config, resumed, accounts, results)
        if resumed.unrun:  # their results are aside by now: a run that is killed here knows them no more
            journal.reopened(sorted(resumed.unrun))
        config.pluginmanager.register(continuation, "pocketfarm-continuation")
        if not worker_count(config):
            config.pluginmanager.register(continuation.selecting, "pocketfarm-selecting")
    config.pluginmanager.register(accounts, "pocketfarm-accounts")
    return accounts


def _is_of_a_lost_attempt(told: Conclusion, conclusion: Conclusion) -> bool:
    """What Allure has of a test, where the worker that ran it last died before it had written that."""
    return conclusion.verdict is Verdict.PASS and conclusion.attempts > 1 and told.verdict is Verdict.LAB


class Continuation:
    """Plugin of the controller."""

    def __init__(self, config: pytest.Config, resumed: Resumed, accounts: Accounts, results: Path) -> None:
        self._config, self._resumed, self._accounts = config, resumed, accounts
        self._teardowns = tuple(accounts.teardowns)
        self._time = resumed.record.times
        self._aside = set_aside(resumed.folder, resumed.is_kept, self._time)
        self._torn = remove_torn(results)
        set_results_aside(resumed.folder, results, resumed.unrun, self._time)
        for conclusion in resumed.unwritten:
            accounts.conclude(conclusion)

    @property
    def selecting(self) -> Selecting:
        """For a run in this process."""
        return Selecting(self._kept_ids, self._resumed.record.scheduled)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[KEPT] = self._kept_ids
        node.workerinput[SCHEDULED] = list(self._resumed.record.scheduled)

    def pytest_report_header(self) -> Sequence[str]:
        torn = [f"{self._torn} half written files in Allure's folder were removed"] if self._torn else ()
        return [self._resumed.told(), *torn]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """A test that cannot be found any more ends in a verdict, too; and what a CI reads tells of the whole run."""
        vanished: list[Conclusion] = []
        complete = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)
        if complete and not self._resumed.narrowed:
            for test in self._resumed.left:
                if test not in self._accounts.today and test not in self._accounts.conclusions:
                    vanished.append(Conclusion(test, Verdict.NOT_RUN, (VANISHED,), attempts=0))
                    self._accounts.conclude(vanished[-1])
        tell(self._config, (*self._resumed.kept, *vanished), self._teardowns, self._resumed.folder.name)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        terminalreporter.write_line(f"resumed   {self._resumed.told()}")
        for conclusion in self._resumed.kept:
            if conclusion.verdict not in (Verdict.PASS, Verdict.NOT_RUN) or conclusion.blames_user:
                first = next(iter(conclusion.reasons), "no reason given")
                terminalreporter.write_line(f"kept      {conclusion.verdict.value} {conclusion.id}: {first}")
        for test, number in self._aside.items():
            recordings = "1 recording" if number == 1 else f"{number} recordings"
            terminalreporter.write_line(f"aside     {test}: {recordings} from before, in {ASIDE}/{self._time}")

    @property
    def _kept_ids(self) -> list[str]:
        return [conclusion.id for conclusion in self._resumed.kept]
