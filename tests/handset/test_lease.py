"""The lease on the handset, with a real mksh, toybox's flock and the kernel's locks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.waiting import until

from framework.contract.errors import HandsetError
from framework.handset import holder, lease, turn, turn_script
from framework.handset.adbd import AdbdConnection
from framework.handset.lease import HandsetLease
from framework.handset.shell import HandsetShell

DEADLINE_S = 10.0


def take(shell: HandsetShell, who: str = "me", timeout_s: float = 0, heartbeat_s: float = 5) -> HandsetLease:
    return lease.take("phone", shell, who, f"{who}'s tests", timeout_s=timeout_s, heartbeat_s=heartbeat_s, time_scale=1)


def test_one_holder_at_a_time(shell: HandsetShell) -> None:
    """Held, the handset tells who holds it and refuses the next, naming the holder; released, it is free."""
    assert holder.holder("phone", shell) is None
    before = int(time.time())
    with take(shell, 'Jin "上海"') as held:
        assert held.held
        told = holder.holder("phone", shell)
        assert told is not None
        assert (told.who, told.why, told.counter) == ('Jin "上海"', 'Jin "上海"\'s tests', held.counter)
        assert before <= told.since_wall_s <= time.time()
        with pytest.raises(HandsetError, match=r'phone: held by Jin "上海" since 20\d\d-.* UTC for .*tests'):
            take(shell)
    assert not held.held
    until(lambda: holder.holder("phone", shell) is None)  # who gave up waiting may have had it for a moment


@pytest.mark.parametrize("since", ['"yesterday"', "1e30", "null"])
def test_what_another_host_has_written(since: str) -> None:
    """Told as far as it is one, whatever it is."""
    found = holder.read_holder(f'HELD\n{{"who":"a@b","why":"c","since_wall_s":{since},"counter":1}}')
    assert found is not None
    assert holder.described(found) == "a@b since an unknown time for c"


def test_the_counter_grows(shell: HandsetShell) -> None:
    """Each lease has a number of its own, so that a stale holder can be recognised."""
    numbers = []
    for _ in range(3):
        with take(shell) as held:
            numbers.append(held.counter)
    assert numbers == [1, 2, 3]


def test_waiters_take_turns(shell: HandsetShell) -> None:
    """Who waits gets the handset when it is released; nobody holds it together with another."""
    holding: list[str] = []
    most: list[int] = []

    def work(who: str) -> None:
        with take(shell, who, timeout_s=DEADLINE_S):
            holding.append(who)
            most.append(len(holding))
            holding.remove(who)

    first = take(shell)
    threads = [threading.Thread(target=work, args=(f"worker {n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    first.release()
    for thread in threads:
        thread.join(DEADLINE_S)
    assert most == [1, 1, 1]


def test_a_cut_connection_takes_the_lease_again(straight: AdbdConnection, restart: Callable[[], None]) -> None:
    """The lock was free for a moment; that nobody had it in between is told by its number, and it is ours still."""
    with take(HandsetShell("phone", straight), heartbeat_s=60) as held:
        restart()
        until(lambda: held.counter == 2)
        assert held.held
        told = holder.holder("phone", HandsetShell("phone", straight))
        assert told is not None
        assert (told.who, told.counter) == ("me", 2)
    until(lambda: holder.holder("phone", HandsetShell("phone", straight)) is None)


def test_a_lease_that_was_anothers_in_between_is_lost(
    straight: AdbdConnection, restart: Callable[[], None], phone: Any
) -> None:
    """Somebody had the handset while the connection was cut, if only for a moment: the lease is not ours any more."""
    held = take(HandsetShell("phone", straight), heartbeat_s=60)
    counter = phone.tmp / "pocketfarm" / "counter"
    counter.write_text(f"{int(counter.read_text()) + 1}\n")
    restart()
    until(lambda: not held.held)
    until(lambda: holder.holder("phone", HandsetShell("phone", straight)) is None)
    held.release()


def test_a_lease_that_cannot_be_taken_again_is_lost(
    straight: AdbdConnection, restart: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds the handset for longer than we try has it."""
    monkeypatch.setattr(lease, "AGAIN_WITHIN_S", 0.5)
    shell = HandsetShell("phone", straight)
    held = take(shell, heartbeat_s=60)

    def refuse(*_: object) -> turn.Taken:
        raise HandsetError("phone", "it does not answer")

    monkeypatch.setattr(turn.Claim, "take_again", refuse)
    restart()
    until(lambda: not held.held)
    held.release()


def test_without_heartbeats_the_handset_frees_itself(straight: AdbdConnection) -> None:
    """A host that is silent for longer than agreed has lost the handset, though the connection stands."""
    shell = HandsetShell("phone", straight)
    with shell.stream(f"who=1 why=2 patience=1 turn=5\n{turn_script.SCRIPT}") as silent:
        for word in (b"queue\n", b"go\n"):
            lines = iter(lambda: silent.read_line(DEADLINE_S), "LOOK")
            assert [line.split()[0] for line in lines if line] == ["now"]
            silent.write(word)
        assert silent.read_line(DEADLINE_S) == "HELD 1 1"
        assert silent.read_line(DEADLINE_S) is None
    assert holder.holder("phone", shell) is None


def test_heartbeats_keep_it(straight: AdbdConnection) -> None:
    """A lease outlasts its heartbeat as long as its holder lives."""
    shell = HandsetShell("phone", straight)
    with take(shell, heartbeat_s=0.6) as held:
        ends = time.monotonic() + 1.5
        until(lambda: time.monotonic() > ends or not held.held)
        assert held.held


def test_the_heartbeat_is_host_time(straight: AdbdConnection) -> None:
    """On a handset whose time runs ten times as fast, its own seconds are ten times as many."""
    shell = HandsetShell("phone", straight)
    scripts: list[str] = []

    class Told(HandsetShell):
        def stream(self, script: str):  # type: ignore[no-untyped-def]
            scripts.append(script)
            return super().stream(script)

    lease.take("phone", Told("phone", straight), "me", "x", timeout_s=0, heartbeat_s=5, time_scale=10).release()
    assert f"patience={50 * turn_script.WATCHED:.3f}\n" in scripts[0]
    assert holder.holder("phone", shell) is None


def test_a_killed_holder_leaves_the_handset_free(straight: AdbdConnection, phone: Any) -> None:
    """kill -9 of the process that holds the lease frees the handset at once."""
    script = (
        "import sys, time\n"
        "from framework.handset import lease\n"
        "from framework.handset.adbd import AdbdConnection\n"
        "from framework.handset.shell import HandsetShell\n"
        "shell = HandsetShell('phone', AdbdConnection('phone', sys.argv[1], 10))\n"
        "held = lease.take('phone', shell, 'it', 'x', timeout_s=0, heartbeat_s=60, time_scale=1)\n"
        "print(held.counter, flush=True)\n"
        "time.sleep(60)\n"
    )
    address: str = phone.address
    command = [sys.executable, "-c", script, address]
    root = Path(lease.__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(root)}) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"1\n"
        process.send_signal(signal.SIGKILL)
    with take(HandsetShell("phone", straight), timeout_s=DEADLINE_S) as held:
        assert held.counter == 2


def test_a_handset_that_cannot_be_leased(straight: AdbdConnection, phone: Any) -> None:
    """Where the folder cannot be made, the handset's own words come back."""
    (phone.tmp / "pocketfarm").write_text("in the way")
    with pytest.raises(HandsetError, match=r"phone: it cannot be leased: .*pocketfarm"):
        take(HandsetShell("phone", straight))
