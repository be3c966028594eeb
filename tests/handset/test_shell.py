"""Commands on the handset, over both transports, by a real mksh."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framework.contract.capabilities import ShellResult
from framework.contract.errors import DeadlineError, HandsetError
from framework.handset.adbd import AdbdConnection
from framework.handset.shell import HandsetShell

BIG = 3 << 20


def test_exit_output_and_errors_are_told_apart(shell: HandsetShell) -> None:
    """A script's status, output and error output come back as they are."""
    assert shell.script("echo out; echo err >&2; exit 7") == ShellResult(7, b"out\n", b"err\n")


def test_arguments_are_quoted(shell: HandsetShell) -> None:
    """No argument is read as shell."""
    arguments = ("a b", "$(id)", "'", '"', "*", "", "\n", ";", "天气")
    assert shell.run("printf", "%s|", *arguments).stdout == "".join(f"{a}|" for a in arguments).encode()


def test_input_ends(shell: HandsetShell) -> None:
    """A program that reads to the end of its input gets there, with and without input."""
    assert shell.run("cat", stdin=b"x\0y").stdout == b"x\0y"
    assert shell.run("cat").stdout == b""


def test_much_input_and_much_output_at_once(shell: HandsetShell) -> None:
    """A program that prints while it reads stops neither side."""
    data = bytes(range(256)) * (BIG // 256)
    assert shell.run("cat", stdin=data, timeout_s=60).stdout == data


def test_input_that_nobody_reads(shell: HandsetShell) -> None:
    """A program may end without reading its input."""
    assert shell.script("exit 3", stdin=bytes(BIG)).exit == 3


def test_a_deadline_ends_the_wait_and_the_program(shell: HandsetShell) -> None:
    """A command that takes too long is a DeadlineError that names it, and is gone from the handset."""
    with pytest.raises(DeadlineError, match=r"phone: `echo .*sleep 1000.*`: not done within 0\.3 s"):
        shell.script("echo $$ >running; sleep 1000", timeout_s=0.3)
    assert shell.script("while kill -0 $(cat running) 2>/dev/null; do :; done", timeout_s=10).exit == 0


def test_a_checked_command_must_succeed(shell: HandsetShell) -> None:
    """`check` turns a status into a HandsetError with the command and its last words."""
    with pytest.raises(HandsetError, match="phone: `cat /none` ended with 1: cat: /none: No such file"):
        shell.run("cat", "/none", check=True)


def test_streams_run_beside_each_other(shell: HandsetShell) -> None:
    """Neither a silent nor a chatty long-lived program keeps others from running."""
    with ExitStack() as stack:
        silent = stack.enter_context(shell.stream("read -r never"))
        chatty = stack.enter_context(shell.stream("yes"))
        assert [shell.script(f"exit {n}").exit for n in range(20)] == list(range(20))
        assert chatty.read_line(5) == "y"
        with pytest.raises(DeadlineError):
            silent.read_line(0.05)


def test_a_conversation_by_lines(shell: HandsetShell) -> None:
    """What is written to a stream is read by its program, line by line, and the end is None."""
    with shell.stream('while read -r line && [ "$line" != end ]; do echo "<$line>"; done; printf last') as stream:
        for word in (b"one", b"two"):
            stream.write(word + b"\n")
            assert stream.read_line(5) == f"<{word.decode()}>"
        stream.write(b"end\n")
        assert [stream.read_line(5) for _ in range(3)] == ["last", None, None]


def test_closing_wakes_a_reader(shell: HandsetShell) -> None:
    """A thread that waits for a line is woken by `close` from another, and the program is gone."""
    stream = shell.stream("sleep 1000")
    found: list[str | None] = ["waiting"]

    def read() -> None:
        found[:] = [stream.read_line(30)]

    reader = threading.Thread(target=read)
    reader.start()
    stream.close()
    reader.join(10)
    assert found == [None]


def test_many_threads_share_one_handset(shell: HandsetShell) -> None:
    """Commands of several threads at once each get their own answer."""
    answers: dict[int, list[int]] = {}

    def work(thread: int) -> None:
        answers[thread] = [shell.script(f"exit {(thread * 10 + n) % 256}").exit for n in range(10)]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == {n: [n * 10 + m for m in range(10)] for n in range(6)}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), max_size=4))
def test_any_argument_arrives(straight: AdbdConnection, arguments: list[str]) -> None:
    """Whatever an argument holds, the program gets it unchanged."""
    printed = HandsetShell("phone", straight).run("printf", "%s\\0", "x", *arguments).stdout
    assert printed.split(b"\0")[:-1] == [argument.encode() for argument in ("x", *arguments)]


class TestWithoutShellV2:
    """Handsets before Android 7."""

    @pytest.fixture
    def old_shell(self, phone: Any, request: pytest.FixtureRequest) -> HandsetShell:
        phone.features = "cmd"
        return HandsetShell("phone", request.getfixturevalue("straight"))

    def test_the_exit_status_is_told(self, old_shell: HandsetShell) -> None:
        """The status comes behind the output, which stays as it is; errors are in it."""
        assert old_shell.script("printf x; echo y >&2; exit 7") == ShellResult(7, b"xy\n", b"")

    def test_input_is_refused(self, old_shell: HandsetShell) -> None:
        """Shell v1 cannot end an input: better an error than a program that waits for ever."""
        with pytest.raises(HandsetError, match="cannot end the input"):
            old_shell.run("cat", stdin=b"x")

    def test_a_conversation_by_lines(self, old_shell: HandsetShell) -> None:
        """Long-lived programs work as with v2."""
        with old_shell.stream('while read -r line; do echo "<$line>"; done') as stream:
            stream.write(b"one\n")
            assert stream.read_line(5) == "<one>"

    def test_a_script_that_is_killed(self, old_shell: HandsetShell) -> None:
        """Without its status a command has failed."""
        with pytest.raises(HandsetError, match="broke off without an exit status"):
            old_shell.script("kill -9 $$")
