"""Change of the sample rate, band-limited, through the spectrum of the whole sound."""

from __future__ import annotations

from math import gcd

import numpy as np

from framework.media.wav import Sound

PADDING_S = 0.02
"""Silence on both sides: the transform is circular, and the end must not ring into the beginning."""


def resample(sound: Sound, rate: int) -> Sound:
    """The same sound at `rate` Hz; its duration stays, rounded to a sample."""
    if rate == sound.rate:
        return sound
    if rate <= 0:
        raise ValueError(f"rate must be above 0 Hz, not {rate}")
    common = gcd(rate, sound.rate)
    step_in, step_out = sound.rate // common, rate // common
    blocks_before = int(np.ceil(PADDING_S * sound.rate / step_in))
    blocks = _smooth(2 * blocks_before + int(np.ceil(len(sound.samples) / step_in)))
    padded = np.zeros(blocks * step_in)
    padded[blocks_before * step_in :][: len(sound.samples)] = sound.samples
    spectrum = np.fft.rfft(padded)
    out = np.fft.irfft(spectrum[: blocks * step_out // 2 + 1], blocks * step_out) * (rate / sound.rate)
    wanted = round(len(sound.samples) * rate / sound.rate)
    return Sound(out[blocks_before * step_out :][:wanted].astype(np.float32), rate)


def _smooth(number: int) -> int:
    """The next number that is a power of two, or three times one: the transform is fast there."""
    power = 1 << max(0, number - 1).bit_length()
    return power * 3 // 4 if power * 3 // 4 >= number else power
