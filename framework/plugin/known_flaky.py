"""At the end of a run: which of its failures are of tests that earlier runs know as flaky."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from framework.contract.account import Key
from framework.history.flaky import PastRun, flaky
from framework.plugin.summary import Line

MOST = 3
"""Tests that are named."""


def flaky_line(failed: Collection[Key], earlier: Iterable[PastRun]) -> Iterator[Line]:
    """None where no failure is of such a test; `failed` are those that blame the build."""
    known = [one.id for one in flaky(earlier) if one.changes and one.key in failed]
    if not known:
        return
    failures = f"{len(known)} of {len(failed)} failures" if len(failed) > 1 else "the failure"
    names = ", ".join(known[:MOST]) + (f" and {len(known) - MOST} more" if len(known) > MOST else "")
    whose = "it" if len(known) == 1 else "they"
    yield "flaky", f"{failures}: with one build {whose} passed and failed before: {names} (farm flaky)"
