"""Redirections and who gets which descriptor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import RunScript


def test_they_are_made_left_to_right_and_undone(sh: RunScript) -> None:
    """`2>&1 >f` leaves errors on stdout; afterwards all is as before."""
    script = "{ echo out; echo err >&2; } 2>&1 >f; echo after; cat f"
    assert sh(script).out == "err\nafter\nout\n"


def test_descriptors_opened_by_exec_are_hidden_from_programs(sh: RunScript) -> None:
    """mksh's own rule: `exec 9>f` is for the shell alone, `9>&9` hands it on, `{ …; } 8>f` always does."""
    script = """exec 9>>lock
flock -n 9 2>/dev/null; echo $?
flock -n 9 9>&9; echo $?
{ flock -n 8; echo $?; } 8>>lock
echo through the shell >&9; cat lock"""
    assert sh(script).out == "1\n0\n1\nthrough the shell\n"


def test_a_failed_redirection_spares_the_rest(sh: RunScript) -> None:
    """The command does not run, the ones after it do; a special built-in ends the script."""
    assert sh("echo a >/nosuch/x; echo $?; { echo b; } </nosuch; echo $?").out == "1\n1\n"
    assert sh(": </nosuch; echo no").out == ""


def test_devices_and_descriptors_by_name(sh: RunScript) -> None:
    """/dev/null, /dev/zero, /dev/stderr and /dev/fd/N."""
    script = "echo x >/dev/null; head -c 3 /dev/zero | wc -c; echo e >/dev/stderr; echo 5 5>f >/dev/fd/5; cat f"
    result = sh(script)
    assert (result.out, result.err) == ("3\n5\n", "e\n")


def test_noclobber_protects_files(sh: RunScript) -> None:
    """With `set -C`, `>` does not overwrite and `>|` does."""
    assert sh("echo a >f; set -C; echo b >f; echo $?; echo c >|f; cat f").out == "1\nc\n"


def test_new_files_have_the_mode_that_umask_leaves(sh: RunScript) -> None:
    """adbd's umask is 0."""
    assert sh("umask; : >a; umask 077; : >b; stat -c %a a b").out == "000\n666\n600\n"
