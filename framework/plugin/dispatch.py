"""Which test a worker runs next, and what becomes of one that was lost. Pure: no clock, no I/O, no xdist.

A test is sent only to a worker that has nothing to do, so that each is placed as late as can be, knowing how every
handset fares: nothing waits behind a long test, and nothing is on its way to a handset that has just failed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from framework.contract.run import Conclusion, HandsetIdentity
from framework.contract.verdict import Verdict, gravest
from framework.fleet.health import Health
from framework.fleet.planning.queue import Brought, Job
from framework.fleet.requeue import Again, Final, Lost, Present, where_next
from framework.plugin.attempts import Attempts, Phase
from framework.plugin.in_turn import InTurn

NOT_KNOWN = Brought()
UNKNOWN = "no worker is left that has collected it and could run it"


class Fleet(Protocol):
    """The handsets of a run, as far as dispatching is concerned."""

    def at(self, worker: str) -> HandsetIdentity | None:
        """The handset of a worker; None for one without."""

    def present(self) -> Iterable[HandsetIdentity]:
        """Those of workers that are up or on their way, quarantined ones left out."""

    def fits(self, test: str, handset: str) -> bool:
        """Whether a handset has what a test needs."""

    def stand_ins(self, test: str) -> Iterable[Present]:
        """Handsets of no worker that may yet be given to one."""

    def might(self, test: str) -> bool:
        """Whether some handset of the farm could run it, were it here and well."""

    def why_not(self, test: str) -> str:
        """Why no handset that is left can run it."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A test that nothing can run any more: LAB where attempts were lost, else NOT_RUN."""

    test: str
    verdict: Verdict
    reasons: tuple[str, ...]
    handset: str = ""
    """Of the last attempt."""
    model: str = ""
    attempts: int = 0

    @property
    def conclusion(self) -> Conclusion:
        return Conclusion(self.test, self.verdict, self.reasons, self.handset, self.model, attempts=self.attempts)


class Dispatcher:
    """Decides for one run. Every test that was scheduled is done once: ended by a worker, or given up."""

    def __init__(self, fleet: Fleet, health: Health) -> None:
        self._fleet, self._health = fleet, health
        self._queue, self._brought = InTurn((), (), fleet.fits), NOT_KNOWN
        self.begun = False
        """Whether the tests are known, so that they are being run."""
        self._changed = False
        self._again: dict[str, Again] = {}
        self._for_anyone: deque[str] = deque()
        """Tests that no handset could ever run: a worker says so, with the report that belongs to it."""
        self._uncollected: dict[str, set[str]] = {}
        """Test → the handsets of workers that do not know it."""
        self.attempts = Attempts()

    def schedule(self, *turns: Sequence[Job], brought: Brought = NOT_KNOWN) -> None:
        """All tests of the run, once; those of a turn are begun before those of the next."""
        self._brought = brought
        stations = [brought.station(handset.name, handset.model) for handset in self._fleet.present()]
        self._queue = InTurn(turns, stations, self._fleet.fits, brought.deploy_s)
        self.attempts.schedule(job.id for jobs in turns for job in jobs)
        self.begun = self._changed = True

    # -- handsets --------------------------------------------------------------------------------------------------

    def join(self, handset: HandsetIdentity) -> None:
        """A worker has it, or will have it as soon as it is up."""
        if self._health.cause(handset.name) is None:
            self._queue.join(self._brought.station(handset.name, handset.model))
            self._changed = True

    def leave(self, handset: str) -> None:
        """No worker has it any more, or it is quarantined."""
        self._queue.leave(handset)
        self._changed = True

    def warm(self, handset: str, cool_in_s: float) -> None:
        """A measured test would have to wait so long there; 0: not at all."""
        self._queue.warm(handset, cool_in_s)

    # -- tests -----------------------------------------------------------------------------------------------------

    def take(self, worker: str, at: float | None = None) -> str | None:
        """What an idle worker runs next; None where there is nothing for it now. `at`: see `Queue.take`."""
        handset = self._fleet.at(worker)
        if handset is None or self._health.cause(handset.name) is not None:
            return None
        test = self._queue.take(handset.name, at)
        if test is None:
            test = next((each for each in self._for_anyone if self._is_known_on(each, handset.name)), None)
            if test is not None:
                self._for_anyone.remove(test)
        if test is not None:
            self.attempts.begin(test, handset.name, handset.model)
        return test

    def not_collected(self, test: str) -> None:
        """The worker that was to run it does not know it: it is for others, on other handsets."""
        handset, _ = self.attempts.where(test)
        self._uncollected.setdefault(test, set()).add(handset)
        self.attempts.withdraw(test)
        self._changed = True
        self._queue.give_back(test, avoid=(handset,))

    def give_up_unscheduled(self, tests: Sequence[str], why: str) -> list[GivenUp]:
        """Tests that became known when the run had begun without them."""
        self.attempts.schedule(tests)
        return [self._give_up(test, why) for test in tests]

    def reported(self, test: str, phase: Phase) -> bool:
        """A phase is over; whether its attempt is lost and the test is run again, so that it does not count."""
        if not self.attempts.runs(test):
            return False
        self.attempts.add(test, phase)
        if test in self._again:
            return phase.verdict is not Verdict.PASS
        if phase.verdict is not Verdict.LAB and not phase.unproven:
            return False
        handset, _ = self.attempts.where(test)
        self._health.ended(handset, test, phase.verdict, "; ".join(phase.reasons))
        self._leave_if_sick(handset)
        if phase.when == "teardown" and not self._spoiled(test):
            return False  # how it went is known, and told
        found = self._next(test, unproven=phase.unproven)
        if isinstance(found, Again):
            self._again[test] = found
        return isinstance(found, Again)

    def _spoiled(self, test: str) -> bool:
        """Whether nothing but its last phase went wrong: what it found out is no verdict without that."""
        return all(phase.verdict is Verdict.PASS for phase in self.attempts.phases(test)[:-1])

    def checked(self, handset: str, wrong: str | None) -> None:
        """How a worker found its handset after a test; None where all is well."""
        self._health.checked(handset, wrong)
        self._leave_if_sick(handset)

    def ended(self, test: str, unfit: str | None = None) -> None:
        """The worker is done with it: it is done, or waits again. `unfit`: why it may not have begun."""
        handset, _ = self.attempts.where(test)
        phases, again = self.attempts.phases(test), self._again.pop(test, None)
        if again is not None:
            self.attempts.lose(test, _reasons(phases))
            self._give_back(test, again)
        elif not phases:
            self._declined(test, handset, unfit or "it was not fit when a test was to begin on it")
        else:
            verdict = gravest(tuple(phase.verdict for phase in phases))
            if verdict is not Verdict.LAB:
                self._health.ended(handset, test, verdict)
            self.attempts.close(test)

    def crashed(self, test: str, worker: str, *, began: bool) -> bool | None:
        """The worker died. Whether the test is run again, which is its due once; None where it was not running."""
        phases = self.attempts.phases(test)
        if any(phase.when == "teardown" for phase in phases):
            self.ended(test)
            return None
        self._again.pop(test, None)
        if not began:
            self.attempts.withdraw(test)
            self._give_back(test)
            return None
        again = isinstance(self._next(test, crashed=True), Again)
        if again:
            self.attempts.lose(test, (f"worker {worker} crashed while it ran",), crashed=True)
            self._give_back(test)
        else:
            self.attempts.close(test)
        return again

    def pending_again(self, test: str) -> None:
        """Somebody else, such as another plugin, wants it run once more."""
        if self.attempts.runs(test):
            self.attempts.withdraw(test)
            self._give_back(test)

    def look_again(self) -> None:
        """Something has changed that settling depends on."""
        self._changed = True

    def lost_on(self, test: str) -> set[str]:
        """The names of the handsets that have lost it, or whose workers do not know it: it is not to be run there."""
        lost = {attempt.handset for attempt in self.attempts.lost(test) if not attempt.crashed}
        return lost | self._uncollected.get(test, set())

    @property
    def waiting(self) -> list[str]:
        """The tests that are neither done nor under way."""
        return [test for test in self.attempts.open if self.attempts.waits(test)]

    @property
    def stuck(self) -> list[str]:
        """Those of them that no handset of a worker can run."""
        return [test for test in self._queue.stuck() if self.attempts.waits(test)]

    def settle(self) -> list[GivenUp]:
        """Give up what nothing can run any more; to be asked after every event, it looks when something has changed."""
        if not self._changed:
            return []
        self._changed = False
        present = [handset.name for handset in self._fleet.present()]
        for test in list(self._for_anyone):
            if not any(self._is_known_on(test, name) for name in present):
                self._for_anyone.remove(test)
        given_up = []
        for test in self._queue.stuck():
            if not self.attempts.waits(test) or test in self._for_anyone or self._is_awaited(test):
                continue
            unknown = any(not self._is_known_on(test, name) for name in present)
            if any(self._is_known_on(test, name) for name in present) and not self._fleet.might(test):
                self._for_anyone.append(test)
            else:
                given_up.append(self._give_up(test, UNKNOWN if unknown else self._fleet.why_not(test)))
        return given_up

    def give_up_all(self, why: str) -> list[GivenUp]:
        """The run is over, whatever is left."""
        return [self._give_up(test, why) for test in self.attempts.open]

    @property
    def finished(self) -> bool:
        return self.begun and not self.attempts.open

    # --------------------------------------------------------------------------------------------------------------

    def _is_known_on(self, test: str, handset: str) -> bool:
        """Whether the worker there knows it, as far as one can tell."""
        return handset not in self._uncollected.get(test, ())

    def _give_up(self, test: str, why: str) -> GivenUp:
        self.attempts.close(test)
        verdict = Verdict.LAB if self.attempts.lost(test) else Verdict.NOT_RUN
        lost = self.attempts.lost(test)
        handset, model = (lost[-1].handset, lost[-1].model) if lost else ("", "")
        return GivenUp(test, verdict, (*self.attempts.reasons(test), why), handset, model, len(lost))

    def _next(self, test: str, *, crashed: bool = False, unproven: bool = False) -> Again | Final:
        """After a crash the handset is soon back, with the worker's successor."""
        handset, model = self.attempts.where(test)
        present = {
            other.name: Present(other.name, other.model, self._fleet.fits(test, other.name))
            for other in self._fleet.present()
        }
        present |= {other.name: other for other in self._fleet.stand_ins(test)}
        if crashed and self._health.cause(handset) is None:
            present[handset] = Present(handset, model)
        return where_next((*self.attempts.lost(test), Lost(handset, model, crashed, unproven)), present.values())

    def _is_awaited(self, test: str) -> bool:
        """Whether a handset may yet come that could run it, and has not lost it."""
        lost = self.lost_on(test)
        return any(other.fits and other.name not in lost for other in self._fleet.stand_ins(test))

    def _leave_if_sick(self, handset: str) -> None:
        if self._health.cause(handset) is not None:
            self.leave(handset)

    def _declined(self, test: str, handset: str, why: str) -> None:
        """The worker found its handset unfit before it began."""
        self.attempts.withdraw(test)
        self._health.quarantine(handset, why)
        self.leave(handset)
        self._give_back(test)

    def _give_back(self, test: str, again: Again | None = None) -> None:
        self._changed = True
        if again is None:
            self._queue.give_back(test)
        else:
            self._queue.give_back(test, avoid=again.avoid, model=again.model)


def _reasons(phases: Iterable[Phase]) -> tuple[str, ...]:
    return next((phase.reasons for phase in phases if phase.verdict is Verdict.LAB or phase.unproven), ())
