"""An honest small assistant: pure functions from what was said, and the memory of the conversation, to a reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from framework.virtual.apps.assistant.dialogue import (
    arithmetic,
    capitals,
    handset,
    names,
    reminders,
    smalltalk,
    stories,
    timers,
    translation,
    units,
    weather,
)
from framework.virtual.apps.assistant.dialogue.state import Answer, Facts, Said, State

__all__ = ["Facts", "State", "reply"]

Skill = Callable[[Said, State, Facts], Answer | None]

SKILLS: tuple[tuple[str, Skill], ...] = (
    (translation.TOPIC, translation.answer),
    (reminders.TOPIC, reminders.answer),
    (timers.TOPIC, timers.answer),
    (units.TOPIC, units.answer),
    (weather.TOPIC, weather.answer),
    (capitals.TOPIC, capitals.answer),
    (stories.TOPIC, stories.answer),
    (names.TOPIC, names.answer),
    (handset.TOPIC, handset.answer),
    (arithmetic.TOPIC, arithmetic.answer),
    (smalltalk.TOPIC, smalltalk.answer),
    (timers.TOPIC, timers.bare_length),
    (weather.TOPIC, weather.city_alone),
)
"""In the order they are asked; the first that has an answer gives it."""

_LONGEST_ECHO = 40


def reply(state: State, text: str, facts: Facts) -> tuple[str, State]:
    """What the assistant says to `text`, and what it remembers afterwards; never empty."""
    said = Said(text)
    topic, answer = _answered(said, state, facts)
    return answer.text, replace(answer.state, topic=topic, last_reply=answer.text, turns=state.turns + 1)


def _answered(said: Said, state: State, facts: Facts) -> tuple[str, Answer]:
    for topic, skill in SKILLS:
        answer = skill(said, state, facts)
        if answer is not None:
            return topic, answer
    return state.topic, Answer(_at_a_loss(said), state)


def _at_a_loss(said: Said) -> str:
    subject = " ".join(said.text.split())
    if not subject:
        return "Please say that again."
    if len(subject) > _LONGEST_ECHO:
        subject = subject[:_LONGEST_ECHO].rstrip() + "..."
    return said.choose(
        f'I do not know about "{subject}". You can ask me what I can do.',
        f"我不知道“{subject}”。您可以问我会做什么。",
    )
