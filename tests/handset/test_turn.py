"""Whose turn it is: the queue on the handset, holds and quarantines, with a real mksh and toybox."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
from support.cut_lines import lines
from support.waiting import until

from framework.contract.errors import HandsetError
from framework.contract.run import HandsetAwaited
from framework.handset import lease, marks, turn, turn_script
from framework.handset.adbd import AdbdConnection
from framework.handset.lease import HandsetLease
from framework.handset.shell import HandsetShell, LineStream
from framework.handset.turn import HeldError

DEADLINE_S = 20.0
ME, MAI = "me@here", "Mai@there"


@pytest.fixture
def shell(straight: AdbdConnection) -> HandsetShell:
    return HandsetShell("phone", straight)


def take(
    shell: HandsetShell,
    who: str = ME,
    timeout_s: float = 0,
    heartbeat_s: float = 5,
    tell: Callable[[HandsetAwaited], None] | None = None,
) -> HandsetLease:
    times = {"timeout_s": timeout_s, "heartbeat_s": heartbeat_s, "time_scale": 1.0}
    return lease.take("phone", shell, who, "tests", **times, tell=tell)


class Waiters:
    """Takers in threads, each begun once the one before has its place in the queue."""

    def __init__(self, shell: HandsetShell, phone: Any) -> None:
        self._shell, self._queue = shell, phone.tmp / "pocketfarm" / "queue"
        self.granted: list[str] = []
        self.refused: dict[str, str] = {}
        self._threads: list[threading.Thread] = []

    def places(self) -> int:
        """The last number that was drawn."""
        try:
            return int((self._queue / "last").read_text())
        except (OSError, ValueError):
            return 0

    def begin(self, name: str, who: str = MAI, timeout_s: float = DEADLINE_S) -> None:
        before = self.places()
        self._threads.append(threading.Thread(target=self._wait, args=(name, who, timeout_s)))
        self._threads[-1].start()
        until(lambda: self.places() > before)

    def _wait(self, name: str, who: str, timeout_s: float) -> None:
        try:
            with take(self._shell, who, timeout_s):
                self.granted.append(name)
        except HandsetError as error:
            self.refused[name] = error.what

    def join(self) -> None:
        for thread in self._threads:
            thread.join(DEADLINE_S)
            assert not thread.is_alive()


@pytest.fixture
def waiters(shell: HandsetShell, phone: Any) -> Iterator[Waiters]:
    made = Waiters(shell, phone)
    yield made
    made.join()


def test_first_come_first_served(shell: HandsetShell, waiters: Waiters) -> None:
    """In the order in which they came, and nothing of the queue is left but its last number."""
    names = [str(number) for number in range(6)]
    with take(shell):
        for name in names:
            waiters.begin(name)
    waiters.join()
    assert waiters.granted == names
    assert {path.name for path in waiters._queue.iterdir()} == {"draw", "last"}


def test_who_gives_up_is_out_of_the_queue(shell: HandsetShell, waiters: Waiters) -> None:
    """One that waited in the middle keeps nobody waiting, and is told who has the handset."""
    with take(shell):
        waiters.begin("first")
        waiters.begin("impatient", timeout_s=1.2)
        waiters.begin("last")
        until(lambda: bool(waiters.refused))
    waiters.join()
    assert waiters.granted == ["first", "last"]
    assert waiters.refused["impatient"].startswith(f"held by {ME} since 20")


def test_who_dies_is_out_of_the_queue(shell: HandsetShell, waiters: Waiters, phone: Any) -> None:
    """A connection that is gone takes its place with it, wherever in the queue it was."""
    with take(shell), ExitStack() as stack:
        waiters.begin("first")
        dying = stack.enter_context(closing(AdbdConnection("phone", phone.address, DEADLINE_S)))
        stream = HandsetShell("phone", dying).stream(claim(shell).script)
        stream.write(b"queue\n")
        until(lambda: waiters.places() == 3)
        waiters.begin("last")
        dying.close()
    waiters.join()
    assert waiters.granted == ["first", "last"]


def claim(shell: HandsetShell, heartbeat_s: float = 5) -> turn.Claim:
    return turn.Claim("phone", shell, MAI, "tests", heartbeat_s, 1)


def test_a_frozen_waiter_has_had_nothing(shell: HandsetShell, waiters: Waiters) -> None:
    """It has its turn and does not say so: after a heartbeat the next one's is, and no lease was counted."""
    with take(shell) as first:
        stream = shell.stream(claim(shell, heartbeat_s=1).script)
        stream.write(b"queue\n")
        until(lambda: waiters.places() == 2)
        waiters.begin("next")
    freed_s = time.monotonic()
    waiters.join()
    assert waiters.granted == ["next"]
    assert time.monotonic() - freed_s < 1 + 2  # a heartbeat, and what a busy machine needs
    lines = list(iter(lambda: stream.read_line(DEADLINE_S), None))
    assert (lines.count("LOOK"), lines[-1]) == (2, "MISSED")
    assert not any(line.startswith("HELD") for line in lines)
    with take(shell, timeout_s=5) as last:
        assert last.counter == first.counter + 2


def test_who_missed_its_turn_comes_in_again(
    shell: HandsetShell, waiters: Waiters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind those that have come since, and without an error."""
    monkeypatch.setattr(turn_script, "TURN", 0.02)
    asked, froze, thawed = turn.Turn._told, threading.Event(), threading.Event()

    def frozen(self: turn.Turn, hold: Any = None) -> None:
        asked(self, hold)
        if self._claim.who == MAI and waiters.places() == 2:
            froze.set()
            thawed.wait(DEADLINE_S)

    monkeypatch.setattr(turn.Turn, "_told", frozen)
    with take(shell):
        waiters.begin("frozen", MAI)
        assert froze.wait(DEADLINE_S)
    with take(shell, "third@host", timeout_s=DEADLINE_S):
        thawed.set()
        until(lambda: waiters.places() == 4)
    waiters.join()
    assert (waiters.granted, waiters.refused) == (["frozen"], {})


def test_a_quarantined_handset_is_nobodys(shell: HandsetShell) -> None:
    """Refused at once, however long one would wait, whoever has put it there; with the reason and the mend."""
    marks.put("phone", shell, 1, "quarantine", ME, "its battery is swollen")
    words = rf"phone: quarantined by {ME} since 20.* for its battery is swollen \(`farm release phone` once it is"
    with pytest.raises(HandsetError, match=words):
        take(shell, timeout_s=60)


def test_a_hold_is_ones_own(shell: HandsetShell) -> None:
    """Who holds it uses it; others are told who has it, how long still and what to do."""
    marks.put("phone", shell, 1, "hold", ME, "a demonstration", for_s=7200)
    with take(shell, ME):
        pass
    words = rf"held by {ME} since 20.* for a demonstration, 2 h left \(wait for it .--lease-timeout., or take another"
    with pytest.raises(HeldError, match=words):
        take(shell, MAI)


def test_the_runs_of_who_holds_it_pass_by(shell: HandsetShell, waiters: Waiters) -> None:
    """Those of others wait for the hold's end, and get the handset then, in their order."""
    hold = marks.put("phone", shell, 1, "hold", ME, "x", for_s=60)
    waiters.begin("first")
    waiters.begin("second")
    for _ in range(2):
        with take(shell, ME, timeout_s=5):
            assert waiters.granted == []
    marks.remove("phone", shell, hold)
    waiters.join()
    assert waiters.granted == ["first", "second"]


def test_a_hold_ends_by_itself(shell: HandsetShell, waiters: Waiters) -> None:
    """Without anybody who releases it."""
    marks.put("phone", shell, 1, "hold", ME, "x", for_s=1)
    waiters.begin("other")
    waiters.join()
    assert waiters.granted == ["other"]


def test_held_for_us_while_we_waited(shell: HandsetShell, waiters: Waiters, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those before us wait for our hold, so we pass by them instead of waiting for them."""
    monkeypatch.setattr(turn, "TELL_S", 0.2)
    with take(shell, "third@host"):
        waiters.begin("theirs", MAI)
        waiters.begin("ours", ME)
        hold = marks.put("phone", shell, 1, "hold", ME, "x", for_s=60)
    until(lambda: bool(waiters.granted))
    assert waiters.granted == ["ours"]
    marks.remove("phone", shell, hold)
    waiters.join()
    assert waiters.granted == ["ours", "theirs"]


def test_a_wait_is_told(shell: HandsetShell, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once and again: whom for, for how long already and still. Who does not wait tells nothing."""
    monkeypatch.setattr(turn, "TELL_S", 0.3)
    told: list[HandsetAwaited] = []
    with take(shell):
        with pytest.raises(HandsetError, match="held by me@here"):
            take(shell, MAI, timeout_s=1.5, tell=told.append)
        assert len(told) >= 2
        assert told[0].what.startswith(f"held by {ME} since 20")
        assert told[0].waited_s < 1 < told[0].waited_s + told[0].left_s <= 1.6
        assert told[-1].waited_s > told[0].waited_s
        with pytest.raises(HandsetError):
            take(shell, MAI, tell=told.clear)  # type: ignore[arg-type]
    assert told


def test_taken_again_before_those_who_wait(shell: HandsetShell, waiters: Waiters, phone: Any) -> None:
    """A lease whose stream broke goes on, though others wait and a hold or a quarantine was put there meanwhile."""
    marks.put("phone", shell, 1, "quarantine", MAI, "later")
    taken = claim(shell).take_again(0)
    with taken.stream:
        assert taken.counter == 1
        with pytest.raises(HeldError) as caught:
            claim(shell).take_again(9)
        assert caught.value.holder is not None
        assert caught.value.holder.counter == 1


def test_a_cut_line_costs_no_lease(shell: HandsetShell, waiters: Waiters, phone: Any) -> None:
    """The handset keeps it while its holder may still think that it has it; who comes back passes those who wait."""
    with lines() as cutter:
        route = cutter.route(phone.address)
        connection = AdbdConnection("phone", route, DEADLINE_S)
        with closing(connection), take(HandsetShell("phone", connection)) as held:
            waiters.begin("other")
            cutter.cut(route)
            assert held.held
            until(lambda: held.counter == 2)
            assert held.held
            assert waiters.granted == []
    waiters.join()
    assert waiters.granted == ["other"]


def begun(shell: HandsetShell, heartbeat_s: float) -> LineStream:
    """A lease that was just taken, whose beats are the caller's affair."""
    stream = shell.stream(claim(shell, heartbeat_s).script)
    for word in (b"pass\n", b"go\n"):
        while stream.read_line(DEADLINE_S) != "LOOK":
            pass
        stream.write(word)
    assert stream.read_line(DEADLINE_S) == "HELD 1 0"
    return stream


def test_the_end_of_the_line_gives_no_more_time(shell: HandsetShell) -> None:
    """Who was silent for most of a heartbeat, and whose connection ends then, has the rest of it and not another."""
    stream = begun(shell, heartbeat_s=4)
    held_s = time.monotonic()
    until(lambda: time.monotonic() > held_s + 2.5)
    stream.close()
    with take(shell, MAI, timeout_s=DEADLINE_S):
        assert 4 * turn_script.CERTAIN < time.monotonic() - held_s < 4


def test_a_lease_outlives_its_connection(shell: HandsetShell, straight: AdbdConnection, phone: Any) -> None:
    """For as long as its holder is certain of it, who may not have noticed; and not for longer than a heartbeat."""
    stream = begun(shell, heartbeat_s=2)
    ended_s = time.monotonic()
    stream.close()
    with take(shell, MAI, timeout_s=DEADLINE_S):
        assert 2 * turn_script.CERTAIN <= time.monotonic() - ended_s < 2 + 2  # and what a busy machine needs
