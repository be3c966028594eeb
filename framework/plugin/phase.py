"""Between pytest's reports and what the dispatcher knows."""

from __future__ import annotations

import pytest

from framework.contract.verdict import Verdict
from framework.plugin.attempts import Phase
from framework.plugin.blame import BLAME, Blame, blamed
from framework.plugin.dispatch import GivenUp
from framework.plugin.outcome import ATTEMPTS, HANDSET, REASONS, UNPROVEN, VERDICT

BLAMED: tuple[tuple[Blame | None, Verdict], ...] = (
    (Blame.LAB, Verdict.LAB),
    (Blame.USER, Verdict.NOT_RUN),
    (None, Verdict.FAIL),
)
"""Who is to blame for a failed phase → its verdict, where it brought none of its own."""


def phase_of(report: pytest.TestReport) -> Phase:
    """What a report says."""
    said = dict(report.user_properties)
    if report.when == "call" and VERDICT in said:
        verdict = Verdict(str(said[VERDICT]))
    elif report.passed or hasattr(report, "wasxfail"):
        verdict = Verdict.PASS
    else:
        verdict = Verdict.NOT_RUN if report.skipped else dict(BLAMED)[blamed(report)]
    told = said.get(REASONS)
    reasons = tuple(map(str, told)) if isinstance(told, list) and told else _reasons(report)
    return Phase(str(report.when), verdict, () if report.passed else reasons, bool(said.get(UNPROVEN)))


def reports_of(given_up: GivenUp) -> list[pytest.TestReport]:
    """As if a worker had told of it: for the terminal, JUnit's XML, `--lf` and whoever else listens."""
    file, _, name = given_up.test.partition("::")
    first, *others = given_up.reasons
    text = "\n  ".join((f"{given_up.verdict.value}: {first}", *others))
    said = [
        (VERDICT, given_up.verdict.value),
        (REASONS, list(given_up.reasons)),
        (HANDSET, [given_up.handset, given_up.model]),
        (ATTEMPTS, given_up.attempts),
        (BLAME, Blame.LAB.value),
    ]
    location = (file, None, name)
    return [
        pytest.TestReport(given_up.test, location, {}, "failed", text, "call", user_properties=said),
        pytest.TestReport(given_up.test, location, {}, "passed", None, "teardown"),
    ]


def _reasons(report: pytest.TestReport) -> tuple[str, ...]:
    """In one line what pytest says of a phase that did not pass."""
    told = report.longrepr
    if isinstance(told, tuple):
        return (str(told[2]),)
    crash = getattr(told, "reprcrash", None)
    return tuple(str(crash.message if crash is not None else told or "").splitlines()[:1])
