"""One of the processes that want leases: it makes the attempts that it is given, and says what comes of each.

While it holds a lease it writes into a file that all share, again and again, that it does: `TIME HANDSET ATTEMPT`.
The time is taken before it looks whether the lease is held, so that each line is true whenever this process freezes.
Beside that it makes a file that can be made once only, and takes it away in the end.
"""

from __future__ import annotations

import os
import time
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.handset import lease
from framework.handset.handset import connect
from framework.handset.lease import HandsetLease
from framework.handset.shell import HandsetShell

CLAIM_EVERY_S = 0.003
LEASE_TIMEOUT_S = 60.0
CONNECT_S = 20.0

Fault = Literal["none", "kill", "cut", "silence", "freeze"]


@dataclass(frozen=True, slots=True)
class Plan:
    """One attempt, and what befalls it: `fault`, while it waits or holds, `after_s` from then."""

    number: int
    target: Target
    hold_s: float
    fault: Fault = "none"
    while_: Literal["waits", "holds"] = "holds"
    after_s: float = 0.0
    freeze_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Word:
    """What happened in attempt `number`, at `at_s` of the clock that all processes share."""

    number: int
    what: Literal["arrives", "waits", "held", "found", "lost", "released", "refused"]
    at_s: float
    counter: int = 0
    place: int = 0
    told: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """`folder` is where all processes leave their witness."""

    folder: Path
    heartbeat_s: float
    speed: float

    @property
    def claims(self) -> Path:
        return self.folder / "claims"


def now_s() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def serve(conn: Connection, site: Site) -> None:
    """Until the other end is closed."""
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            Attempt(conn, site, conn.recv()).run()


class Attempt:
    def __init__(self, conn: Connection, site: Site, plan: Plan) -> None:
        self._conn, self._site, self._plan = conn, site, plan
        self._holding = site.folder / f"holding-{plan.target.name}"

    def run(self) -> None:
        self._say("arrives")
        try:
            with closing(connect(self._plan.target, CONNECT_S)) as connection:
                self._lease(HandsetShell(self._plan.target.name, connection))
        except HandsetError as error:
            self._say("refused", told=str(error))

    def _lease(self, shell: HandsetShell) -> None:
        times = {"heartbeat_s": self._site.heartbeat_s, "time_scale": self._site.speed, "timeout_s": LEASE_TIMEOUT_S}
        name, who = self._plan.target.name, f"process {os.getpid()}"
        told = {"tell": lambda _: self._say("waits")}
        held = lease.take(name, shell, who, f"attempt {self._plan.number}", **times, **told)  # type: ignore[arg-type]
        self._say("held", counter=held.counter, place=held.place)
        kept = self._hold(held)
        if kept:
            self._leave()
        held.release()
        self._say("released" if kept else "lost", counter=held.counter)

    def _hold(self, held: HandsetLease) -> bool:
        """Whether it was ours to the end."""
        self._enter()
        ends_s = now_s() + self._plan.hold_s
        claims = os.open(self._site.claims, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            while True:
                at_s = now_s()
                if not held.held:
                    return False
                os.write(claims, f"{at_s:.6f} {self._plan.target.name} {self._plan.number}\n".encode())
                if at_s > ends_s:
                    return True
                time.sleep(CLAIM_EVERY_S)
        finally:
            os.close(claims)

    def _enter(self) -> None:
        """Only one can make the file: whose it was before is told, and must have lost it."""
        own = self._holding.with_name(f"{self._holding.name}.{self._plan.number}")
        own.write_text(str(self._plan.number))
        try:
            self._holding.hardlink_to(own)
            own.unlink()
        except FileExistsError:
            with suppress(FileNotFoundError):
                self._say("found", told=self._holding.read_text())
            own.replace(self._holding)

    def _leave(self) -> None:
        with suppress(FileNotFoundError):
            if self._holding.read_text() == str(self._plan.number):
                self._holding.unlink()

    def _say(self, what: str, **more: object) -> None:
        word = Word(self._plan.number, what, now_s())  # type: ignore[arg-type]
        self._conn.send(replace(word, **more))  # type: ignore[arg-type]
