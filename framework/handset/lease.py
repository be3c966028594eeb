"""The lease: whoever holds a lock on the handset itself has the handset, whichever machine they are on.

One shell on the handset holds `flock` on a file and waits for heartbeats. When they stop (the host died, the network
was cut) or the stream ends, that shell ends, and the kernel frees the lock; waiters get it in the order they came.

That shell also gives back what was changed on the handset for the run (`preparation`): when it ends, and, of a run
before whose shell could not, when it begins. It heeds no hang-up: whoever takes the lease next finds no trace of us.
"""

from __future__ import annotations

import json
import shlex
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType

from framework.contract.errors import DeadlineError, HandsetError
from framework.contract.preparation import Prepared
from framework.handset.connection import Deadline
from framework.handset.holder import LOCK, described, holder
from framework.handset.ladder import STREAM
from framework.handset.preparation import FOLDER, GIVE_BACK, KEPT, Ask
from framework.handset.shell import HandsetShell, LineStream

BEATS_A_TIME_OUT = 3
_ANSWER_S = 15.0
_GRACE_S = 1.0
"""A `holder` question holds the lock for a moment: even who does not want to wait waits for that."""
_ASKED_S = 30.0
_END_S = 15.0
"""A slow handset takes a tenth of a second for each setting that it is given back."""

AGAIN_WITHIN_S = STREAM.within_s
"""How long a lease whose connection broke may take until it is ours again."""
_AGAIN_S = 0.25

_HOLD = f"""{GIVE_BACK}
mkdir -p {FOLDER} && {LOCK}
flock -n 9 9>&9 || {{ echo WAIT; flock 9 9>&9 || exit 1; }}
trap '' HUP PIPE
give_back || {{ echo "it cannot be given back yet what the run before has changed: is it still booting?"; exit 1; }}
counter=0
[ -r {FOLDER}/counter ] && read -r counter <{FOLDER}/counter
counter=$((counter + 1))
echo $counter >{FOLDER}/counter.new && mv -f {FOLDER}/counter.new {FOLDER}/counter || {{
  rm -f {FOLDER}/counter.new
  exit 1
}}
printf '{{"who":%s,"why":%s,"since_wall_s":%s,"counter":%s}}\\n' "$who" "$why" "$(date +%s)" "$counter" >{FOLDER}/holder
echo "HELD $counter"
script=
while IFS= read -r -t "$patience" line; do
  case $line in
    end) break ;;
    run) eval "$script" </dev/null; echo "RAN"; script= ;;
    +*) script="$script${{line#+}}
" ;;
    *) echo "$line" ;;
  esac
done
give_back
rm -f {FOLDER}/holder
"""

Prepare = Callable[[Ask], Prepared]
"""Makes the handset ready, by asking the shell that holds the lease."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A stream that holds the lock, and the lease's number; `kept` is what the last user's could not be given back."""

    stream: LineStream
    counter: int
    prepared: Prepared | None = None
    kept: tuple[str, ...] = ()


class HandsetLease:
    """`contract.capabilities.Lease`; a thread sends heartbeats, each of which the handset gives back.

    When the connection breaks, the lock is free at once: the thread takes it again. The number of that lease tells
    whether anybody had the handset in between; if so, the lease is lost for good.
    """

    def __init__(self, handset: str, taken: Taken, heartbeat_s: float, again: Callable[[], Taken]) -> None:
        self._handset, self._heartbeat_s, self._again = handset, heartbeat_s, again
        self._stream, self.counter = taken.stream, taken.counter
        self.prepared = taken.prepared
        self.kept = list(taken.kept)
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
            taken = self._again()
        except HandsetError:
            return False
        if taken.counter != self.counter + 1:
            taken.stream.close()
            self._lost = True
            return False
        self._stream, self.counter, self._confirmed_s = taken.stream, taken.counter, asked_s
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
) -> HandsetLease:
    """Hold the handset, made ready by `prepare`; HandsetError naming the holder when it is not free in `timeout_s`.

    The handset waits `heartbeat_s` of host time for each heartbeat: `time_scale` times as many seconds of its own.
    """
    values = {"who": json.dumps(who), "why": json.dumps(why), "patience": f"{heartbeat_s * time_scale:.3f}"}
    settings = "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())

    def taken(within_s: float) -> Taken:
        return _taken(handset, shell, settings + _HOLD, within_s, prepare)

    return HandsetLease(handset, taken(timeout_s), heartbeat_s, lambda: taken(0))


def _taken(handset: str, shell: HandsetShell, script: str, timeout_s: float, prepare: Prepare | None = None) -> Taken:
    stream = shell.stream(script)
    kept: list[str] = []
    try:
        answer = stream.read_line(_ANSWER_S)
        if answer == "WAIT":
            answer = _await_turn(handset, shell, stream, timeout_s)
        while answer is not None and answer.startswith(KEPT):
            kept.append(answer.removeprefix(KEPT).strip())
            answer = stream.read_line(_ANSWER_S)
        word, _, counter = (answer or "").partition(" ")
        if word != "HELD" or not counter.isdecimal():
            raise HandsetError(handset, f"it cannot be leased: {answer or stream.complaint.strip() or 'no answer'}")
        prepared = prepare(partial(_ask, handset, stream)) if prepare is not None else None
        return Taken(stream, int(counter), prepared, tuple(kept))
    except BaseException:
        stream.close()
        raise


def _ask(handset: str, stream: LineStream, script: str) -> str:
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


def _await_turn(handset: str, shell: HandsetShell, stream: LineStream, timeout_s: float) -> str | None:
    try:
        return stream.read_line(max(timeout_s, _GRACE_S))
    except DeadlineError:
        held_by = holder(handset, shell)
        if held_by is None:
            raise
        raise HandsetError(handset, f"held by {described(held_by)}", "wait for it, or take another handset") from None


def _boot_time_s() -> float:
    """Counts on while the computer sleeps: a lease does not."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
