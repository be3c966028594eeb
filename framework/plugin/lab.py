"""Tests on the handsets of one process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.needs import Needs
from framework.contract.run import HandsetIdentity, UnitResult
from framework.contract.verdict import Verdict
from framework.deploy import Build
from framework.fleet.person import me
from framework.fleet.requeue import Again, Final, Lost, where_next
from framework.plugin.observers import Observers
from framework.plugin.options import LEASE_TIMEOUT_S
from framework.plugin.outcome import NothingLeft
from framework.plugin.pool import Can, Pool, Waiting
from framework.plugin.variants import Variant, lacking
from framework.session import Checkup, Order, RecordScreen, Session


class Lab:
    """Runs tests on the first of its handsets that can; each is only reached for when it is needed.

    A handset is looked at before and after each test, and not used any more where it could not be mended.
    """

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
        def begin(target: Target) -> Session:
            return Session(
                target, build, observers.all, who=me(), why="pytest", prepare=prepare, record_screen=record_screen
            )

        self._pool = Pool(handsets, begin, lease_timeout_s=lease_timeout_s)
        self._observers = observers
        self._running: Session | None = None
        self._wanted: tuple[str, ...] = ()
        self._avoided: tuple[str, ...] = ()

    # -- one test ----------------------------------------------------------------------------------------------------

    def choose(self, on: Sequence[str] = (), avoid: Sequence[str] = ()) -> None:
        """The next test runs best on these handsets, the best first, and not on those."""
        self._wanted, self._avoided = tuple(on), tuple(avoid)

    def begin(self) -> None:
        """A test begins; it has not asked for a handset yet."""
        self._running = None

    def run(self, order: Order, variant: Variant | None = None) -> UnitResult:
        return self.session(order.scenario.needs, variant).run(order)

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
        """The session of a handset that is well and has what is needed; failing that one that says what it lacks.

        NothingLeft where a handset that has it, or might, cannot be used. What is for one variant needs no other
        handset meanwhile: they are given back.
        """
        can = _can(needs, variant)
        found = self._pool.find(can, wanted=self._wanted, avoided=self._avoided, alone=variant is not None)
        if found is None:
            lost, held = self._pool.lost(can), self._pool.sessions
            if lost or not held or self._avoided:
                raise self._nothing_left(lost, variant)
            found = held[0]
        self._running = found
        return found

    def ended(self, test: str, verdict: Verdict, why: str = "") -> Checkup | None:
        """The test that began last is over; how its handset is after it, None where it used none."""
        session, self._running = self._running, None
        return None if session is None else self._pool.ended(session, test, verdict, why)

    def next_for(self, needs: Needs, variant: Variant | None, lost: Sequence[Lost]) -> Again | Final:
        """Where a test runs next whose attempts were lost."""
        return where_next(lost, self._pool.present(_can(needs, variant)))

    @property
    def running_on(self) -> HandsetIdentity | None:
        """The handset of the test that runs; None while it has asked for none."""
        return None if self._running is None else self._running.identity

    def _nothing_left(self, lost: Sequence[HandsetError], variant: Variant | None) -> NothingLeft:
        what = f"no {variant.label} is left" if variant else "no handset is left"
        what += " that can run it" if self._pool.sessions else ""
        error = NothingLeft(what, "; ".join(map(str, lost)) or "each has lost it, or lacks what it needs")
        self._observers.test_not_run(str(error))
        return error

    def not_started_on(self, error: BaseException | None) -> HandsetIdentity | None:
        """The handset on which the build did not start, where `error` says just that."""
        failure = self._pool.start_failure
        return failure[1] if failure is not None and failure[0] is error else None

    # -- handsets ----------------------------------------------------------------------------------------------------

    def unfit(self) -> str | None:
        """Why no test may begin here just now; None where one may. Opens a session, if none is open."""
        if self._pool.ready():
            return None
        return "; ".join(map(str, self._pool.lost(lambda _: True))) or "it has no handset"

    def change(self, waiting: Waiting) -> None:
        """Give back what is held, in bounded time however dead it is, and use this handset from now on."""
        self._pool.change(waiting)

    @property
    def used(self) -> list[HandsetIdentity]:
        return self._pool.used

    @property
    def unavailable(self) -> list[HandsetError]:
        """Why handsets could not be used, which were passed over."""
        return self._pool.unavailable

    @property
    def quarantined(self) -> Mapping[str, str]:
        """Handsets that are not used any more → the first cause."""
        return self._pool.quarantined

    def close(self) -> list[str]:
        """What people should know of how the handsets were given back."""
        return self._pool.close()


def _can(needs: Needs, variant: Variant | None) -> Can:
    return lambda handset: not lacking(needs, variant, handset)
