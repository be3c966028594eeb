"""Levels, and where speech begins and ends."""

from __future__ import annotations

import numpy as np
import pytest

from framework.media.levels import SILENCE_DB, rms_db, speech_bounds
from framework.media.noise import NoiseKind, add_noise
from framework.media.tts import speak
from framework.media.wav import Sound

QUESTION = speak("What is the weather in Hanoi tomorrow?", "en-us+m3")


def flat(value: float, seconds: float = 1.0) -> Sound:
    return Sound(np.full(round(16_000 * seconds), value, np.float32), 16_000)


def test_levels_are_decibels_of_full_scale() -> None:
    """Half of full scale is 6 dB down; silence and nothing are at the floor."""
    assert rms_db(flat(0.5)) == pytest.approx(-6.02, abs=0.01)
    assert [rms_db(flat(0)), rms_db(flat(0, 0))] == [SILENCE_DB] * 2


@pytest.mark.parametrize(
    ("kind", "snr_db", "early_s", "late_s"),
    [("white", 45, 0.02, 0.03), ("white", 20, 0.02, 0.15), ("white", 10, 0.02, 0.2), ("hum", 10, 0.02, 0.2)],
)
def test_speech_is_found_where_it_is(kind: NoiseKind, snr_db: float, early_s: float, late_s: float) -> None:
    """The bounds lie at the speech, never far outside; noise eats into its soft ends."""
    padded = QUESTION.padded(0.3, 0.6)
    bounds = speech_bounds(add_noise(padded, kind, snr_db, 3))
    assert bounds is not None
    assert 0.3 - early_s <= bounds[0] <= 0.3 + late_s
    end = 0.3 + QUESTION.duration_s
    assert end - late_s <= bounds[1] <= end + early_s


@pytest.mark.parametrize("samples", [0, 1, 100, 16_000])
def test_there_is_no_speech_in_silence(samples: int) -> None:
    """Not in digital silence either, nor in a sound shorter than a frame."""
    assert speech_bounds(Sound(np.zeros(samples, np.float32), 16_000)) is None


@pytest.mark.parametrize("kind", ["white", "hum"])
def test_there_is_no_speech_in_steady_noise(kind: NoiseKind) -> None:
    """Noise alone does not stand out from itself."""
    noise = add_noise(flat(0.001), kind, -30, 5)
    assert speech_bounds(noise) is None
