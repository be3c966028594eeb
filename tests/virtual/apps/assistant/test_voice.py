"""The spoken reply: sentences as they come, played one after the other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.media.tts import speak
from framework.media.voices import REPLY_VOICES
from framework.virtual.apps.assistant.tokens import tokenize
from framework.virtual.apps.assistant.voice import SYNTHESIS_NS, Sentence, Voice, sentences

if TYPE_CHECKING:
    from conftest import Talk, WithAssistant

S = 1_000_000_000


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It is 8.5 miles.", ["It is 8.5 miles."]),
        ("河内明天有雨。建议带伞。", ["河内明天有雨。", "建议带伞。"]),
        ("no end", ["no end"]),
        ('You say "再见".', ['You say "再见".']),
    ],
)
def test_a_reply_falls_into_sentences(text: str, parts: list[str]) -> None:
    """Each ends with the token that completes it."""
    tokens = tokenize(text)
    found = sentences(tokens)
    assert [sentence.text for sentence in found] == parts
    for sentence in found:
        assert "".join(tokens[: sentence.last_token]).endswith(sentence.text)
        assert not "".join(tokens[: sentence.last_token - 1]).endswith(sentence.text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab .!?。？\n1"))
def test_no_word_is_lost_between_sentences(text: str) -> None:
    """Sentences hold all but the spaces around them, in order, at rising tokens."""
    found: tuple[Sentence, ...] = sentences(tokenize(text))
    assert "".join("".join(sentence.text.split()) for sentence in found) == "".join(text.split())
    assert [sentence.last_token for sentence in found] == sorted(sentence.last_token for sentence in found)


def test_sentences_are_played_without_overlap(with_assistant: WithAssistant) -> None:
    """The first sound comes a synthesis after the first sentence; a second that is early waits, one that is late
    leaves a gap; the end and the track follow from the lengths of what was said."""

    async def say(talk: Talk) -> tuple[list[int], int, int, np.ndarray, int]:
        device, process = talk.device, talk.device.processes.by_name("com.miui.home")
        assert process is not None
        heard: list[int] = []
        voice = Voice(device.clock, device.physics, process, "en", heard.append)
        begun = device.clock.now_ns()
        speaking = asyncio.ensure_future(voice.speak())
        voice.hand_over("Good morning.", begun)
        voice.hand_over("It is late.", begun + S // 10)
        voice.hand_over("Good night.", begun + 10 * S)
        voice.finish()
        sound, end_ns = await speaking
        return heard, begun, end_ns, sound.samples, device.clock.now_ns()

    heard, begun, end_ns, track, now_ns = with_assistant(say)
    first, second, third = (speak(text, REPLY_VOICES["en"]) for text in ("Good morning.", "It is late.", "Good night."))
    assert heard == [begun + SYNTHESIS_NS]
    late_s = 10.0
    assert end_ns == begun + round(late_s * S) + SYNTHESIS_NS + round(third.duration_s * S)
    assert now_ns >= end_ns
    assert len(track) == round(late_s * third.rate) + len(third.samples)
    assert np.array_equal(track[: len(first.samples)], first.samples)
    gap = track[len(first.samples) + len(second.samples) + 2 : round(late_s * third.rate) - 2]
    assert not gap.any()
