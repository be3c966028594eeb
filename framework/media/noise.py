"""Noise at a known distance from the speech: white, babble of several speakers, mains hum."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from framework.media.levels import frame_levels
from framework.media.resample import resample
from framework.media.tts import speak
from framework.media.wav import Sound

NoiseKind = Literal["white", "babble", "hum"]

FLOOR_SNR_DB = 45.0
"""How far under the speech the quietest real room lies; recognisers break on digital silence."""

SPEECH_RANGE_DB = 30.0
"""Frames down to this far under the loudest count as speech when its level is taken."""

HUM_HZ = 50.0
_HUM_HARMONICS = (1.0, 0.5, 0.6, 0.25, 0.3, 0.1)

_BABBLE = (
    ("en-us+m1", "She told me that the train leaves at nine, but nobody was at the station when we came."),
    ("en-us+f4", "Could you pass the salt please, and perhaps some of that bread, it smells wonderful tonight."),
    ("en-gb-x-rp+m6", "The meeting went on for hours and in the end they decided to begin again on Monday."),
    ("cmn+f1", "昨天晚上我们一起去看电影，回来的时候已经很晚了。"),
    ("cmn+m5", "他说这个周末要去爬山，不知道你有没有时间。"),
    ("en-us+f1", "My brother has just bought a little boat and he wants to paint it green before summer."),
)

Samples64 = npt.NDArray[np.float64]


def add_noise(sound: Sound, kind: NoiseKind, snr_db: float, seed: int) -> Sound:
    """`sound` with noise over its whole length; `snr_db` is the level of the speech portions over that of the noise.

    The same seed gives the same samples. Where the sum would clip, speech and noise are made quieter together.
    """
    makers = {"white": _white, "babble": _babble, "hum": _hum}
    return _mix(sound, makers[kind](len(sound.samples), sound.rate, np.random.default_rng(seed)), snr_db)


def add_floor(sound: Sound, seed: int, snr_db: float = FLOOR_SNR_DB) -> Sound:
    """`sound` in a quiet room: white noise far under the speech, over silences too."""
    return _mix(sound, _white(len(sound.samples), sound.rate, np.random.default_rng(seed)), snr_db)


def speech_level_db(sound: Sound) -> float:
    """Level of the portions that are speech, dB of full scale, for a sound without noise."""
    levels = frame_levels(sound)
    if not len(levels):
        return -np.inf
    spoken = levels[levels >= levels.max() - SPEECH_RANGE_DB]
    return float(10 * np.log10(np.mean(10 ** (spoken / 10))))


def _mix(sound: Sound, noise: Samples64, snr_db: float) -> Sound:
    if not len(sound.samples):
        return sound
    noise_rms = 10 ** ((speech_level_db(sound) - snr_db) / 20)
    mixed = sound.samples + noise * noise_rms / np.sqrt(np.mean(noise**2) or 1)
    return Sound((mixed / max(1.0, np.abs(mixed).max(initial=0))).astype(np.float32), sound.rate)


def _white(count: int, rate: int, random: np.random.Generator) -> Samples64:
    return random.standard_normal(count)


def _hum(count: int, rate: int, random: np.random.Generator) -> Samples64:
    """Mains hum: a fundamental and harmonics with phases by chance."""
    times = np.arange(count) / rate
    parts = [
        amplitude * np.sin(2 * np.pi * HUM_HZ * number * times + random.uniform(0, 2 * np.pi))
        for number, amplitude in enumerate(_HUM_HARMONICS, 1)
    ]
    return np.asarray(np.sum(parts, axis=0))


def _babble(count: int, rate: int, random: np.random.Generator) -> Samples64:
    """Several speakers at equal level, each going round its sentence from a place by chance."""
    total = np.zeros(count)
    for voice, text in _BABBLE:
        talk = resample(speak(text, voice), rate).samples.astype(np.float64)
        start = random.integers(len(talk))
        looped = np.resize(np.roll(talk, -start), count)
        total += looped / np.sqrt(np.mean(talk**2))
    return total
