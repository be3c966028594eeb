"""The sessions of one process: at most one a handset, opened when first needed, closed at the end of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import FarmError, HandsetError
from framework.contract.needs import Needs
from framework.contract.run import HandsetIdentity, UnitResult
from framework.contract.verdict import Verdict
from framework.deploy import Build
from framework.fleet.person import me
from framework.plugin.observers import Observers
from framework.plugin.options import LEASE_TIMEOUT_S
from framework.plugin.variants import Variant, lacking
from framework.session import Order, RecordScreen, Session

Reach = Callable[[], Target]
"""How a handset is reached, once it is needed; HandsetError where it cannot be."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A handset that is not in use yet."""

    reach: Reach
    identity: HandsetIdentity | None = None
    """Who it is, where that is known before it is reached."""


class Lab:
    """Runs scenarios on the first of its handsets that can; each is only reached for when it is needed."""

    def __init__(
        self,
        handsets: Iterable[Waiting],
        build: Build,
        observers: Observers,
        *,
        prepare: bool = True,
        record_screen: RecordScreen = "never",
        lease_timeout_s: float = LEASE_TIMEOUT_S,
    ) -> None:
        self._waiting = list(handsets)
        self._build, self._observers = build, observers
        self._prepare, self._record_screen = prepare, record_screen
        self._lease_timeout_s = lease_timeout_s
        self._sessions: list[Session] = []
        self._opened: list[Session] = []
        self._fault: FarmError | None = None
        self.used: list[HandsetIdentity] = []
        self.unavailable: list[HandsetError] = []
        """Why handsets could not be used, which were passed over."""

    def run(self, order: Order, variant: Variant | None = None) -> UnitResult:
        """The unit's result; a handset that was lost meanwhile is not used again."""
        session = self.session(order.scenario.needs, variant)
        result = session.run(order)
        if result.verdict is Verdict.LAB and not session.usable():
            self._sessions.remove(session)
            self.unavailable.append(HandsetError(session.identity.name, "it was lost in the middle of the run"))
        return result

    def session_for_test(self, needs: Needs, variant: Variant | None = None) -> Session:
        """The session that tests in Python share; reports then know where the one that is running runs.

        A test that needs what no handset has is skipped, with what lacks.
        """
        session = self.session(needs, variant)
        lacks = lacking(needs, variant, session.identity)
        if lacks:
            pytest.skip(f"NOT_RUN: {session.identity.name} lacks {', '.join(lacks)}")
        self._observers.test_uses(session.identity, session.build)
        return session

    def session(self, needs: Needs, variant: Variant | None = None) -> Session:
        """The session of a handset that has what is needed; failing that the first one, which then says what lacks.

        HandsetError where a handset that might have it could not be used. A build that cannot be deployed stays so:
        the first cause is raised again. What is for one variant needs no other handset meanwhile: they are given back.
        """
        if self._fault is not None:
            raise self._fault
        for session in self._sessions:
            if not lacking(needs, variant, session.identity):
                return session
        while (waiting := self._next(needs, variant)) is not None:
            if variant is not None:
                self._give_back()
            opened = self._open(waiting)
            if opened is not None and not lacking(needs, variant, opened.identity):
                return opened
        if self.unavailable or not self._sessions:
            what = f"no {variant.label} is left" if variant else "no handset is left"
            raise next(iter(self.unavailable), HandsetError("the farm", what))
        return self._sessions[0]

    def close(self) -> list[str]:
        """What people should know of how the handsets were given back."""
        sessions = self._opened
        self._sessions, self._opened = [], []
        with ExitStack() as stack:
            for session in sessions:
                stack.push(session)
        return [f"{session.identity.name} did not take back: {what}" for session in sessions for what in session.kept]

    def _next(self, needs: Needs, variant: Variant | None) -> Waiting | None:
        """The next that is not in use yet, and may have what is needed."""
        for waiting in self._waiting:
            if waiting.identity is None or not lacking(needs, variant, waiting.identity):
                self._waiting.remove(waiting)
                return waiting
        return None

    def _give_back(self) -> None:
        """All that are in use; each can be used again."""
        for session in self._sessions:
            session.__exit__(None, None, None)
            self._waiting.append(Waiting(partial(_again, session.handset.target), session.identity))
        self._sessions = []

    def _open(self, waiting: Waiting) -> Session | None:
        """None for a handset that cannot be used: another one may do."""
        try:
            session = Session(
                waiting.reach(),
                self._build,
                self._observers.all,
                who=me(),
                why="pytest",
                prepare=self._prepare,
                record_screen=self._record_screen,
            )
            session.open(lease_timeout_s=self._lease_timeout_s)
        except HandsetError as error:
            self.unavailable.append(error)
            return None
        except FarmError as error:
            self._fault = error
            raise
        self._sessions.append(session)
        self._opened.append(session)
        if session.identity not in self.used:
            self.used.append(session.identity)
        return session


def _again(target: Target) -> Target:
    return target
