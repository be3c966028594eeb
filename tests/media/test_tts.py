"""Synthesis."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from framework.contract.errors import UsageError
from framework.media.levels import rms_db
from framework.media.tts import RATE, speak, speak_all


@pytest.mark.parametrize(
    ("text", "voice"), [("Good morning.", "en-us+m3"), ("早上好。", "cmn+f2"), ("Hi", "en-gb-x-rp")]
)
def test_words_become_sound(text: str, voice: str) -> None:
    """Half a second or so of audible speech at 16 kHz."""
    sound = speak(text, voice)
    assert sound.rate == RATE
    assert 0.2 < sound.duration_s < 2
    assert -35 < rms_db(sound) < -10


def test_a_sound_does_not_depend_on_what_was_said_before() -> None:
    """eSpeak's own counters run on; ours begin anew."""
    first = speak("Good morning.", "en-us+f2")
    speak("Something else altogether.", "cmn+m3")
    assert np.array_equal(speak("Good morning.", "en-us+f2").samples, first.samples)


def test_threads_take_turns() -> None:
    """eSpeak has one state in a process; four threads at once get what one gets."""
    texts = [f"Number {number}." for number in range(8)]
    alone = [speak(text, "en-us").samples for text in texts]
    with ThreadPoolExecutor(4) as threads:
        together = [sound.samples for sound in threads.map(lambda text: speak(text, "en-us"), texts)]
    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))


def test_many_texts_in_one_go() -> None:
    """The same list gives the same sounds, each like the text alone."""
    texts = ["Good morning.", "Set a timer for ten minutes."]
    sounds, again = speak_all(texts, "en-us"), speak_all(texts, "en-us")
    assert all(np.array_equal(one.samples, other.samples) for one, other in zip(sounds, again, strict=True))
    for text, sound in zip(texts, sounds, strict=True):
        assert sound.duration_s == pytest.approx(speak(text, "en-us").duration_s, rel=0.05)


def test_voices_differ() -> None:
    """A variant is another speaker, not another name."""
    assert not np.array_equal(speak("Hello", "en-us+m3").samples, speak("Hello", "en-us+f2").samples)


def test_digits_are_said_in_the_language_of_the_voice() -> None:
    """Written or in words, the sound is the same."""
    assert np.array_equal(speak("湿度30%", "cmn").samples, speak("湿度百分之三十", "cmn").samples)


@pytest.mark.parametrize("text", ["", "。", "😀"])
def test_nothing_to_say_is_no_error(text: str) -> None:
    """A reply without words makes a short sound or none."""
    assert speak(text, "cmn").duration_s < 2


@pytest.mark.parametrize(
    ("voice", "message"), [("en-us+m33", 'no voice variant "m33" .did you mean "m3"'), ("xx", 'no voice "xx"')]
)
def test_a_voice_that_is_not_there_is_named(voice: str, message: str) -> None:
    """eSpeak itself would take another one in silence."""
    with pytest.raises(UsageError, match=message):
        speak("Hello", voice)
