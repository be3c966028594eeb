"""A run without xdist: a test whose attempt told nothing about the build is run again, on another handset.

With xdist that is for the controller to decide. Here it is put back into the tests of the session, right after the
one that ran, so that whatever listens to pytest sees two runs of it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import pytest

from framework.contract.verdict import Verdict
from framework.fleet.requeue import Again, Lost
from framework.plugin import junit
from framework.plugin.attempts import Rerun
from framework.plugin.blame import Blame, blamed
from framework.plugin.collected import described
from framework.plugin.lost_attempt import lost_left_out
from framework.plugin.outcome import ATTEMPTS, HANDSET, REASONS, RERUN, UNPROVEN, VERDICT, RerunStatus, rerun_status

if TYPE_CHECKING:
    from framework.plugin.lab import Lab


class Reruns:
    """Plugin of the one process."""

    def __init__(self, config: pytest.Config, lab: Lab, write: Callable[[str], None]) -> None:
        self._config, self._lab, self._write = config, lab, write
        self._item: pytest.Item | None = None
        self._lost: dict[str, list[Lost]] = {}
        self.reruns: list[Rerun] = []
        self._passed = True
        """Whether the phases of the test that runs have passed so far."""
        self._again: Again | None = None
        """Where the test that runs will be run again."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Begin on the handset that was chosen; and put the test back where another attempt is due."""
        self._item, self._passed = item, True
        again, self._again = self._again, None
        self._lab.choose(*((again.on, again.avoid) if again else ()))
        if item.nodeid in self._lost:
            item.user_properties.clear()  # those of the attempt before
        done = yield
        if self._again is not None:
            item.session.items.insert(item.session.items.index(item) + 1, item)
        return done

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None]:
        """Before anybody counts it, such as `--maxfail`."""
        before = [rerun for rerun in self.reruns if rerun.test == report.nodeid]
        lost = _is_lost(report) and (report.when != "teardown" or self._passed)
        self._passed &= report.passed or hasattr(report, "wasxfail")
        if lost and (rerun := self._rerun(report)) is not None:
            report.outcome = RERUN  # type: ignore[assignment]  # one more than pytest knows
            self._write(f"RERUN  {rerun}")
        elif before and dict(report.user_properties).get(ATTEMPTS) == 0:  # it was run, and nothing is left now
            reasons = [*before[-1].reasons, *_reasons(report)]
            report.user_properties += [(VERDICT, Verdict.LAB.value), (REASONS, reasons), (ATTEMPTS, len(before))]
        if report.when == "teardown":
            report.user_properties += [(junit.PROPERTY, str(rerun)) for rerun in before]
        with lost_left_out(self._config, report):
            yield

    def pytest_report_teststatus(self, report: Any) -> RerunStatus | None:
        return rerun_status(report)

    def _rerun(self, report: pytest.TestReport) -> Rerun | None:
        """The attempt, where another one follows."""
        said = dict(report.user_properties)
        handset, item = said.get(HANDSET), self._item
        if not isinstance(handset, list) or item is None:
            return None
        test = described(item)
        name, model = map(str, handset)
        lost = [*self._lost.get(test.id, ()), Lost(name, model, unproven=bool(said.get(UNPROVEN)))]
        found = self._lab.next_for(test.needs, test.variant, lost)
        if not isinstance(found, Again):
            return None
        self._again, self._lost[test.id] = found, lost
        self.reruns.append(Rerun(test.id, lost[-1].handset, _reasons(report)))
        return self.reruns[-1]


def _is_lost(report: pytest.TestReport) -> bool:
    """LAB, or a build that did not start; a teardown has no verdict of its own, only the call's."""
    if not report.failed:
        return False
    said = dict(report.user_properties)
    if report.when == "teardown":
        return blamed(report) is Blame.LAB
    lab = blamed(report) is Blame.LAB and said.get(VERDICT, Verdict.LAB.value) == Verdict.LAB.value
    return lab or bool(said.get(UNPROVEN))


def _reasons(report: pytest.TestReport) -> tuple[str, ...]:
    said = dict(report.user_properties).get(REASONS)
    return tuple(map(str, said)) if isinstance(said, list) and said else (report.longreprtext.partition("\n")[0],)
