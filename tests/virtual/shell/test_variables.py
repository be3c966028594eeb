"""Variables of a shell."""

from __future__ import annotations

import pytest

from framework.virtual.shell.variables import ShellFault, Variables


def test_only_exported_variables_reach_programs() -> None:
    """What came from the environment is exported, what is assigned is not."""
    variables = Variables({"HOME": "/"}, {})
    variables.set("x", "1")
    variables.mark("y", exported=True)
    variables.mark("z", exported=True)
    variables.set("z", "3")
    assert variables.exported() == {"HOME": "/", "z": "3"}


def test_local_variables_end_with_their_function() -> None:
    """Also when functions are nested, and when there was none before."""
    variables = Variables({"x": "out"}, {})
    variables.enter()
    variables.localize("x")
    variables.set("x", "in")
    variables.enter()
    variables.localize("x")
    variables.localize("y")
    variables.set("y", "deep")
    variables.leave()
    assert [variables.get("x"), variables.get("y")] == ["in", None]
    variables.leave()
    assert [variables.get("x"), variables.in_function] == ["out", False]


def test_read_only_and_integer_variables() -> None:
    """One refuses what is assigned, the other evaluates it."""
    variables = Variables({}, {})
    variables.mark("n", integer=True)
    variables.set("n", "2+3")
    variables.set("r", "1")
    variables.mark("r", readonly=True)
    assert variables.get("n") == "5"
    with pytest.raises(ShellFault, match="read-only: r"):
        variables.set("r", "2")
    with pytest.raises(ShellFault, match="read-only: r"):
        variables.unset("r")


def test_a_copy_is_independent() -> None:
    """What a subshell changes stays there."""
    variables = Variables({"x": "1"}, {"COMPUTED": lambda: "7"})
    copy = variables.copy()
    copy.set("x", "2")
    copy.set("y", "3")
    assert [variables.get("x"), variables.get("y"), copy.get("COMPUTED")] == ["1", None, "7"]


def test_values_for_one_command_are_taken_back() -> None:
    """`x=1 command`: exported while it runs."""
    variables = Variables({}, {})
    variables.set("x", "before")
    saved = variables.with_temporary({"x": "now", "y": "new"})
    assert variables.exported() == {"x": "now", "y": "new"}
    variables.restore(saved)
    assert [variables.get("x"), variables.get("y"), variables.exported()] == ["before", None, {}]
