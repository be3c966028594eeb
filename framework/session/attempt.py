"""One attempt at one repetition: wait for a good start, record, play, measure, judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from framework.contract.build import BuildSpec
from framework.contract.capabilities import Handset, Lease
from framework.contract.errors import AssistantError, HandsetError
from framework.contract.run import (
    Repetition,
    RunEvent,
    TraceBegan,
    TraceGrew,
    TurnFinished,
    Unit,
    Waiting,
)
from framework.contract.scenario import FoldStep, Scenario
from framework.contract.trace import Span, Trace, TracePiece
from framework.contract.turn import TurnRecord
from framework.contract.verdict import Verdict
from framework.handset.screen_recording import ScreenRecording
from framework.scenario.conversation import Conversation
from framework.scenario.feed import EventFeed
from framework.scenario.runner import Played, Stage, play
from framework.session.canary import Canary
from framework.session.evidence import Collection, Collector
from framework.speech.question import QuestionVoice
from framework.trace.energy import mj_per_token
from framework.trace.methods import Clocks, held_back_ns, measure, placed, read_frames
from framework.trace.recorder import Offer, Recorder
from framework.trace.start import Wait, await_start
from framework.verdict.judge import judge_repetition
from framework.verdict.turns import judge_turn, metrics_of, tokens
from framework.verdict.validity import Circumstances, killed


@dataclass(frozen=True, slots=True)
class Bench:
    """What a session has in hand for every attempt; `tell` reaches its observers, from any thread."""

    handset: Handset
    lease: Lease
    build: BuildSpec
    feed: EventFeed
    conversation: Conversation
    voice: QuestionVoice
    offer: Offer
    collector: Collector
    tell: Callable[[RunEvent], None]
    others: Others
    canary: Canary


class Others:
    """The least memory that other processes than the assistant held when a recording of the session began."""

    def __init__(self) -> None:
        self.least_mb: float | None = None

    def seen(self, trace: Trace) -> None:
        points = killed.others_mb(trace)[:1]
        for _, value in points:
            self.least_mb = value if self.least_mb is None else min(value, self.least_mb)


class Attempt:
    """Repetition `number` of a scenario, measured for the `attempt`-th time."""

    def __init__(
        self, bench: Bench, unit: Unit, scenario: Scenario, number: int, attempt: int, healed: tuple[str, ...] = ()
    ) -> None:
        """`healed`: what was done to the handset since the attempt before."""
        self._bench, self._unit, self._scenario = bench, unit, scenario
        self._number, self._attempt, self._healed = number, attempt, healed
        self._mends = bench.handset.mends.mark()
        self._kept = Collection()
        self._film: ScreenRecording | None = None
        self._recorder = Recorder(
            bench.handset, bench.build.package, offer=bench.offer, every_checkpoint="pss_mb" in scenario.budget
        )

    def run(self) -> Repetition:
        """The repetition with its verdict, its evidence, and what was done to have the handset answer."""
        repetition = self._run()
        if self._film is not None:
            self._bench.collector.of_film(self._kept, self._film, repetition.verdict)
        mended = self._healed + self._bench.handset.mends.since(self._mends)
        return replace(repetition, evidence=tuple(self._kept.pieces), missing=tuple(self._kept.missing), mended=mended)

    def _run(self) -> Repetition:
        """LAB where the handset failed."""
        empty = Repetition(self._number, self._attempt, (), None, Verdict.PASS, prepared=self._circumstances())
        try:
            repetition = self._begun(empty)
        except HandsetError as error:
            repetition = replace(empty, verdict=Verdict.LAB, reasons=(str(error),))
        if repetition.verdict is Verdict.LAB:
            self._bench.collector.of_lab_fault(self._kept, self._bench.lease)
        return repetition

    def _circumstances(self) -> tuple[str, ...]:
        """What was changed on the handset for the run, in words."""
        prepared = self._bench.lease.prepared
        filmed = ("screen: filmed meanwhile, which costs power",) if self._bench.collector.films else ()
        return (*(() if prepared is None else prepared.lines), *filmed)

    def _begun(self, empty: Repetition) -> Repetition:
        self._still_ours()
        self._bench.canary.look()
        started = await_start(self._bench.handset, self._scenario.start, self._waits)
        if started.unfit is not None:
            return replace(empty, verdict=Verdict.INVALID, reasons=(started.unfit,))
        if started.notes:  # the wait may have been long
            self._still_ours()
            self._bench.canary.look()
        return self._recorded(replace(empty, waited=started.notes))

    def _still_ours(self) -> None:
        if (lost := self._lost()) is not None:
            raise lost

    def _lost(self) -> HandsetError | None:
        """A lease that was lost is the lab's fault: someone else may be using the handset by now."""
        if self._bench.lease.held:
            return None
        name = self._bench.handset.identity.name
        return HandsetError(name, "our lease on it was lost", "was the host asleep, or the network cut?")

    # -- playing -------------------------------------------------------------------------------------------------

    def _recorded(self, empty: Repetition) -> Repetition:
        """The repetition with its evidence, which shows the handset as the scenario left it; then it is unfolded."""
        self._film = self._bench.collector.film(self._kept)
        with self._recorder as recorder:
            began = TraceBegan(self._unit, self._number, self._attempt, recorder.clock, recorder.start_ns)
            self._bench.tell(began)
            recorder.grow(self._grown())
            try:
                return self._played(empty)
            finally:
                if self._bench.lease.held and any(isinstance(step, FoldStep) for step in self._scenario.steps):
                    self._bench.handset.posture.reset()

    def _played(self, empty: Repetition) -> Repetition:
        mark, since_wall_ns = self._bench.feed.mark(), self._bench.handset.log.now_wall_ns()
        turns: list[TurnRecord] = []
        spans: list[Span] = []
        failures: tuple[str, ...] = ()
        lab: HandsetError | None = None
        try:
            self._play(turns, spans)
        except AssistantError as error:
            failures = (str(error),)
            self._bench.collector.of_failure(self._kept)
        except HandsetError as error:
            lab = error
        try:
            trace = self._recorder.finish(self._bench.feed.since(mark), tuple(spans))
        except HandsetError as error:
            raise lab or error from None
        self._bench.collector.of_repetition(self._kept, since_wall_ns)
        judged = _blamed(self._judged_repetition(replace(empty, turns=tuple(turns), trace=trace), failures), lab)
        if (lost := self._lost()) is not None:  # whatever came of it, somebody else may have had a hand in it
            return _lab(judged, lost)
        return self._suspected(judged, silent=bool(failures))

    def _judged_repetition(self, played: Repetition, failures: tuple[str, ...]) -> Repetition:
        if played.trace is not None:
            self._bench.others.seen(played.trace)
        others_mb = self._bench.others.least_mb
        circumstances = Circumstances.of(self._scenario, self._unit.build, self._unit.handset, others_mb)
        return judge_repetition(played, circumstances, failures)

    def _suspected(self, judged: Repetition, *, silent: bool) -> Repetition:
        """Where the build is to blame, the handset is looked at first: LAB where something is wrong with it."""
        if not judged.verdict.blames_build:
            return judged
        found = self._bench.canary.blame(judged.reasons, silent=silent)
        return judged if found is None else _lab(judged, found)

    def _play(self, turns: list[TurnRecord], spans: list[Span]) -> None:
        """Fills in what was played, so that it is kept where the assistant fails in the middle."""
        bench = self._bench
        bench.conversation.fresh()
        self._recorder.checkpoint()
        stage = Stage(bench.handset, bench.build, bench.conversation, bench.voice, self._recorder.clock)
        for played in play(self._scenario, stage):
            spans.append(played.span)
            if played.turn is not None:
                turns.append(self._judged(played, played.turn))
                self._recorder.checkpoint()
            self._still_ours()  # before the next step does anything

    def _judged(self, played: Played, turn: TurnRecord) -> TurnRecord:
        """The turn with its metrics and the checks of its limits."""
        self._recorder.await_samples()
        turn = self._measured(played, turn)
        limits = {} if isinstance(played.step, FoldStep) else played.step.expect.limits
        turn = replace(turn, checks=(*turn.checks, *judge_turn(turn, limits)))
        if turn.verdict is Verdict.FAIL:
            self._bench.collector.of_failure(self._kept)
        self._bench.tell(TurnFinished(self._unit, self._number, turn, self._recorder.gauges()))
        return turn

    def _measured(self, played: Played, turn: TurnRecord) -> TurnRecord:
        """By every method that can measure it, and with the energy of its tokens."""
        if played.observed is None:
            return turn
        recorder, bench = self._recorder, self._bench
        clocks = Clocks(recorder.clock, recorder.clocks())
        frames = read_frames(bench.handset, bench.build.package, clocks.device.monotonic)
        late_ns = held_back_ns(recorder.points("emulator_late_ms"), turn.start_ns)
        observed = replace(played.observed, late_ns=late_ns)
        estimates = measure(observed, clocks, frames)
        events = placed(turn.events, observed, clocks)
        energy = mj_per_token(recorder.points("power_mw"), turn.start_ns, turn.end_ns, len(tokens(events)))
        return replace(turn, events=events, estimates=estimates, metrics=metrics_of(estimates) | energy)

    # -- telling -------------------------------------------------------------------------------------------------

    def _waits(self, wait: Wait) -> None:
        what = (wait.what, wait.value, wait.limit, wait.ready_in_s)
        self._bench.tell(Waiting(self._unit, self._number, self._attempt, *what))

    def _grown(self) -> Callable[[TracePiece], None]:
        """Tells what the recording has gained, with the assistant's events since the piece before."""
        feed = self._bench.feed
        told = feed.mark()

        def grown(piece: TracePiece) -> None:
            nonlocal told
            events = feed.since(told)
            told += len(events)
            whole = replace(piece, events=events)
            if whole != TracePiece():
                self._bench.tell(TraceGrew(self._unit, self._number, self._attempt, whole))

        return grown


def _blamed(repetition: Repetition, lab: HandsetError | None) -> Repetition:
    """LAB where the handset failed, unless the build has failed beside it: that is not to hide in a rerun."""
    return repetition if lab is None or repetition.verdict is Verdict.FAIL else _lab(repetition, lab)


def _lab(repetition: Repetition, lab: HandsetError) -> Repetition:
    return replace(repetition, verdict=Verdict.LAB, reasons=(str(lab), *repetition.reasons))
