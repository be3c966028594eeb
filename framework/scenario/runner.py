"""Playing a scenario: each step in its order, each turn as a record."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from framework.contract.build import BuildSpec
from framework.contract.capabilities import Handset
from framework.contract.observed import Observed
from framework.contract.scenario import FoldStep, SayStep, Scenario, Step, TextStep
from framework.contract.trace import ClockFit, Span
from framework.contract.turn import Evidence, TurnRecord
from framework.media.wav import wav_bytes
from framework.scenario.conversation import Answer, Conversation
from framework.scenario.graders import grade
from framework.speech.question import QuestionVoice
from framework.speech.reply import check_reply

TURN_WITHIN_S = 60.0
"""Device seconds that a turn may take before it counts as "no answer"."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a scenario is played on."""

    handset: Handset
    build: BuildSpec
    conversation: Conversation
    voice: QuestionVoice
    clock: ClockFit


@dataclass(frozen=True, slots=True)
class Played:
    """One step as it went; `turn` is None for a step that asks nothing."""

    step: Step
    span: Span
    turn: TurnRecord | None = None
    observed: Observed | None = None


def play(scenario: Scenario, stage: Stage) -> Iterator[Played]:
    """Play the steps one after the other; whoever iterates judges each before the next begins."""
    for step in scenario.steps:
        match step:
            case TextStep():
                yield _written(step, stage)
            case SayStep():
                yield _spoken(step, stage)
            case FoldStep():
                yield _folded(step, stage)


def _written(step: TextStep, stage: Stage) -> Played:
    via: Literal["ui", "intent"] = step.via or ("ui" if stage.build.text.ui else "intent")
    answer = stage.conversation.write(step.text, via, TURN_WITHIN_S)
    language = "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in step.text) else "en"
    return _turn(step, stage, step.text, language, via, answer, ())


def _spoken(step: SayStep, stage: Stage) -> Played:
    question = stage.voice.say(step.say)
    answer = stage.conversation.speak(question, step.say.language, TURN_WITHIN_S)
    number = stage.conversation.turn
    sounds = [Evidence("question", f"question-{number}.wav", wav_bytes(question))]
    if answer.sound is not None:
        sounds.append(Evidence("reply", f"reply-{number}.wav", wav_bytes(answer.sound)))
    return _turn(step, stage, step.say.text, step.say.language, "voice", answer, tuple(sounds))


def _turn(
    step: TextStep | SayStep,
    stage: Stage,
    asked: str,
    language: str,
    via: Literal["ui", "intent", "voice"],
    answer: Answer,
    evidence: tuple[Evidence, ...],
) -> Played:
    number = stage.conversation.turn
    start_ns, end_ns = _times(answer, stage.clock)
    checks = grade(step.expect, turn=number, asked=asked, heard=answer.heard, reply=answer.reply)
    if via == "voice":
        checks += (check_reply(answer.sound, number),)
    turn = TurnRecord(
        number=number,
        asked=asked,
        language=language,
        via=via,
        heard=answer.heard,
        reply=answer.reply,
        start_ns=start_ns,
        end_ns=end_ns,
        events=answer.events,
        checks=checks,
        evidence=evidence,
    )
    return Played(step, Span("turn", f"{number}: {asked}", start_ns, end_ns), turn, answer.observed)


def _times(answer: Answer, clock: ClockFit) -> tuple[int, int]:
    """From the first to the last that is known of the turn: its events, else the sending and the last look."""
    if answer.events:
        return answer.events[0].device_ns, answer.events[-1].device_ns
    observed = answer.observed
    ended_ns = observed.looks[-1].ended_ns if observed.looks else observed.sending[1]
    return clock.device_ns(observed.sending[0]), clock.device_ns(ended_ns)


def _folded(step: FoldStep, stage: Stage) -> Played:
    start_ns = stage.clock.device_ns(time.monotonic_ns())
    stage.handset.posture.fold(step.fold)
    end_ns = stage.clock.device_ns(time.monotonic_ns())
    return Played(step, Span("step", f"fold: {step.fold}", start_ns, end_ns))
