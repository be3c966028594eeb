"""Errors shaped by who must act, and their words."""

from __future__ import annotations

import pickle

import pytest

from framework.contract.errors import AssistantError, DeadlineError, HandsetError, Problem, UsageError


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (Problem("missing"), "missing"),
        (Problem("missing", "a.yaml"), "a.yaml: missing"),
        (Problem("missing", "a.yaml", 3), "a.yaml:3: missing"),
        (Problem("unknown key", "a.yaml", 3, "x.y", "z"), 'a.yaml:3: x.y: unknown key (did you mean "z"?)'),
        (Problem("two\nlines\x1b[1m"), "two\ufffdlines\ufffd[1m"),
    ],
)
def test_a_problem_is_one_line(problem: Problem, line: str) -> None:
    """Place, key, message and suggestion, each where it is known; nothing that breaks the line."""
    assert str(problem) == line


def test_problems_are_told_line_by_line() -> None:
    """Plain text and problems mix."""
    error = UsageError("first", Problem("second", "a.yaml"))
    assert (str(error), error.exit_code) == ("first\na.yaml: second", 2)


@pytest.mark.parametrize(
    "error",
    [
        HandsetError("rack-7", "no answer", "check the cable"),
        DeadlineError("rack-7", "no answer in 5 s"),
        AssistantError("compact 1.2", "crashed"),
        UsageError(Problem("missing", "a.yaml", 3, "x")),
    ],
)
def test_errors_cross_processes(error: Exception) -> None:
    """xdist's workers send them to the controller."""
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
