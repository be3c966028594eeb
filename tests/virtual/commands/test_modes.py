"""File modes as text."""

from __future__ import annotations

import pytest

from framework.virtual.commands.context import CommandFault
from framework.virtual.commands.modes import changed_mode, mode_text


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("755", 0, 0o755),
        ("u+x", 0o644, 0o744),
        ("go-r", 0o644, 0o600),
        ("a=r", 0o777, 0o444),
        ("u=rwx,g=rx,o=", 0, 0o750),
        ("+x", 0o644, 0o755),
        ("g=u", 0o640, 0o660),
        ("o+X", 0o644, 0o644),
        ("o+X", 0o744, 0o745),
        ("u+s,+t", 0o755, 0o5755),
    ],
)
def test_changes(text: str, before: int, after: int) -> None:
    """Numbers, classes, several clauses, copies, X, set-id and sticky bits."""
    assert changed_mode(text, before, is_directory=False) == after


def test_x_always_counts_for_directories_and_umask_for_nobody_in_particular() -> None:
    """X on a directory; `+w` leaves out what umask takes, `a+w` does not."""
    assert changed_mode("a+X", 0o644, is_directory=True) == 0o755
    assert changed_mode("+w", 0o444, is_directory=False, umask=0o022) == 0o644
    assert changed_mode("a+w", 0o444, is_directory=False, umask=0o022) == 0o666


@pytest.mark.parametrize("text", ["zzz", "u", "999", ""])
def test_what_is_no_mode_is_refused(text: str) -> None:
    """As a fault of the command line."""
    with pytest.raises(CommandFault):
        changed_mode(text, 0, is_directory=False)


def test_modes_are_shown_as_ls_does() -> None:
    """With the type in front."""
    assert [mode_text(0o100644), mode_text(0o41777)] == ["-rw-r--r--", "drwxrwxrwt"]
