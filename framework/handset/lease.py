"""The lease: whoever holds a lock on the handset itself has the handset, whichever machine they are on.

One shell on the handset holds `flock` on a file and waits for heartbeats. When they stop (the host died, the network
was cut) or the stream ends, that shell ends, and the kernel frees the lock; waiters get it in the order they came.

That shell also gives back what was changed on the handset for the run (`preparation`): when it ends, and, of a run
before whose shell could not, when it begins. It heeds no hang-up: whoever takes the lease next finds no trace of us.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from types import TracebackType

from framework.contract.errors import DeadlineError, HandsetError
from framework.handset.ladder import STREAM
from framework.handset.preparation import KEPT
from framework.handset.shell import HandsetShell
from framework.handset.turn import (
    ANSWER_S,
    Claim,
    HeldError,
    Prepare,
    Taken,
    Tell,
    boot_time_s,
)
from framework.handset.turn_script import BEATS_A_TIME_OUT, CERTAIN

_END_S = 15.0
"""A slow handset takes a tenth of a second for each setting that it is given back."""

AGAIN_WITHIN_S = STREAM.within_s
"""How long a lease whose connection broke may take until it is ours again."""
_AGAIN_S = 0.25


class HandsetLease:
    """`contract.capabilities.Lease`; a thread sends heartbeats, each of which the handset gives back.

    When the connection breaks, the handset keeps it for a while, and the thread takes it again. The number of that
    lease tells whether anybody had the handset in between; if so, the lease is lost for good.
    """

    def __init__(self, claim: Claim, taken: Taken) -> None:
        self._claim, self._heartbeat_s = claim, claim.heartbeat_s
        self._stream, self.counter, self.place = taken.stream, taken.counter, taken.place
        self.prepared = taken.prepared
        self.kept = list(taken.kept)
        self._confirmed_s = taken.confirmed_s
        self._lost = False
        self._taking = False
        self._ending = threading.Event()
        self._news = threading.Condition()
        self._beats = threading.Thread(target=self._beat, name=f"lease {claim.handset}", daemon=True)
        self._beats.start()

    @property
    def held(self) -> bool:
        """Certain: the handset has answered a heartbeat that it keeps the lease for, for longer than until now.

        While a heartbeat is late, or the lease is being taken again, this waits for what comes of that.
        """
        with self._news:
            self._news.wait_for(lambda: self._lost or self._certain, AGAIN_WITHIN_S + ANSWER_S + self._heartbeat_s)
            return not self._lost and self._certain

    @property
    def _certain(self) -> bool:
        return not self._taking and boot_time_s() < self._confirmed_s + self._heartbeat_s * CERTAIN

    def release(self) -> None:
        """Returns when the handset is free for the next."""
        if self._ending.is_set():
            return
        self._ending.set()
        with suppress(HandsetError):
            if not self._lost:
                self._stream.write(b"end\n")
        self._beats.join(_END_S)
        self._tell(lost=True)
        self._stream.close()
        self._beats.join()

    def __enter__(self) -> HandsetLease:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _beat(self) -> None:
        interval_s = self._heartbeat_s / BEATS_A_TIME_OUT
        number = 0
        while not self._lost and not self._ending.is_set():
            number += 1
            if self._broken_within(interval_s) or not self._answered(number):
                self._take_again()
        with suppress(HandsetError):
            if not self._lost:
                self._stream.write(b"end\n")  # once more: it may have been taken again since `release` has said so
        while not self._broken_within(_END_S) and not self._lost:  # what the handset still says
            pass

    def _broken_within(self, seconds: float) -> bool:
        """Nothing is due but the end of the stream, which is noticed at once."""
        try:
            line = self._stream.read_line(seconds)
            if line is not None and line.startswith(KEPT):
                self.kept.append(line.removeprefix(KEPT).strip())
            return line is None
        except DeadlineError:
            return False
        except HandsetError:
            return True

    def _answered(self, number: int) -> bool:
        sent_s = boot_time_s()
        try:
            self._stream.write(b"%d\n" % number)
            if self._stream.read_line(self._heartbeat_s) != str(number):
                return False
        except HandsetError:
            return False
        with self._news:
            self._confirmed_s = sent_s
            self._news.notify_all()
        return True

    def _take_again(self) -> None:
        self._tell(taking=True)
        try:
            deadline_s = time.monotonic() + AGAIN_WITHIN_S
            self._stream.close()
            while not self._ending.is_set() and not self._taken_again():
                if self._lost or time.monotonic() > deadline_s:
                    self._lost = True
                    return
                self._ending.wait(_AGAIN_S)
        finally:
            self._tell(taking=False)

    def _tell(self, *, taking: bool = False, lost: bool = False) -> None:
        """Whoever waits to know whether it is held."""
        with self._news:
            self._taking, self._lost = taking, self._lost or lost
            self._news.notify_all()

    def _taken_again(self) -> bool:
        """Whether it is ours again; not when its number shows that it was another's."""
        try:
            taken = self._claim.take_again(self.counter)
        except HeldError as error:
            self._lost = error.holder is not None and error.holder.counter > self.counter
            return False
        except HandsetError:
            return False
        if taken.counter != self.counter + 1:
            with suppress(HandsetError):
                taken.stream.write(b"end\n")  # else the handset keeps it for a while
            taken.stream.close()
            self._lost = True
            return False
        self._stream, self.counter, self._confirmed_s = taken.stream, taken.counter, taken.confirmed_s
        return True


def take(
    handset: str,
    shell: HandsetShell,
    who: str,
    why: str,
    *,
    timeout_s: float,
    heartbeat_s: float,
    time_scale: float,
    prepare: Prepare | None = None,
    tell: Tell | None = None,
) -> HandsetLease:
    """Hold the handset, made ready by `prepare`; HandsetError naming the holder when it is not free in `timeout_s`.

    The handset waits `heartbeat_s` of host time for each heartbeat: `time_scale` times as many seconds of its own.
    `tell` is told whom we wait for, at once and every few seconds.
    """
    claim = Claim(handset, shell, who, why, heartbeat_s, time_scale, prepare, tell)
    return HandsetLease(claim, claim.take(timeout_s))
