"""The story of the farm, without pytest: lease, deploy, record, run, judge, (again, if invalid,) tell the observers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict, dataclass, replace
from types import TracebackType

from framework.contract.capabilities import Progress, Target
from framework.contract.errors import AssistantError, HandsetError
from framework.contract.run import (
    BuildIdentity,
    HandsetIdentity,
    Observer,
    Repetition,
    RepetitionFinished,
    RunEvent,
    TraceBegan,
    TraceGrew,
    TurnFinished,
    Unit,
    UnitFinished,
    UnitResult,
    UnitStarted,
    Waiting,
)
from framework.contract.scenario import FoldStep, Scenario
from framework.contract.trace import Span, TracePiece
from framework.contract.turn import Evidence, TurnRecord
from framework.contract.verdict import Verdict
from framework.deploy import Build, Receipt, deploy
from framework.fleet.match import missing
from framework.handset.handset import open_handset
from framework.scenario.conversation import Conversation
from framework.scenario.feed import EventFeed
from framework.scenario.runner import Played, Stage, play
from framework.speech.question import QuestionVoice
from framework.trace.energy import mj_per_token
from framework.trace.methods import Clocks, measure, placed, read_frames
from framework.trace.recorder import Recorder, ask_offer
from framework.trace.start import Wait, await_start
from framework.verdict.judge import judge_repetition, judge_unit
from framework.verdict.turns import judge_turn, metrics_of, tokens
from framework.verdict.validity import Circumstances

ATTEMPTS = 3
"""How often a repetition is measured at most before it is reported as INVALID."""


@dataclass(frozen=True, slots=True)
class Order:
    """One scenario to be run: its id (pytest's node id), its file and its content."""

    id: str
    file: str
    scenario: Scenario


class Session(AbstractContextManager["Session"]):
    """One handset, held for us, with one build on it; runs scenarios until it is closed."""

    def __init__(self, target: Target, build: Build, observers: Sequence[Observer], *, who: str, why: str) -> None:
        self._target, self._build, self._observers = target, build, observers
        self._who, self._why = who, why
        self._stack = ExitStack()
        self._telling = threading.Lock()

    def open(self, *, lease_timeout_s: float = 30, progress: Progress | None = None) -> Session:
        """Lease the handset, deploy the build and start it; whatever fails, the handset is given back."""
        with ExitStack() as stack:
            self.handset = stack.enter_context(open_handset(self._target))
            self._lease = stack.enter_context(self.handset.lease(self._who, self._why, timeout_s=lease_timeout_s))
            self.handset.posture.reset()  # whoever was killed before us may have left it folded
            self.receipt: Receipt = deploy(self._build, self.handset, progress)
            self._feed = stack.enter_context(EventFeed(self.handset.log, self._build.spec))
            self._voice = QuestionVoice()
            self._conversation = Conversation(self.handset, self._build.spec, self._feed)
            self._conversation.start()
            self._offer = ask_offer(self.handset, self._build.spec.package)
            self._stack = stack.pop_all()
        return self

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

    def usable(self) -> bool:
        """Whether the handset still answers and is still ours."""
        try:
            self.handset.shell.run("true")
        except HandsetError:
            return False
        return self._lease.held

    def run(self, order: Order) -> UnitResult:
        """One scenario, told from its first step to its verdict. Never raises for what the build or the lab does."""
        began = time.monotonic()
        unit = Unit(order.id, order.scenario.scenario, order.file, self.identity, self.build)
        self._tell(UnitStarted(unit, (self._receipt(),)))
        lacks = missing(order.scenario.needs, self.identity)
        if lacks:
            reason = f"{self.identity.name} lacks {', '.join(lacks)}"
            result = UnitResult(unit, Verdict.NOT_RUN, (reason,), ())
        else:
            result = judge_unit(unit, order.scenario.budget, self._repetitions(unit, order.scenario))
        result = replace(result, seconds=time.monotonic() - began)
        self._tell(UnitFinished(result))
        return result

    # -- one repetition ----------------------------------------------------------------------------------------------

    def _repetitions(self, unit: Unit, scenario: Scenario) -> list[Repetition]:
        """All of them; but a handset that was lost is not asked again."""
        done: list[Repetition] = []
        for number in range(1, scenario.repeat + 1):
            done += self._repeat(unit, scenario, number)
            if done[-1].verdict is Verdict.LAB and not self.usable():
                break
        return done

    def _repeat(self, unit: Unit, scenario: Scenario, number: int) -> list[Repetition]:
        """Measure a repetition, and again from a fresh conversation while it is INVALID; all attempts are kept."""
        attempts: list[Repetition] = []
        while len(attempts) < ATTEMPTS and (not attempts or attempts[-1].verdict is Verdict.INVALID):
            attempts.append(self._attempt(unit, scenario, number, len(attempts) + 1))
            self._tell(RepetitionFinished(unit, attempts[-1]))
        return attempts

    def _attempt(self, unit: Unit, scenario: Scenario, number: int, attempt: int) -> Repetition:
        empty = Repetition(number, attempt, (), None, Verdict.PASS)
        try:
            self._still_ours()
            started = await_start(self.handset, scenario.start, self._waiting(unit, number, attempt))
            if started.unfit is not None:
                return replace(empty, verdict=Verdict.INVALID, reasons=(started.unfit,))
            empty = replace(empty, waited=started.notes)
            with Recorder(
                self.handset,
                self._build.spec.package,
                offer=self._offer,
                every_checkpoint="pss_mb" in scenario.budget,
            ) as recorder:
                self._tell(TraceBegan(unit, number, attempt, recorder.clock, recorder.start_ns))
                recorder.grow(self._grown(unit, number, attempt))
                return self._recorded(unit, scenario, empty, recorder)
        except HandsetError as error:
            return replace(empty, verdict=Verdict.LAB, reasons=(str(error),))

    def _waiting(self, unit: Unit, number: int, attempt: int) -> Callable[[Wait], None]:
        def waiting(wait: Wait) -> None:
            self._tell(Waiting(unit, number, attempt, wait.what, wait.value, wait.limit, wait.ready_in_s))

        return waiting

    def _grown(self, unit: Unit, number: int, attempt: int) -> Callable[[TracePiece], None]:
        """Tells the observers what a recording has gained, with the assistant's events since the piece before."""
        told = self._feed.mark()

        def grown(piece: TracePiece) -> None:
            nonlocal told
            events = self._feed.since(told)
            told += len(events)
            whole = replace(piece, events=events)
            if whole != TracePiece():
                self._tell(TraceGrew(unit, number, attempt, whole))

        return grown

    def _still_ours(self) -> None:
        """A lease that was lost is the lab's fault: someone else may be using the handset by now."""
        if not self._lease.held:
            raise HandsetError(
                self.identity.name, "our lease on it was lost", "was the host asleep, or the network cut?"
            )

    def _recorded(self, unit: Unit, scenario: Scenario, empty: Repetition, recorder: Recorder) -> Repetition:
        """The repetition with its evidence, which shows the handset as the scenario left it; then it is unfolded."""
        try:
            return self._played(unit, scenario, empty, recorder)
        finally:
            if any(isinstance(step, FoldStep) for step in scenario.steps):
                self.handset.posture.reset()

    def _played(self, unit: Unit, scenario: Scenario, empty: Repetition, recorder: Recorder) -> Repetition:
        turns: list[TurnRecord] = []
        spans: list[Span] = []
        failures: tuple[str, ...] = ()
        mark, since_wall_ns = self._feed.mark(), self.handset.log.now_wall_ns()
        try:
            self._conversation.fresh()
            recorder.checkpoint()
            for played in play(scenario, self._stage(recorder)):
                spans.append(played.span)
                if played.turn is not None:
                    turns.append(self._judged(unit, empty.number, played, played.turn, recorder))
                    recorder.checkpoint()
        except AssistantError as error:
            failures = (str(error),)
        trace = recorder.finish(self._feed.since(mark), tuple(spans))
        played_through = replace(empty, turns=tuple(turns), trace=trace, evidence=self._evidence(since_wall_ns))
        return judge_repetition(played_through, Circumstances.of(scenario, self.build, self.identity), failures)

    def _stage(self, recorder: Recorder) -> Stage:
        return Stage(self.handset, self._build.spec, self._conversation, self._voice, recorder.clock)

    def _judged(self, unit: Unit, repetition: int, played: Played, turn: TurnRecord, recorder: Recorder) -> TurnRecord:
        """The turn with its metrics and the checks of its limits."""
        recorder.await_samples()
        if played.observed is not None:
            clocks = Clocks(recorder.clock, recorder.clocks())
            frames = read_frames(self.handset, self._build.spec.package, clocks.device.monotonic)
            estimates = measure(played.observed, clocks, frames)
            events = placed(turn.events, played.observed, clocks)
            energy = mj_per_token(recorder.points("power_mw"), turn.start_ns, turn.end_ns, len(tokens(events)))
            turn = replace(turn, events=events, estimates=estimates, metrics=metrics_of(estimates) | energy)
        limits = {} if isinstance(played.step, FoldStep) else played.step.expect.limits
        turn = replace(turn, checks=(*turn.checks, *judge_turn(turn, limits)))
        self._tell(TurnFinished(unit, repetition, turn, recorder.gauges()))
        return turn

    def _evidence(self, since_wall_ns: int) -> tuple[Evidence, ...]:
        """What is kept of every repetition; a handset that cannot show its screen still has its log."""
        log = Evidence("logcat", "logcat.txt", self.handset.log.dump(since_wall_ns=since_wall_ns))
        try:
            return Evidence("screenshot", "screenshot.png", self.handset.ui.screenshot()), log
        except HandsetError:
            return (log,)

    def _receipt(self) -> Evidence:
        text = json.dumps(asdict(self.receipt), indent=2, ensure_ascii=False)
        return Evidence("deploy receipt", "receipt.json", text.encode())

    def _tell(self, event: RunEvent) -> None:
        with self._telling:
            for observer in self._observers:
                observer.notify(event)
