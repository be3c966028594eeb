"""The handsets of one process: opened when first needed, looked at before they are used, given back at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from framework.contract.capabilities import Target
from framework.contract.errors import AssistantError, FarmError, HandsetError
from framework.contract.run import HandsetIdentity
from framework.contract.verdict import Verdict
from framework.fleet.health import Health
from framework.fleet.requeue import Present
from framework.fleet.usable import Found, identify, same_as
from framework.plugin.options import LEASE_TIMEOUT_S

if TYPE_CHECKING:
    from framework.session import Checkup, Session

FRESH_S = 0.5
"""A handset that was looked at so short a time ago need not be looked at again: after one test, before the next."""

FRESHLY_S = 0.0
"""The same for the handset of a test that was lost elsewhere: each of its attempts counts."""

REST_LOOK_S = 5.0
"""Device seconds between two looks at a handset that rests, while there is no other."""

CLOSE_S = 20.0
"""How long handsets may take to be given back; one that is dead is left to its end."""

Reach = Callable[[], Target]
"""How a handset is reached, once it is needed; HandsetError where it cannot be."""

Can = Callable[[HandsetIdentity], bool]
"""Whether a handset has what a test needs."""


class Waiting:
    """A handset that is not in use yet. `known`: who it is, where that is known before it is reached.

    `shared`: others may have it, or it may be another one of the run, reached another way; it is asked.
    """

    def __init__(self, reach: Reach, known: HandsetIdentity | None = None, *, shared: bool = False) -> None:
        self._reach, self.known, self.shared = reach, known, shared
        self._target: Target | None = None

    def target(self) -> Target:
        if self._target is None:
            self._target = self._reach()
        return self._target

    def identity(self) -> HandsetIdentity:
        """Asked without a lease, once; HandsetError where it does not answer."""
        from framework.handset.handset import open_handset

        if self.known is None:
            with open_handset(self.target()) as opened:
                self.known = opened.identity
        return self.known


class Pool:
    """Sessions on the handsets of one process; `begin` makes the session on a target.

    One that could not be mended, or that lost one test after the other, is quarantined: given back, and not used
    again.
    """

    def __init__(
        self,
        handsets: Iterable[Waiting],
        begin: Callable[[Target], Session],
        *,
        lease_timeout_s: float = LEASE_TIMEOUT_S,
    ) -> None:
        self._waiting = list(handsets)
        self._begin, self._lease_timeout_s = begin, lease_timeout_s
        self.sessions: list[Session] = []
        self._opened: list[Session] = []
        self._fault: FarmError | None = None
        self._untold: AssistantError | None = None
        self.start_failure: tuple[AssistantError, HandsetIdentity] | None = None
        """How and where the build failed to start last."""
        self._looked: dict[str, float] = {}
        self._units: dict[str, str] = {}
        """Name → which handset it is, of shared ones that were opened."""
        self._known: dict[str, HandsetIdentity] = {}
        self._resting: dict[str, float] = {}
        """Those that may be well again by themselves → their time scale."""
        self._health = Health()
        self.used: list[HandsetIdentity] = []
        self.unavailable: list[HandsetError] = []
        """Why handsets could not be used, which were passed over."""

    def find(
        self, can: Can, *, wanted: Sequence[str] = (), avoided: Collection[str] = (), alone: bool = False
    ) -> Session | None:
        """The session of a handset that is well and can: of the `wanted` ones first, then of any but those `avoided`.

        `alone`: the others are not needed meanwhile, and given back before another one is opened. AssistantError,
        once, where the build does not start on a handset, which is not used then; what is wrong with the user's files
        stays so, and is raised again.
        """
        if self._fault is not None:
            raise self._fault
        if self._untold is not None:
            error, self._untold = self._untold, None
            raise error
        for name in wanted:
            session = self._named(name, alone=alone)
            if session is not None and self._is_well(session, FRESHLY_S):
                return session
        for session in list(self.sessions):
            if can(session.identity) and session.identity.name not in avoided and self._is_well(session):
                return session
        while (waiting := self._next(can)) is not None:
            opened = self._open(waiting, alone=alone)
            if opened is not None and can(opened.identity) and opened.identity.name not in avoided:
                return opened
        return self._rested(can, avoided)

    def _rested(self, can: Can, avoided: Collection[str]) -> Session | None:
        """The first that is well again of those that rest; for each of them that ends, one way or the other."""
        while resting := [each for each in self._able(can, avoided) if each.identity.name in self._resting]:
            for session in resting:
                if self._is_well(session, FRESHLY_S):
                    return session
            time.sleep(REST_LOOK_S / max(self._resting.values(), default=1.0))
        return None

    def _able(self, can: Can, avoided: Collection[str]) -> list[Session]:
        return [each for each in self.sessions if can(each.identity) and each.identity.name not in avoided]

    def ready(self) -> bool:
        """Whether a test may begin on some handset; that the build does not start there is for the test to tell."""
        try:
            return self.find(lambda _: True) is not None
        except AssistantError as error:
            self._untold = error
        except FarmError:
            pass
        return True

    def present(self, can: Can) -> Iterator[Present]:
        """Those that are open, and those that answer when they are asked who they are."""
        for session in self.sessions:
            yield _present(session.identity, can)
        for waiting in self._waiting:
            with suppress(HandsetError):
                yield _present(waiting.identity(), can)

    def lost(self, can: Can) -> list[HandsetError]:
        """Why handsets cannot be used that can, or might."""
        known = self._known
        found = [*self.unavailable, *(HandsetError(name, cause) for name, cause in self.quarantined.items())]
        return [error for error in found if error.handset not in known or can(known[error.handset])]

    @property
    def quarantined(self) -> Mapping[str, str]:
        """Handsets that are not used any more → the first cause."""
        return self._health.quarantined

    def ended(self, session: Session, test: str, verdict: Verdict, why: str) -> Checkup:
        """A test ended so there; how the handset is after it."""
        name = session.identity.name
        self._health.ended(name, test, verdict, _without(name, why))
        checkup = self._look(session)
        self._retire_if_sick(session)
        return checkup

    def change(self, waiting: Waiting) -> None:
        """Give back what is held, within CLOSE_S, and use this handset from now on."""
        self._give_back(*self.sessions)
        self._waiting, self._fault, self._untold, self.unavailable = [waiting], None, None, []

    def close(self) -> list[str]:
        """What people should know of how the handsets were given back."""
        self._give_back(*self.sessions)
        opened, self._opened = self._opened, []
        return [f"{session.identity.name} did not take back: {what}" for session in opened for what in session.kept]

    # -- opening -----------------------------------------------------------------------------------------------------

    def _named(self, name: str, *, alone: bool) -> Session | None:
        for session in self.sessions:
            if session.identity.name == name:
                return session
        for waiting in self._waiting:
            if _is_named(waiting, name):
                if waiting.shared and self._units and self._asked(waiting) is None:
                    return None
                return self._open(self._chosen(waiting), alone=alone)
        return None

    def _next(self, can: Can) -> Waiting | None:
        """The next that is not in use yet, and may have what is needed.

        One that nobody else has; where others have them all, the first: its turn is waited for.
        """
        able = [waiting for waiting in self._waiting if waiting.known is None or can(waiting.known)]
        choice = len(able) > 1
        held: list[Waiting] = []
        for waiting in able:
            if not waiting.shared or not (choice or self._units):
                return self._chosen(waiting)
            found = self._asked(waiting)
            if found is not None and found.free:
                return self._chosen(waiting)
            held += [waiting] if found is not None else []
        return self._chosen(held[0]) if held else None

    def _chosen(self, waiting: Waiting) -> Waiting:
        self._waiting.remove(waiting)
        return waiting

    def _asked(self, waiting: Waiting) -> Found | None:
        """None for one that is not to be used, or is used already under another name; it waits no more."""
        try:
            found = identify(waiting.target(), self._lease_timeout_s)
            name = waiting.target().name
            for other, unit in self._units.items():
                if other != name and unit and unit == found.unit:
                    raise same_as(name, other)
        except HandsetError as error:
            self.unavailable.append(error)
            self._waiting.remove(waiting)
            return None
        waiting.known = found.identity
        return found

    def _open(self, waiting: Waiting, *, alone: bool) -> Session | None:
        """None for a handset that cannot be used: another one may do."""
        if alone:
            self._lay_back()
        session: Session | None = None
        try:
            session = self._begin(waiting.target())
            session.open(lease_timeout_s=self._lease_timeout_s)
        except AssistantError as error:
            if session is not None:
                self.start_failure = error, session.identity
                self._health.quarantine(session.identity.name, f"the build does not start on it: {error}")
            raise
        except HandsetError as error:
            self.unavailable.append(error)
            if waiting.known is not None:
                self._known[error.handset] = waiting.known
            return None
        except FarmError as error:
            self._fault = error
            raise
        if waiting.shared:
            with suppress(HandsetError):
                self._units[session.identity.name] = session.handset.unit()
        self.sessions.append(session)
        self._opened.append(session)
        self._known[session.identity.name] = session.identity
        self._looked[session.identity.name] = time.monotonic()
        self._resting.pop(session.identity.name, None)
        if session.identity not in self.used:
            self.used.append(session.identity)
        return session

    def _lay_back(self) -> None:
        """Give back all that are in use; each can be used again."""
        laid = list(self.sessions)
        self._give_back(*laid)
        self._waiting += [Waiting(partial(_again, session.handset.target), session.identity) for session in laid]

    # -- health ------------------------------------------------------------------------------------------------------

    def _is_well(self, session: Session, fresh_s: float = FRESH_S) -> bool:
        name = session.identity.name
        if time.monotonic() >= self._looked.get(name, 0.0) + fresh_s:
            self._look(session)
            if self._retire_if_sick(session):
                return False
        return name not in self._resting

    def _look(self, session: Session) -> Checkup:
        checkup = session.check()
        wrong = checkup.wrong
        self._health.checked(checkup.handset, None if wrong is None else _without(checkup.handset, wrong))
        self._looked[checkup.handset] = time.monotonic()
        self._resting.pop(checkup.handset, None)
        if checkup.rests_s > 0:
            self._resting[checkup.handset] = checkup.time_scale
        return checkup

    def _retire_if_sick(self, session: Session) -> bool:
        name = session.identity.name
        cause = self._health.cause(name)
        if cause is not None:
            self._give_back(session)
        return cause is not None

    def _give_back(self, *sessions: Session) -> None:
        """Returns in time, however dead a handset is: what would still be done is done beside, or never."""
        self.sessions = [session for session in self.sessions if session not in sessions]
        closing = [threading.Thread(target=_close, args=(session,), daemon=True) for session in sessions]
        ends = time.monotonic() + CLOSE_S
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join(max(0.0, ends - time.monotonic()))


def _is_named(waiting: Waiting, name: str) -> bool:
    try:
        return waiting.identity().name == name
    except HandsetError:
        return False


def _present(handset: HandsetIdentity, can: Can) -> Present:
    return Present(handset.name, handset.model, can(handset))


def _without(name: str, why: str) -> str:
    """What is wrong, without the name that goes before it anyway."""
    return why.removeprefix("LAB: ").removeprefix(f"{name}: ")


def _again(target: Target) -> Target:
    return target


def _close(session: Session) -> None:
    with suppress(HandsetError):
        session.__exit__(None, None, None)
