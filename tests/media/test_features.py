"""Mel power, noise, bounds and cepstra."""

from __future__ import annotations

import numpy as np
import pytest

from framework.media.features import BANDS, CEPSTRA, HOP_S, mel_power, mfcc, noise_power, speech_frames
from framework.media.noise import NoiseKind, add_noise
from framework.media.tts import speak
from framework.media.wav import Sound

SPEECH = speak("What is the weather in Hanoi tomorrow?", "en-us+m3")


def tone(hz: float) -> Sound:
    return Sound(np.sin(2 * np.pi * hz * np.arange(16_000) / 16_000).astype(np.float32), 16_000)


def test_shapes() -> None:
    """Fifty frames a second; a sound shorter than a frame is one frame."""
    power = mel_power(tone(440))
    assert power.shape == (49, BANDS)
    assert mfcc(power).shape == (49, 2 * CEPSTRA)
    assert mel_power(Sound(np.zeros(0, np.float32), 16_000)).shape == (1, BANDS)


def test_higher_tones_lie_in_higher_bands() -> None:
    """Each tone has its power in one band or two, in rising order."""
    loudest = [int(mel_power(tone(hz))[20].argmax()) for hz in (200, 500, 1000, 2000, 4000, 7000)]
    assert loudest == sorted(set(loudest))


def test_cepstra_do_not_know_how_loud_a_sound_was() -> None:
    """Half as loud, the same features: the mean is taken out."""
    quieter = Sound(SPEECH.samples / np.float32(2), SPEECH.rate)
    assert np.allclose(mfcc(mel_power(quieter)), mfcc(mel_power(SPEECH)), atol=1e-6)


def test_slopes_are_the_slope_of_the_cepstra() -> None:
    """A cepstrum that rises evenly has one slope, that of its rise."""
    rising = np.exp(np.linspace(0, 5, 21))[:, None] * np.ones(BANDS)
    features = mfcc(rising)
    step = features[11, 0] - features[10, 0]
    assert features[5:15, CEPSTRA] == pytest.approx(step)


def test_noise_is_found_under_speech() -> None:
    """Within 1.5 dB of the power of the same noise alone."""
    padded = SPEECH.padded(0.3, 0.3)
    noisy = add_noise(padded, "white", 10, 1)
    alone = Sound(noisy.samples - padded.samples, noisy.rate)
    found, true = noise_power(mel_power(noisy)).sum(), mel_power(alone).mean(axis=0).sum()
    assert 10 * np.log10(found / true) == pytest.approx(0, abs=1.5)


@pytest.mark.parametrize(("kind", "snr_db"), [("white", 40), ("white", 10), ("babble", 15), ("hum", 5)])
def test_speech_is_found_in_noise(kind: NoiseKind, snr_db: float) -> None:
    """Within the margin that recognition keeps around it, 0.16 s."""
    power = mel_power(add_noise(SPEECH.padded(0.3, 0.6), kind, snr_db, 2))
    found = speech_frames(power, noise_power(power))
    assert found.start * HOP_S == pytest.approx(0.3, abs=0.16)
    assert found.stop * HOP_S == pytest.approx(0.3 + SPEECH.duration_s, abs=0.16)


def test_where_nothing_stands_out_everything_is_taken() -> None:
    """Noise alone has no bounds."""
    power = mel_power(add_noise(Sound(np.full(16_000, 1e-3, np.float32), 16_000), "white", -40, 1))
    assert speech_frames(power, noise_power(power)) == slice(0, len(power))
