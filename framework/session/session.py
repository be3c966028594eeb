"""One handset, held for us, with one build on it: the scenarios that are run there, one after the other."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict, dataclass, replace
from functools import partial
from types import TracebackType

from framework.contract.capabilities import Progress, Target
from framework.contract.errors import AssistantError, FarmError, HandsetError
from framework.contract.run import (
    BuildIdentity,
    HandsetAwaited,
    HandsetIdentity,
    Observer,
    Repetition,
    RepetitionFinished,
    RunEvent,
    Unit,
    UnitFinished,
    UnitResult,
    UnitStarted,
)
from framework.contract.scenario import Scenario
from framework.contract.turn import Evidence
from framework.contract.verdict import Verdict
from framework.deploy import Build, Receipt, deploy
from framework.fleet.match import missing
from framework.handset.handset import open_handset
from framework.handset.ladder import STREAM
from framework.handset.lease import AGAIN_WITHIN_S
from framework.scenario.conversation import Conversation
from framework.scenario.feed import EventFeed
from framework.session.attempt import Attempt, Bench, Others
from framework.session.canary import Canary
from framework.session.checkup import REST_S, Checkup, Mend, Wrong, wrongs
from framework.session.evidence import Collector, RecordScreen
from framework.session.healing import heal
from framework.speech.question import QuestionVoice
from framework.trace.recorder import ask_offer
from framework.verdict.judge import judge_unit

ATTEMPTS = 3
"""How often a repetition is measured at most before it is reported as INVALID, or LAB."""


@dataclass(frozen=True, slots=True)
class Order:
    """One scenario to be run: its id (pytest's node id), its file and its content."""

    id: str
    file: str
    scenario: Scenario


class Session(AbstractContextManager["Session"]):
    """One handset, held for us, with one build on it; runs scenarios until it is closed."""

    def __init__(
        self,
        target: Target,
        build: Build,
        observers: Sequence[Observer],
        *,
        who: str,
        why: str,
        attempts: int = ATTEMPTS,
        prepare: bool = True,
        record_screen: RecordScreen = "never",
        heartbeat_s: float = 10,
    ) -> None:
        self._target, self._build, self._observers = target, build, observers
        self._who, self._why, self._heartbeat_s = who, why, heartbeat_s
        self._attempts, self._prepare = attempts, prepare and target.prepare
        self._record_screen: RecordScreen = record_screen
        self._told_news = False
        self._unfit: str | None = None
        """What could not be mended."""
        self._rests_since: float | None = None
        self._others = Others()
        self._stack = ExitStack()
        self._telling = threading.Lock()

    def open(self, *, lease_timeout_s: float = 30, progress: Progress | None = None) -> Session:
        """Lease the handset, make it ready, deploy the build and start it; whatever fails, it is given back."""
        with ExitStack() as stack:
            self.handset = stack.enter_context(open_handset(self._target))
            self._canary = Canary(self.handset, self.handset.await_android(), screen=self._prepare)
            lease = partial(self.handset.lease, self._who, self._why, heartbeat_s=self._heartbeat_s)
            self._lease = stack.enter_context(lease(timeout_s=lease_timeout_s, prepare=self._prepare, tell=self._tell))
            self.handset.posture.reset()  # whoever was killed before us may have left it folded
            try:
                self._bench = self._begun(stack, progress)
            except AssistantError as error:
                raise self._canary.blame((str(error),), silent=True) or error from None
            self._stack = stack.pop_all()
        return self

    def _begun(self, stack: ExitStack, progress: Progress | None) -> Bench:
        """The build deployed and started. AssistantError where it fails, which may yet be the handset's doing."""
        self.receipt: Receipt = deploy(self._build, self.handset, progress)
        self._canary.receipt = self.receipt
        mended = partial(self.handset.mends.note, STREAM.name)
        feed = stack.enter_context(EventFeed(self.handset.log, self._build.spec, mended))
        conversation = Conversation(self.handset, self._build.spec, feed)
        conversation.start()
        return Bench(
            handset=self.handset,
            lease=self._lease,
            build=self._build.spec,
            feed=feed,
            conversation=conversation,
            voice=QuestionVoice(),
            offer=ask_offer(self.handset, self._build.spec.package),
            collector=Collector(self.handset, self._record_screen, has_bugreport=self._told_news),
            tell=self._tell,
            others=self._others,
            canary=self._canary,
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def identity(self) -> HandsetIdentity:
        return self.handset.identity

    @property
    def build(self) -> BuildIdentity:
        return self.receipt.identity

    @property
    def kept(self) -> tuple[str, ...]:
        """What the handset would not take back; after the session's end it is complete."""
        return tuple(self._lease.kept)

    def usable(self) -> bool:
        """Whether the handset still answers and is still ours."""
        if self._unfit is not None:
            return False
        try:
            self.handset.shell.run("true")
        except HandsetError:
            return False
        return self._lease.held

    def check(self) -> Checkup:
        """Look at the handset, in one round trip where all is well; mend what can be, and say what cannot.

        Where only rest helps it says so, for REST_S of the handset's time, and then that it did not help.
        Never raises for what the lab does. Once something could not be mended, that is the answer for ever.
        """
        tried: set[Mend] = set()
        mended: tuple[str, ...] = ()
        gauges: Mapping[str, float] = {}
        while self._unfit is None:
            wrong, gauges = self._looked()
            if wrong is None:
                self._rests_since = None
                break
            what = wrong.what
            if wrong.mend is Mend.REST:
                if (left_s := self._rest_left_s(what)) > 0:
                    return Checkup(self.identity.name, gauges, None, mended, self.handset.time_scale, left_s)
                what += f", after {REST_S / 60:.0f} min of rest"
            if wrong.mend in (Mend.NOTHING, Mend.REST) or wrong.mend in tried:
                self._unfit = str(HandsetError(self.identity.name, what, wrong.advice))
                break
            tried.add(wrong.mend)
            mended += self._mended(wrong)
        return Checkup(self.identity.name, gauges, self._unfit, mended, self.handset.time_scale)

    def _rest_left_s(self, why: str) -> float:
        """Host seconds that it may still rest; the first that is wrong begins it."""
        now = time.monotonic()
        self._rests_since = now if self._rests_since is None else self._rests_since
        rested_s = now - self._rests_since
        left_s = REST_S / self.handset.time_scale - rested_s
        if left_s > 0:
            name = self.identity.name
            self._tell(HandsetAwaited(name, why, round(rested_s, 1), round(left_s, 1), "then it is quarantined"))
        return left_s

    def _looked(self) -> tuple[Wrong | None, Mapping[str, float]]:
        try:
            vitals = self.handset.vitals()
        except HandsetError as error:
            return Wrong(error.what, error.mend, Mend.LADDER), {}
        if not self._lease.held:
            return Wrong("our lease on it was lost", "was the host asleep, or the network cut?", Mend.LADDER), {}
        self._canary.seen(vitals.android)
        return next(wrongs(vitals, screen=self._prepare), None), vitals.gauges

    def _mended(self, wrong: Wrong) -> tuple[str, ...]:
        """What was done; whether it helped, the next look will show."""
        if wrong.mend is Mend.LADDER:
            done, hopeless = self._healed()
            self._unfit = None if hopeless is None else str(hopeless)
            return done
        mends, began, worked = self.handset.mends, time.monotonic(), True
        mark = mends.mark()
        try:
            self.handset.unlock()
        except HandsetError:
            worked = False
        mends.note("unlock its screen", time.monotonic() - began, wrong.what, worked=worked)
        return mends.since(mark)

    def run(self, order: Order) -> UnitResult:
        """One scenario, told from its first step to its verdict. Never raises for what the build or the lab does."""
        began = time.monotonic()
        unit = Unit(order.id, order.scenario.scenario, order.file, self.identity, self.build)
        self._tell(UnitStarted(unit, (self._receipt(), *self._preparation()), self._news()))
        lacks = missing(order.scenario.needs, self.identity)
        if lacks:
            reason = f"{self.identity.name} lacks {', '.join(lacks)}"
            result = UnitResult(unit, Verdict.NOT_RUN, (reason,), ())
        else:
            result = judge_unit(unit, order.scenario.budget, self._repetitions(unit, order.scenario))
        result = replace(result, seconds=time.monotonic() - began)
        self._tell(UnitFinished(result))
        return result

    def _repetitions(self, unit: Unit, scenario: Scenario) -> list[Repetition]:
        """All of them; but a handset that was lost is not asked again."""
        done: list[Repetition] = []
        for number in range(1, scenario.repeat + 1):
            done += self._repeat(unit, scenario, number)
            if done[-1].verdict is Verdict.LAB and not self.usable():
                break
        return done

    def _repeat(self, unit: Unit, scenario: Scenario, number: int) -> list[Repetition]:
        """Measure a repetition, and again from a fresh conversation while it is INVALID or LAB; all are kept.

        After LAB the handset is brought back first. Where that fails, the last attempt says why.
        """
        attempts: list[Repetition] = []
        healed: tuple[str, ...] = ()
        while len(attempts) < self._attempts:
            attempt = Attempt(self._bench, unit, scenario, number, len(attempts) + 1, healed).run()
            wanted = len(attempts) + 1 < self._attempts and attempt.verdict is Verdict.LAB
            healed, hopeless = self._healed() if wanted else ((), None)
            if hopeless is not None:
                self._unfit = str(hopeless)
                attempt = replace(attempt, reasons=(*attempt.reasons, str(hopeless)), mended=attempt.mended + healed)
            attempts.append(attempt)
            self._tell(RepetitionFinished(unit, attempt))
            if hopeless is not None or attempt.verdict not in (Verdict.INVALID, Verdict.LAB):
                break
        return attempts

    def _healed(self) -> tuple[tuple[str, ...], FarmError | None]:
        """Bring the handset back and begin on it anew: what was done, and why it was in vain."""
        handset = self.handset
        mark = handset.mends.mark()
        try:
            heal(handset, lease=self._lease.counter)
            self._stack.close()
            self.open(lease_timeout_s=AGAIN_WITHIN_S)
        except (HandsetError, AssistantError) as error:
            return handset.mends.since(mark), error
        return handset.mends.since(mark), None

    def _receipt(self) -> Evidence:
        text = json.dumps(asdict(self.receipt), indent=2, ensure_ascii=False)
        return Evidence("deploy receipt", "receipt.json", text.encode())

    def _preparation(self) -> tuple[Evidence, ...]:
        prepared = self._lease.prepared
        if prepared is None:
            return ()
        text = json.dumps(asdict(prepared), indent=2, ensure_ascii=False)
        return (Evidence("preparation", "preparation.json", text.encode()),)

    def _news(self) -> tuple[str, ...]:
        """What is wrong with the handset's settings, and with what is stated of it; told with the first unit."""
        told, self._told_news = self._told_news, True
        prepared = self._lease.prepared
        if told:
            return ()
        refusals = () if prepared is None else prepared.refusals
        left = (f"left by the run before: {what}" for what in self.kept)
        return (*self.identity.contradictions, *left, *map(str, refusals))

    def _tell(self, event: RunEvent) -> None:
        with self._telling:
            for observer in self._observers:
                observer.notify(event)
