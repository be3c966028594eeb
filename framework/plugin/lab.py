"""The sessions of one process: at most one a handset, opened when first needed, closed at the end of the run."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Iterator
from contextlib import ExitStack

from framework.contract.capabilities import Target
from framework.contract.errors import FarmError
from framework.contract.run import UnitResult
from framework.contract.scenario import Needs
from framework.deploy import Build
from framework.fleet.match import missing
from framework.plugin.observers import Observers
from framework.session import Order, Session

LEASE_TIMEOUT_S = 60.0


class Lab:
    """Runs scenarios on the first of its targets that can; `targets` is only drawn from as far as needed."""

    def __init__(self, targets: Iterator[Target], build: Build, observers: Observers) -> None:
        self._targets = targets
        self._build, self._observers = build, observers
        self._stack = ExitStack()
        self._sessions: list[Session] = []
        self._first_cause: FarmError | None = None

    def run(self, order: Order) -> UnitResult:
        return self.session(order.scenario.needs).run(order)

    def session(self, needs: Needs | None = None) -> Session:
        """The session of a handset that has what is needed; failing that the first one, which then says what lacks.

        A lab in which a handset or the build failed to open stays so: the first cause is raised again.
        """
        if self._first_cause is not None:
            raise self._first_cause
        for session in self._all():
            if needs is None or not missing(needs, session.identity):
                return session
        return self._sessions[0]

    def close(self) -> None:
        self._sessions.clear()
        self._stack.close()

    def _all(self) -> Iterator[Session]:
        yield from list(self._sessions)
        for target in self._targets:
            yield self._open(target)

    def _open(self, target: Target) -> Session:
        session = Session(target, self._build, self._observers.all, who=_who(), why="pytest")
        try:
            self._stack.enter_context(session.open(lease_timeout_s=LEASE_TIMEOUT_S))
        except FarmError as error:
            self._first_cause = error
            raise
        self._sessions.append(session)
        return session


def _who() -> str:
    return f"{getpass.getuser()}@{socket.gethostname()}"
