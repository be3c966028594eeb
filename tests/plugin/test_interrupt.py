"""Ctrl+C arrives wherever it falls, leaves nothing half done, and what is shown of the stack is brief."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from framework.plugin.interrupt import BriefInterrupt, Interrupts

if TYPE_CHECKING:
    from conftest import Project

CTRL_C = partial(signal.raise_signal, signal.SIGINT)
SOON_S = 5.0


def interrupted() -> None:
    raise KeyboardInterrupt


def config(whole: bool) -> Any:
    return SimpleNamespace(option=SimpleNamespace(fulltrace=whole))


@pytest.mark.parametrize("whole", [False, True])
def test_only_the_line_that_is_printed_is_kept(whole: bool) -> None:
    """The innermost line alone; with `--full-trace` every one."""
    with pytest.raises(KeyboardInterrupt) as caught:
        interrupted()
    BriefInterrupt(config(whole)).pytest_keyboard_interrupt(caught)
    names = [entry.name for entry in caught.traceback]
    assert names == (["test_only_the_line_that_is_printed_is_kept"] if whole else []) + ["interrupted"]


@contextmanager
def handled() -> Iterator[Interrupts]:
    interrupts = Interrupts()
    interrupts.open()
    try:
        yield interrupts
    finally:
        interrupts.seen()
        interrupts.close()


def run_through(first: Callable[[], None]) -> None:
    """What is given, then more work in steps, as most code does it."""
    first()
    work()


def work() -> None:
    ends = time.monotonic() + SOON_S
    while time.monotonic() < ends:
        time.sleep(0.001)


class InterruptedLock:
    """Ctrl+C comes while it is taken, by code of C, as real locks are."""

    __enter__ = staticmethod(CTRL_C)

    def __init__(self) -> None:
        self.told: list[str] = []

    def acquire(self) -> None: ...

    def release(self) -> None: ...

    def __exit__(self, *_: object) -> None:
        self.told.append("given back")


def test_a_lock_that_is_being_taken_is_given_back() -> None:
    """It is not left held, on which other threads would wait for ever; the interrupt comes right after."""
    lock: Any = InterruptedLock()
    with handled(), pytest.raises(KeyboardInterrupt), threading.Condition(lock):
        work()
    assert lock.told == ["given back"]


class Resource:
    """Ctrl+C comes while it is closed."""

    def __init__(self, told: list[str]) -> None:
        self._told = told

    def close(self) -> None:
        CTRL_C()
        self._told.append("closed")


def test_what_is_being_closed_is_closed_to_its_end() -> None:
    """The interrupt comes after it."""
    told: list[str] = []
    with handled(), pytest.raises(KeyboardInterrupt):
        run_through(Resource(told).close)
    assert told == ["closed"]


def test_a_wait_is_broken_off_at_once() -> None:
    """One that would last: the main thread waits on what other threads do."""
    began = time.monotonic()
    threading.Timer(0.05, partial(signal.pthread_kill, threading.get_ident(), signal.SIGINT)).start()
    with handled(), pytest.raises(KeyboardInterrupt):
        threading.Event().wait(SOON_S)
    assert time.monotonic() - began < SOON_S


def test_one_that_was_lost_comes_again() -> None:
    """Whatever has taken its place, such as an error of what was closed."""

    def lose() -> None:
        with suppress(RuntimeError):
            try:
                CTRL_C()
            finally:
                raise RuntimeError("the connection was closed")

    with handled(), pytest.raises(KeyboardInterrupt):
        run_through(lose)


def test_one_that_was_seen_does_not_come_again() -> None:
    """pytest ends the run by then."""
    with handled() as interrupts:
        with pytest.raises(KeyboardInterrupt):
            run_through(CTRL_C)
        interrupts.seen()
        time.sleep(1.2)


def test_pythons_own_handling_is_there_again() -> None:
    """After the run, and where someone else handles Ctrl+C throughout."""
    before = signal.getsignal(signal.SIGINT)
    with handled():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
    ignoring = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with handled():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, ignoring)


def test_the_exit_code_is_pytests_wherever_it_falls(project: Project) -> None:
    """Python itself ends by the signal after an interrupt in code that is given as text, as dataclasses are made."""
    project.write(
        "suites/test_text.py",
        "def test_text():\n    exec('import signal; signal.raise_signal(signal.SIGINT); 1 + 1')\n"
        "    import time; time.sleep(9)\n",
    )
    run = project.run("suites")
    assert (run.exit, "KeyboardInterrupt" in run.out) == (2, True), run.out


def test_a_test_in_which_it_was_lost_tells_nothing() -> None:
    """An error has taken its place: that is no report of the test, for the run was interrupted."""
    brief = BriefInterrupt(config(whole=False))
    brief.pytest_runtest_makereport()
    brief.pytest_configure()
    try:
        with pytest.raises(KeyboardInterrupt):
            run_through(CTRL_C)
        with pytest.raises(KeyboardInterrupt) as caught:
            brief.pytest_runtest_makereport()
        brief.pytest_keyboard_interrupt(caught)
        brief.pytest_runtest_makereport()
    finally:
        brief.pytest_unconfigure()
