"""How a lease is taken: in one's turn, past holds and quarantines, the handset made ready.

Whoever comes draws a number and locks a file of that number on the handset, then waits for the lock of each that came
before and still lives. So each waits for one thing only, in the order of arrival on every kernel, and it costs the
handset nothing; who dies or gives up is out of the queue at once. Last comes the lock that is the lease.

A host that has its turn says so before anything is changed: one that froze while it waited has not had the handset.
It loses its turn soon, and comes in again behind the others.

A lease that nobody has ended is kept on the handset for as long as its holder may still think that it has it, though
its connection is gone. It ends sooner where the holder itself comes back, or where another process of the same machine
sees that the holder is dead.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from framework.contract.errors import DeadlineError, HandsetError
from framework.contract.marks import LeaseHolder, Mark, Marks
from framework.contract.preparation import Prepared
from framework.contract.run import HandsetAwaited
from framework.handset import marks
from framework.handset.connection import Deadline
from framework.handset.holder import described
from framework.handset.preparation import KEPT, Ask
from framework.handset.process import is_dead
from framework.handset.shell import HandsetShell, LineStream
from framework.handset.turn_script import BEATS_A_TIME_OUT, YIELD, script

ANSWER_S = 15.0
GRACE_S = 1.0
"""A question about the lease holds the lock for a moment: even who does not want to wait waits for that."""
TELL_S = 15.0
"""How often it is looked, and told, whom we wait for."""
_ASKED_S = 30.0
_TAKE_ANOTHER = "wait for it (--lease-timeout), or take another handset"

Prepare = Callable[[Ask], Prepared]
"""Makes the handset ready, by asking the shell that holds the lease."""
Tell = Callable[[HandsetAwaited], None]


class HeldError(HandsetError):
    """The handset is another's; `holder` is who has its lease, None where a person holds it or nobody tells."""

    def __init__(self, handset: str, what: str, mend: str = "", holder: LeaseHolder | None = None) -> None:
        super().__init__(handset, what, mend)
        self.holder = holder


class _OursMeanwhile(Exception):
    """While we waited among others, a hold has made the handset ours: they wait for us."""


class _MissedError(HandsetError):
    """We had our turn, and this host did not answer in time."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A stream that holds the lock, and the lease's number; `kept` is what the last user's could not be given back."""

    stream: LineStream
    counter: int
    confirmed_s: float
    """Boot time of this machine at which the handset's shell was certainly not yet waiting for the next heartbeat."""
    place: int = 0
    """Our number in the order of arrival; 0 where we passed by those who wait."""
    prepared: Prepared | None = None
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """What is to be leased, by whom and for what; `heartbeat_s` in host time."""

    handset: str
    shell: HandsetShell
    who: str
    why: str
    heartbeat_s: float
    time_scale: float
    prepare: Prepare | None = None
    tell: Tell | None = None

    def take(self, timeout_s: float) -> Taken:
        """In one's turn; HandsetError, naming the holder, where that does not come in the time."""
        return Turn(self, timeout_s).take()

    def take_again(self, counter: int) -> Taken:
        """At once, or HeldError: before those who wait and whatever has been marked since, for `counter` was ours."""
        return Turn(self, 0, again=counter).take()

    @property
    def script(self) -> str:
        return script(self.who, self.why, self.heartbeat_s * self.time_scale)


class Turn:
    """One attempt at it, over one stream."""

    def __init__(self, claim: Claim, timeout_s: float, *, again: int | None = None) -> None:
        self._claim, self._again = claim, again
        self._handset, self._shell = claim.handset, claim.shell
        self._began_s, self._timeout_s = time.monotonic(), max(timeout_s, GRACE_S)
        self._tells = claim.tell if timeout_s > GRACE_S else None
        self._tell_at_s = self._began_s
        self._waits = self._passes = False

    def take(self) -> Taken:
        while True:
            try:
                return self._taken()
            except _OursMeanwhile:
                continue
            except _MissedError:
                if self._left_s() <= 0 or self._again is not None:
                    raise

    def _taken(self) -> Taken:
        self._stream, self._waits = self._shell.stream(self._claim.script), False
        try:
            self._passes = self._allowed(self._looked()) or self._again is not None
            self._say("pass" if self._passes else "queue")
            self._await_go()
            self._say("go")
            return self._held()
        except BaseException:
            self._stream.close()
            raise

    # -- until it is our turn ------------------------------------------------------------------------------------

    def _await_go(self) -> None:
        """Returns when we have the lock and no hold is in the way."""
        while (hold := self._hold(self._looked())) is not None:
            self._say("wait")
            self._waits = True
            interval_s = self._claim.heartbeat_s / BEATS_A_TIME_OUT
            self._idle(interval_s if hold.left_s is None else min(interval_s, hold.left_s), hold)
            self._say("again")

    def _hold(self, found: Marks) -> Mark | None:
        self._allowed(found)
        return another_hold(found, self._claim.who) if self._again is None else None

    def _allowed(self, found: Marks) -> bool:
        """Whether a hold says that it is ours; HeldError where it is quarantined."""
        if found.quarantine is not None and self._again is None:
            raise quarantined(self._handset, found.quarantine)
        return found.hold is not None and found.hold.who == self._claim.who

    def _looked(self) -> Marks:
        """The marks, once the handset has our turn."""
        lines: list[str] = []
        while (line := self._line()) != "LOOK":
            if line == "MISSED":
                raise self._missed()
            if line == "WAIT":
                self._waits = True
            else:
                lines.append(line)
        return marks.read_marks("\n".join(lines), self._claim.time_scale)

    def _line(self) -> str:
        """The next line; while others have the handset, the wait is told and has an end."""
        while True:
            if not self._waits:
                line = self._stream.read_line(ANSWER_S)
            else:
                self._told()
                try:
                    line = self._stream.read_line(max(0.001, self._next_s()))
                except DeadlineError:
                    continue
            if line is None:
                raise HandsetError(self._handset, f"it cannot be leased: {self._complaint()}")
            return line

    def _idle(self, seconds: float, hold: Mark) -> None:
        """Until it is time to look again whether the hold is over; the end of the stream is noticed at once."""
        self._told(hold)
        try:
            line = self._stream.read_line(max(0.001, min(seconds, self._left_s())))
        except DeadlineError:
            return
        if line == "MISSED":
            raise self._missed()
        raise HandsetError(self._handset, f"it cannot be leased: {line or self._complaint()}")

    def _told(self, hold: Mark | None = None) -> None:
        """Look, and tell whom we wait for, where that is due; HeldError where the time is over."""
        over = self._left_s() <= 0
        if not over and time.monotonic() < self._tell_at_s:
            return
        found = Marks(hold=hold) if hold is not None else marks.ask(self._shell, self._claim.time_scale)
        if self._allowed(found) and not self._passes and not over:
            raise _OursMeanwhile
        if found.lease is not None and (found.lease.counter == self._again or is_dead(found.lease.process)):
            self._shell.script(f"echo {found.lease.counter} >{YIELD}")
        what = self._in_the_way(found)
        if over:
            raise HeldError(self._handset, what, _TAKE_ANOTHER, found.lease)
        self._tell_at_s = time.monotonic() + TELL_S
        if self._tells is not None:
            waited_s = time.monotonic() - self._began_s
            self._tells(HandsetAwaited(self._handset, what, round(waited_s, 1), round(self._left_s(), 1)))

    def _in_the_way(self, found: Marks) -> str:
        hold = another_hold(found, self._claim.who)
        if hold is not None and (found.lease is None or not found.lease.counter):  # who waits for its end locks it, too
            return marks.told(hold)
        return (
            f"held by {described(found.lease)}"
            if found.lease is not None
            else f"not free within {self._timeout_s:g} s: others were before us"
        )

    def _next_s(self) -> float:
        """Until something is due: the next look, or the end of the wait."""
        return min(self._left_s(), self._tell_at_s - time.monotonic())

    def _left_s(self) -> float:
        return self._began_s + self._timeout_s - time.monotonic()

    def _say(self, word: str) -> None:
        try:
            self._stream.write(f"{word}\n".encode())
        except HandsetError:
            if self._stream.read_line(ANSWER_S) == "MISSED":
                raise self._missed() from None
            raise

    def _missed(self) -> _MissedError:
        return _MissedError(self._handset, "it was our turn, and this computer did not answer in time: is it too busy?")

    def _complaint(self) -> str:
        return self._stream.complaint.strip() or "no answer"

    # -- once it is ----------------------------------------------------------------------------------------------

    def _held(self) -> Taken:
        kept: list[str] = []
        while (answer := self._stream.read_line(ANSWER_S)) is not None and answer.startswith(KEPT):
            kept.append(answer.removeprefix(KEPT).strip())
        if answer == "MISSED":
            raise self._missed()
        word, *numbers = (answer or "no answer").split()
        if word != "HELD" or len(numbers) != 2 or not all(number.isdecimal() for number in numbers):
            raise HandsetError(self._handset, f"it cannot be leased: {answer or self._complaint()}")
        counter, place = map(int, numbers)
        try:
            prepare = self._claim.prepare
            prepared = prepare(partial(ask, self._handset, self._stream)) if prepare is not None else None
            return Taken(self._stream, counter, self._confirmed(), place, prepared, tuple(kept))
        except BaseException:
            with suppress(HandsetError):
                self._stream.write(b"end\n")  # else the handset keeps it for a while
            raise

    def _confirmed(self) -> float:
        """A first heartbeat: who was frozen since it had its turn may have lost it again."""
        sent_s = boot_time_s()
        self._stream.write(b"0\n")
        if self._stream.read_line(ANSWER_S) != "0":
            raise HandsetError(self._handset, f"it cannot be leased: {self._complaint()}")
        return sent_s


def ask(handset: str, stream: LineStream, script: str) -> str:
    """What a script prints in the shell that holds the lease; before any heartbeat is sent."""
    deadline = Deadline(_ASKED_S, handset, "making it ready")
    sent = "".join(f"+{line}\n" for line in script.split("\n"))
    stream.write(f"{sent}run\n".encode())
    said: list[str] = []
    with deadline:
        while (line := stream.read_line(deadline.remaining())) != "RAN":
            if line is None:
                raise HandsetError(handset, f"it broke off while it was made ready {stream.complaint}".rstrip())
            said.append(line)
    return "\n".join(said)


def another_hold(found: Marks, who: str) -> Mark | None:
    """The hold that keeps `who` from the handset."""
    return None if found.hold is None or found.hold.who == who else found.hold


def quarantined(handset: str, mark: Mark) -> HeldError:
    return HeldError(handset, marks.told(mark), f"`farm release {handset}` once it is mended, or take another handset")


def boot_time_s() -> float:
    """Counts on while the computer sleeps: a lease does not."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
