"""The section `not run` at the end of a run: what nothing could run, and why, also without `-rs`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.plugin.accounts import Accounts

MOST = 5
"""Tests that are named for one reason; the others are counted, the journal has them all."""


class NotRun:
    """In the controller. What the user has skipped, pytest tells itself (`-rs`)."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._skipped: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and f"{Verdict.NOT_RUN.value}: " not in str(report.longrepr):
            self._skipped.add(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        left = [one for one in self._accounts.conclusions.values() if self._counts(one)]
        if left or self._accounts.uncollected:
            terminalreporter.section("not run")
            for line in filter(None, [self._accounts.uncollected]):
                terminalreporter.write_line(line)
            for line in lines_of(left):
                terminalreporter.write_line(line)

    def _counts(self, conclusion: Conclusion) -> bool:
        ours = conclusion.verdict is Verdict.NOT_RUN and not conclusion.blames_user
        return ours and conclusion.id not in self._skipped


def lines_of(conclusions: Sequence[Conclusion]) -> Iterator[str]:
    """The tests under the reason that they share, in the order in which it was first told."""
    for reason, tests in _by_reason(conclusions).items():
        yield reason
        yield from (f"    {test}" for test in tests[:MOST])
        if len(tests) > MOST:
            yield f"    and {len(tests) - MOST} more"


def _by_reason(conclusions: Sequence[Conclusion]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for conclusion in conclusions:
        found.setdefault("; ".join(conclusion.reasons) or "no reason given", []).append(conclusion.id)
    return found
