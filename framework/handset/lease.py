"""The lease: whoever holds a lock on the handset itself has the handset, whichever machine they are on.

One shell on the handset holds `flock` on a file and waits for heartbeats. When they stop (the host died, the network
was cut) or the stream ends, that shell ends, and the kernel frees the lock; waiters get it in the order they came.
"""

from __future__ import annotations

import json
import shlex
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType

from framework.contract.capabilities import LeaseHolder
from framework.contract.errors import DeadlineError, HandsetError
from framework.handset.shell import HandsetShell, LineStream

FOLDER = "/data/local/tmp/pocketfarm"
BEATS_A_TIME_OUT = 3
_ANSWER_S = 15.0
_GRACE_S = 1.0
"""A `holder` question holds the lock for a moment: even who does not want to wait waits for that."""
_END_S = 5.0

AGAIN_WITHIN_S = 15.0
"""How long a lease whose connection broke may take until it is ours again."""
_AGAIN_S = 0.25

# mksh hides descriptors above 2 from the programs it starts, hence `9>&9`.
_LOCK = f"exec 9>>{FOLDER}/lease || exit 1"
_HOLD = f"""mkdir -p {FOLDER} && {_LOCK}
flock -n 9 9>&9 || {{ echo WAIT; flock 9 9>&9 || exit 1; }}
counter=0
[ -r {FOLDER}/counter ] && read -r counter <{FOLDER}/counter
counter=$((counter + 1))
echo $counter >{FOLDER}/counter
printf '{{"who":%s,"why":%s,"since_wall_s":%s,"counter":%s}}\\n' "$who" "$why" "$(date +%s)" "$counter" >{FOLDER}/holder
echo "HELD $counter"
while read -r -t "$patience" beat; do
  [ "$beat" = end ] && break
  echo "$beat"
done
rm -f {FOLDER}/holder
"""
ASK = f"""[ -e {FOLDER}/lease ] || exit 0
{_LOCK}
flock -n 9 9>&9 || {{ echo HELD; cat {FOLDER}/holder; exit 0; }}
"""
"""Asks who holds the handset; `read_holder` reads what it prints."""


Taken = tuple[LineStream, int]
"""A stream that holds the lock, and the lease's number."""


class HandsetLease:
    """`contract.capabilities.Lease`; a thread sends heartbeats, each of which the handset gives back.

    When the connection breaks, the lock is free at once: the thread takes it again. The number of that lease tells
    whether anybody had the handset in between; if so, the lease is lost for good.
    """

    def __init__(self, handset: str, taken: Taken, heartbeat_s: float, again: Callable[[], Taken]) -> None:
        self._handset, self._heartbeat_s, self._again = handset, heartbeat_s, again
        self._stream, self.counter = taken
        self._confirmed_s = _boot_time_s()
        self._lost = False
        self._ending = threading.Event()
        self._certain = threading.Event()
        self._certain.set()
        self._beats = threading.Thread(target=self._beat, name=f"lease {handset}", daemon=True)
        self._beats.start()

    @property
    def held(self) -> bool:
        """Certain: the handset has answered a heartbeat that it waits on longer than until now.

        While the lease is being taken again, this waits for what comes of that.
        """
        self._certain.wait(AGAIN_WITHIN_S + _ANSWER_S)
        return not self._lost and _boot_time_s() < self._confirmed_s + self._heartbeat_s

    def release(self) -> None:
        """Returns when the handset is free for the next."""
        if self._ending.is_set():
            return
        self._ending.set()
        with suppress(HandsetError):
            if not self._lost:
                self._stream.write(b"end\n")
        self._beats.join(_END_S)
        self._lost = True
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
        while not self._broken_within(_END_S) and not self._lost:  # what the handset still says
            pass

    def _broken_within(self, seconds: float) -> bool:
        """Nothing is due but the end of the stream, which is noticed at once."""
        try:
            return self._stream.read_line(seconds) is None
        except DeadlineError:
            return False
        except HandsetError:
            return True

    def _answered(self, number: int) -> bool:
        sent_s = _boot_time_s()
        try:
            self._stream.write(b"%d\n" % number)
            if self._stream.read_line(self._heartbeat_s) != str(number):
                return False
        except HandsetError:
            return False
        self._confirmed_s = sent_s
        return True

    def _take_again(self) -> None:
        self._certain.clear()
        try:
            deadline_s = time.monotonic() + AGAIN_WITHIN_S
            self._stream.close()
            while not self._ending.is_set() and not self._taken_again():
                if self._lost or time.monotonic() > deadline_s:
                    self._lost = True
                    return
                self._ending.wait(_AGAIN_S)
        finally:
            self._certain.set()

    def _taken_again(self) -> bool:
        """Whether it is ours again; not when its number shows that it was another's."""
        asked_s = _boot_time_s()
        try:
            stream, counter = self._again()
        except HandsetError:
            return False
        if counter != self.counter + 1:
            stream.close()
            self._lost = True
            return False
        self._stream, self.counter, self._confirmed_s = stream, counter, asked_s
        return True


def take(
    handset: str, shell: HandsetShell, who: str, why: str, *, timeout_s: float, heartbeat_s: float, time_scale: float
) -> HandsetLease:
    """Hold the handset; HandsetError naming the holder when it is not free within `timeout_s`.

    The handset waits `heartbeat_s` of host time for each heartbeat: `time_scale` times as many seconds of its own.
    """
    values = {"who": json.dumps(who), "why": json.dumps(why), "patience": f"{heartbeat_s * time_scale:.3f}"}
    settings = "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())

    def taken(within_s: float) -> Taken:
        return _taken(handset, shell, settings + _HOLD, within_s)

    return HandsetLease(handset, taken(timeout_s), heartbeat_s, lambda: taken(0))


def _taken(handset: str, shell: HandsetShell, script: str, timeout_s: float) -> Taken:
    stream = shell.stream(script)
    try:
        answer = stream.read_line(_ANSWER_S)
        if answer == "WAIT":
            answer = _await_turn(handset, shell, stream, timeout_s)
        word, _, counter = (answer or "").partition(" ")
        if word != "HELD" or not counter.isdecimal():
            raise HandsetError(handset, f"it cannot be leased: {answer or stream.complaint or 'no answer'}")
        return stream, int(counter)
    except BaseException:
        stream.close()
        raise


def holder(handset: str, shell: HandsetShell) -> LeaseHolder | None:
    """Who holds the handset, None when it is free."""
    return read_holder(shell.script(ASK, check=True).text)


def read_holder(text: str) -> LeaseHolder | None:
    """What `ASK` printed."""
    answer, _, described = text.partition("\n")
    if answer != "HELD":
        return None
    try:
        return LeaseHolder(**json.loads(described))
    except (ValueError, TypeError):  # it is just being taken or given back
        return LeaseHolder("someone", "", 0, 0)


def _await_turn(handset: str, shell: HandsetShell, stream: LineStream, timeout_s: float) -> str | None:
    try:
        return stream.read_line(max(timeout_s, _GRACE_S))
    except DeadlineError:
        held_by = holder(handset, shell)
        if held_by is None:
            raise
        raise HandsetError(handset, f"held by {_told(held_by)}", "wait for it, or take another handset") from None


def _told(held_by: LeaseHolder) -> str:
    since = datetime.fromtimestamp(held_by.since_wall_s, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"{held_by.who} since {since} for {held_by.why}" if held_by.counter else held_by.who


def _boot_time_s() -> float:
    """Counts on while the computer sleeps: a lease does not."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
