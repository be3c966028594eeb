"""The lease: whoever holds a lock on the handset itself has the handset, whichever machine they are on.

One shell on the handset holds `flock` on a file and waits for heartbeats. When they stop (the host died, the network
was cut) or the stream ends, that shell ends, and the kernel frees the lock; waiters get it in the order they came.
"""

from __future__ import annotations

import json
import shlex
import threading
import time
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
_ASK = f"""[ -e {FOLDER}/lease ] || exit 0
{_LOCK}
flock -n 9 9>&9 || {{ echo HELD; cat {FOLDER}/holder; exit 0; }}
"""


class HandsetLease:
    """`contract.capabilities.Lease`; a thread sends heartbeats, each of which the handset gives back."""

    def __init__(self, handset: str, stream: LineStream, counter: int, heartbeat_s: float) -> None:
        self.counter = counter
        self._handset, self._stream, self._heartbeat_s = handset, stream, heartbeat_s
        self._confirmed_s = _boot_time_s()
        self._lost = False
        self._ending = threading.Event()
        self._beats = threading.Thread(target=self._beat, name=f"lease {handset}", daemon=True)
        self._beats.start()

    @property
    def held(self) -> bool:
        """Certain: the handset has answered a heartbeat that it waits on longer than until now."""
        return not self._lost and _boot_time_s() < self._confirmed_s + self._heartbeat_s

    def release(self) -> None:
        """Returns when the handset is free for the next."""
        if self._ending.is_set():
            return
        self._ending.set()
        self._beats.join(_END_S)
        with suppress(HandsetError), self._stream:
            if self.held:
                self._stream.write(b"end\n")
                while self._stream.read_line(_END_S) is not None:
                    pass
        self._lost = True
        self._beats.join()

    def __enter__(self) -> HandsetLease:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _beat(self) -> None:
        number = 0
        with suppress(HandsetError):
            while not self._ending.wait(self._heartbeat_s / BEATS_A_TIME_OUT):
                number += 1
                sent_s = _boot_time_s()
                self._stream.write(b"%d\n" % number)
                if self._stream.read_line(self._heartbeat_s) != str(number):
                    break
                self._confirmed_s = sent_s
        self._lost = self._lost or not self._ending.is_set()


def take(
    handset: str, shell: HandsetShell, who: str, why: str, *, timeout_s: float, heartbeat_s: float, time_scale: float
) -> HandsetLease:
    """Hold the handset; HandsetError naming the holder when it is not free within `timeout_s`.

    The handset waits `heartbeat_s` of host time for each heartbeat: `time_scale` times as many seconds of its own.
    """
    values = {"who": json.dumps(who), "why": json.dumps(why), "patience": f"{heartbeat_s * time_scale:.3f}"}
    settings = "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
    stream = shell.stream(settings + _HOLD)
    try:
        answer = stream.read_line(_ANSWER_S)
        if answer == "WAIT":
            answer = _await_turn(handset, shell, stream, timeout_s)
        word, _, counter = (answer or "").partition(" ")
        if word != "HELD" or not counter.isdecimal():
            raise HandsetError(handset, f"it cannot be leased: {answer or stream.complaint or 'no answer'}")
        return HandsetLease(handset, stream, int(counter), heartbeat_s)
    except BaseException:
        stream.close()
        raise


def holder(handset: str, shell: HandsetShell) -> LeaseHolder | None:
    """Who holds the handset, None when it is free."""
    answer, _, described = shell.script(_ASK, check=True).text.partition("\n")
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
