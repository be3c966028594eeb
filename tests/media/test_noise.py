"""Noise at a known distance from the speech."""

from __future__ import annotations

import numpy as np
import pytest

from framework.media.levels import rms_db
from framework.media.noise import FLOOR_SNR_DB, NoiseKind, add_floor, add_noise, speech_level_db
from framework.media.tts import speak
from framework.media.wav import Sound

SPEECH = speak("What is the weather in Hanoi tomorrow?", "en-us+m3")
QUIET = Sound(SPEECH.samples / np.float32(4), SPEECH.rate)
KINDS: list[NoiseKind] = ["white", "babble", "hum"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("snr_db", [0, 10, 20])
def test_the_noise_lies_as_far_under_the_speech_as_was_asked(kind: NoiseKind, snr_db: float) -> None:
    """Measured by taking the clean sound away again."""
    noisy = add_noise(QUIET, kind, snr_db, 1)
    noise = Sound(noisy.samples - QUIET.samples, noisy.rate)
    assert speech_level_db(QUIET) - rms_db(noise) == pytest.approx(snr_db, abs=0.1)


def test_silence_around_the_speech_does_not_count() -> None:
    """The level of speech is taken where there is speech, not over the pauses."""
    assert speech_level_db(SPEECH.padded(3, 3)) == pytest.approx(speech_level_db(SPEECH), abs=0.2)


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_is_a_room(kind: NoiseKind) -> None:
    """The same seed gives the same samples, another seed others."""
    first, again, other = (add_noise(SPEECH, kind, 10, seed).samples for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_sum_that_would_clip_is_made_quieter() -> None:
    """Peaks stay within full scale, and speech and noise keep their distance."""
    loud = Sound(SPEECH.samples / np.abs(SPEECH.samples).max(), SPEECH.rate)
    noisy = add_noise(loud, "white", 0, 1)
    assert np.abs(noisy.samples).max() <= 1.0
    gain = np.dot(noisy.samples, loud.samples) / np.dot(loud.samples, loud.samples)
    noise = Sound((noisy.samples - gain * loud.samples).astype(np.float32), loud.rate)
    assert speech_level_db(loud) + 20 * np.log10(gain) - rms_db(noise) == pytest.approx(0, abs=0.3)


def test_the_floor_fills_silence() -> None:
    """No sample run stays at digital zero, and the floor is 45 dB down."""
    quiet = add_floor(QUIET.padded(0.5, 0), 1)
    assert np.count_nonzero(quiet.samples[:8000]) > 7900
    assert speech_level_db(QUIET) - rms_db(quiet.cut(0, 0.5)) == pytest.approx(FLOOR_SNR_DB, abs=0.5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("samples", [0, 1, 200])
def test_a_sound_of_almost_nothing_stays_one(kind: NoiseKind, samples: int) -> None:
    """Empty, shorter than a frame, silent: nothing breaks and nothing is infinite."""
    noisy = add_noise(Sound(np.zeros(samples, np.float32), 16_000), kind, 10, 1)
    assert len(noisy.samples) == samples
    assert np.isfinite(noisy.samples).all()
