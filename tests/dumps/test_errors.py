"""The error of the parsers."""

from __future__ import annotations

import pickle

from framework.dumps.errors import DumpError


def test_it_says_what_was_expected_where() -> None:
    """One line: kind, line, expectation."""
    assert str(DumpError("psi", 3, "a number")) == "psi: line 3: expected a number"


def test_it_crosses_processes() -> None:
    """A worker's error arrives at the controller as it was."""
    error = pickle.loads(pickle.dumps(DumpError("psi", 3, "a number")))
    assert (type(error), error.kind, error.line, error.expected) == (DumpError, "psi", 3, "a number")
