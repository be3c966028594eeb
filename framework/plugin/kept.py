"""Results that a continued run keeps, told once more to those who tell of the whole run: JUnit's XML and `--lf`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import pytest

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.journal.runs import TeardownFailed
from framework.plugin import junit
from framework.plugin.outcome import HANDSET, LATE, REASONS, VERDICT

KEPT_FROM = "kept"
"""Name of the report property that says which run a result was kept from."""

Outcome = Literal["passed", "failed", "skipped"]


def tell(config: pytest.Config, kept: Iterable[Conclusion], teardowns: Iterable[TeardownFailed], run: str) -> None:
    """Before the session finishes, when both write their files. Nobody counts it as run: the terminal, for one."""
    told = [report for conclusion in kept for report in reports_of(conclusion, run)]
    told += [_late(failure, run) for failure in teardowns]
    for plugin in filter(None, (junit.plugin(config), config.pluginmanager.getplugin("lfplugin"))):
        for report in told:
            plugin.pytest_runtest_logreport(report)


def reports_of(conclusion: Conclusion, run: str) -> Iterator[pytest.TestReport]:
    """As a worker would have told of it."""
    text = "\n  ".join((f"{conclusion.verdict.value}: {next(iter(conclusion.reasons), '')}", *conclusion.reasons[1:]))
    said = _said(run, conclusion.verdict, conclusion.reasons)
    said += [(HANDSET, [conclusion.handset, conclusion.model])] if conclusion.handset else []
    if conclusion.verdict is Verdict.PASS:
        yield _report(conclusion.id, "passed", None, "call", said, conclusion.seconds)
    elif conclusion.verdict is Verdict.NOT_RUN and not conclusion.blames_user:
        where = (conclusion.id.partition("::")[0], 0, f"Skipped: {text}")
        yield _report(conclusion.id, "skipped", where, "setup", said, conclusion.seconds)
    else:
        yield _report(conclusion.id, "failed", text, "call", said, conclusion.seconds)
    yield _report(conclusion.id, "passed", None, "teardown", said)


def _late(failure: TeardownFailed, run: str) -> pytest.TestReport:
    said = [*_said(run, failure.verdict, failure.reasons), (LATE, True)]
    return _report(failure.id, "failed", "; ".join(failure.reasons) or "no reason given", "teardown", said)


def _said(run: str, verdict: Verdict, reasons: tuple[str, ...]) -> list[tuple[str, object]]:
    return [(KEPT_FROM, run), (VERDICT, verdict.value), *([(REASONS, list(reasons))] if reasons else [])]


def _report(
    test: str,
    outcome: Outcome,
    longrepr: Any,
    when: Literal["setup", "call", "teardown"],
    said: list[tuple[str, object]],
    seconds: float = 0.0,
) -> pytest.TestReport:
    file, _, name = test.partition("::")
    return pytest.TestReport(
        test, (file, None, name), {}, outcome, longrepr, when, duration=seconds, user_properties=said
    )
