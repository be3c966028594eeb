"""The sound of a reply."""

from __future__ import annotations

import numpy as np
import pytest

from framework.contract.verdict import Verdict
from framework.media.tts import speak
from framework.media.voices import REPLY_VOICES
from framework.media.wav import Sound
from framework.speech.reply import check_reply, examine

REPLY = speak("It will rain in Hanoi tomorrow.", REPLY_VOICES["en"])


def louder(sound: Sound, times: float) -> Sound:
    return Sound(np.clip(sound.samples * np.float32(times), -1, 1), sound.rate)


def test_a_reply_is_measured() -> None:
    """Its length, when it begins, and that nothing is clipped."""
    found = examine(REPLY.padded(0.5, 0.2))
    assert found.duration_s == pytest.approx(REPLY.duration_s + 0.7, abs=0.001)
    assert found.first_sound_s == pytest.approx(0.5, abs=0.05)
    assert (found.clipped, found.fault) == (0.0, None)


@pytest.mark.parametrize("seconds", [0, 0.001, 2])
@pytest.mark.parametrize("level", [0.0, 1e-4])
def test_silence_is_no_reply(seconds: float, level: float) -> None:
    """Of any length, digital or nearly so."""
    found = examine(Sound(np.full(round(16_000 * seconds), level, np.float32), 16_000))
    assert (found.first_sound_s, found.fault) == (None, "silent")


def test_a_steady_tone_is_sound() -> None:
    """A reply need not be speech to be heard."""
    tone = np.sin(np.arange(16_000) * 0.2).astype(np.float32) / np.float32(4)
    assert examine(Sound(tone, 16_000)).first_sound_s == 0.0


def test_clipping_is_found() -> None:
    """Eight times too loud is clipped; one true peak at full scale is not."""
    assert examine(louder(REPLY, 8)).fault == "clipped"
    peak = Sound(REPLY.samples.copy(), REPLY.rate)
    peak.samples[5000] = 1.0
    assert examine(peak).clipped == 0.0


@pytest.mark.parametrize(
    ("sound", "verdict", "found"),
    [
        (REPLY, Verdict.PASS, f"{REPLY.duration_s:.2f} s from 0.0"),
        (None, Verdict.FAIL, "none"),
        (Sound(np.zeros(8000, np.float32), 16_000), Verdict.FAIL, "0.50 s of silence"),
        (louder(REPLY, 8), Verdict.FAIL, "clipped"),
    ],
)
def test_a_spoken_question_is_answered_audibly(sound: Sound | None, verdict: Verdict, found: str) -> None:
    """The check says what was found."""
    check = check_reply(sound, 3)
    assert (check.verdict, check.turn) == (verdict, 3)
    assert found in check.found
