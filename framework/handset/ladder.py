"""The ladder: what is tried, in which order and for how long, when a handset does not answer as it should.

The one table of it. Whoever holds a stream (the assistant's events, the log, the samples, the lease) reopens it;
`AdbdConnection` and `ServerConnection` reconnect; the session, between two repetitions, climbs the rest. A service
that was already asked for is never asked for again by itself: the handset may have begun it.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from framework.contract.errors import HandsetError

ALLOWANCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Rung:
    """One thing to try; `within_s` is how long it may take, in host time, after which the next one is due.

    `on_device`: in the handset's own time, which emulated ones can have run faster; the host has `ALLOWANCE_S` beside.
    """

    name: str
    within_s: float
    does: str
    on_device: bool = False

    def limit_s(self, time_scale: float) -> float:
        """In host time."""
        return self.within_s / time_scale + ALLOWANCE_S if self.on_device else self.within_s


STREAM = Rung("reopen the stream", 20.0, "open a stream that ended or stalled again, and read on where it stopped")
RECONNECT = Rung("reconnect", 10.0, "connect to adbd again, or ask the adb server for the handset again")
SERVER = Rung(
    "adb server reconnect", 15.0, "have the adb server connect a handset on TCP that it lost or shows as offline"
)
ANDROID = Rung(
    "wait for Android",
    120.0,
    "a handset that was restarted answers long before its services are there",
    on_device=True,
)
REBOOT = Rung(
    "reboot",
    180.0,
    "restart the handset: emulated ones, and real ones where devices.yaml says reboot: true",
    on_device=True,
)

LADDER: tuple[Rung, ...] = (STREAM, RECONNECT, SERVER, ANDROID, REBOOT)
"""From what disturbs nobody to what disturbs everything that runs on the handset."""

SILENT_S = 10.0
"""A stream that should say something, and has not for so long, has stalled; a connection that does not even answer
an OPEN for so long is dead."""

Link = Literal["up", "lost", "offline", "unauthorized"]
Android = Literal["up", "starting", "dead"]


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a handset that failed.

    `link`: as an adb server names it; straight to adbd, `offline` is one that takes connections and says nothing.
    `server`: through an adb server; `ours`: one that we started; `tcp`: a handset on the network.
    """

    link: Link = "up"
    android: Android = "up"
    server: bool = False
    ours: bool = False
    tcp: bool = True
    may_reboot: bool = False


def next_rung(situation: Situation, tried: Collection[Rung] = ()) -> Rung | None:
    """What to try next; None: give up, and tell what is wrong with the mend.

    Nothing helps a handset whose user has not accepted our key. Restarting one needs a connection to it; only the
    session asks for it, between two repetitions, so that no measurement is cut short.
    """
    if situation.link == "unauthorized":
        return None
    return next((rung for rung in LADDER if rung not in tried and _helps(rung, situation)), None)


def _helps(rung: Rung, situation: Situation) -> bool:
    up = situation.link == "up"
    if rung is STREAM:
        return up
    if rung is RECONNECT:
        return not up
    if rung is SERVER:
        return not up and situation.server and server_step(situation) != "wait"
    if rung is ANDROID:
        return up and situation.android != "up"
    return up and situation.android != "up" and situation.may_reboot


Step = Literal["wait", "connect", "disconnect and connect"]


def server_step(situation: Situation) -> Step:
    """What may be asked of an adb server. On another's only what disturbs nobody else: connecting what it has lost.

    To disconnect takes everybody's forwards away with it, so that is for a server of our own; a handset on USB the
    server finds by itself.
    """
    if not situation.tcp or situation.link in ("up", "unauthorized"):
        return "wait"
    if situation.link == "lost":
        return "connect"
    return "disconnect and connect" if situation.ours else "wait"


def link_of(error: HandsetError) -> Link:
    """By the state that the error is about."""
    match error.state:
        case "unauthorized":
            return "unauthorized"
        case "offline":
            return "offline"
    return "lost"


class Mends:
    """What was done on one handset, in its order; any thread may note."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done: list[str] = []

    def note(self, rung: str, seconds: float, why: str, *, worked: bool = True) -> None:
        """`rung` is its name, `why` what was wrong."""
        how = f"done after {seconds:.1f} s" if worked else f"of no use for {seconds:.1f} s"
        with self._lock:
            self._done.append(f"{rung}: {how}: {why}")

    def mark(self) -> int:
        """The place that is now; for `since`."""
        with self._lock:
            return len(self._done)

    def since(self, mark: int) -> tuple[str, ...]:
        with self._lock:
            return tuple(self._done[mark:])
