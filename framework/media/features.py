"""What a recogniser looks at: mel power, the noise in it, where speech is, and cepstra (MFCC).

Frames are 25 ms long and 20 ms apart, at 16 kHz. Power arrays have the shape (frames, BANDS), cepstra
(frames, 2 * CEPSTRA). Method: Davis and Mermelstein 1980, with the mean of each utterance taken out.
"""

from __future__ import annotations

from math import log10, sqrt

import numpy as np
import numpy.typing as npt

from framework.media.resample import resample
from framework.media.wav import Sound

RATE = 16_000
WINDOW = 400
HOP = 320
HOP_S = HOP / RATE
BANDS = 26
CEPSTRA = 13

LOUD_SHARE = 0.2
"""The loudest fifth of the frames gives the level of the speech."""

FLOOR = 1e-4
"""A white floor 40 dB under the speech, so that digital silence is as quiet as a quiet room."""

QUIET_SHARE = 0.2
"""The quietest fifth of the frames is taken for noise alone."""

LEAST_RISE_DB = 3.0
RISE_SHARE = 0.4
"""Speech begins this share of the way from the noise to the loudest frame, and at least `LEAST_RISE_DB` over it."""

_FFT = 512
_PRE_EMPHASIS = 0.97
_LOWEST_HZ, _HIGHEST_HZ = 80.0, 7600.0

Frames = npt.NDArray[np.float64]
Bands = npt.NDArray[np.float64]


def mel_power(sound: Sound) -> Frames:
    """Power in each mel band of each frame, (frames, BANDS); at least one frame."""
    samples = resample(sound, RATE).samples.astype(np.float64)
    samples = np.pad(samples, (0, max(0, WINDOW - len(samples))))
    samples[1:] -= _PRE_EMPHASIS * samples[:-1]
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP] * np.hamming(WINDOW)
    power: Frames = np.abs(np.fft.rfft(frames, _FFT)) ** 2 @ _mel_filters().T
    return power + FLOOR * loudness(power) / BANDS


def loudness(power: Frames) -> float:
    """Mean power of the loudest fifth of the frames, all bands together."""
    totals = np.sort(power.sum(axis=1))
    return float(totals[-max(3, int(len(totals) * LOUD_SHARE)) :].mean())


def noise_power(power: Frames) -> Bands:
    """Mean power of the quietest fifth of the frames, in each band."""
    order = np.argsort(power.sum(axis=1))
    quiet = power[order[: max(5, int(len(order) * QUIET_SHARE))]]
    return np.asarray(quiet.mean(axis=0))


def speech_frames(power: Frames, noise: Bands) -> slice:
    """The frames from the first to the last that stand out from `noise` in some band; all where none do.

    Each band is measured against its own noise, so that white noise does not hide the vowels.
    """
    rise = 10 * np.log10((power / np.maximum(noise, 1e-12)).mean(axis=1) + 1e-12)
    smooth = np.convolve(np.pad(rise, 2, mode="edge"), np.full(5, 1 / 5), "valid")
    floor, top = np.percentile(smooth, 10), smooth.max()
    loud = np.flatnonzero(smooth > floor + max(LEAST_RISE_DB, RISE_SHARE * (top - floor)))
    return slice(int(loud[0]), int(loud[-1]) + 1) if len(loud) else slice(0, len(power))


def mfcc(power: Frames) -> Frames:
    """Cepstra and their slopes over five frames, (frames, 2 * CEPSTRA); each cepstrum has mean zero."""
    cepstra = np.log(power + 1e-12) @ _cosines().T
    cepstra -= cepstra.mean(axis=0)
    padded = np.pad(cepstra, ((2, 2), (0, 0)), mode="edge")
    slopes = (2 * (padded[4:] - padded[:-4]) + padded[3:-1] - padded[1:-3]) / 10
    return np.hstack((cepstra, slopes))


def _mel_filters() -> npt.NDArray[np.float64]:
    """Triangles of equal width on the mel scale, (BANDS, _FFT // 2 + 1)."""
    lowest, highest = (2595 * log10(1 + hz / 700) for hz in (_LOWEST_HZ, _HIGHEST_HZ))
    mels = np.linspace(lowest, highest, BANDS + 2)
    corners = (700 * (10 ** (mels / 2595) - 1))[:, None]
    frequencies = np.arange(_FFT // 2 + 1) * RATE / _FFT
    rising = (frequencies - corners[:-2]) / (corners[1:-1] - corners[:-2])
    falling = (corners[2:] - frequencies) / (corners[2:] - corners[1:-1])
    return np.asarray(np.maximum(0, np.minimum(rising, falling)))


def _cosines() -> npt.NDArray[np.float64]:
    """The first rows of the cosine transform, (CEPSTRA, BANDS)."""
    angles = np.pi / BANDS * np.arange(CEPSTRA)[:, None] * (np.arange(BANDS) + 0.5)
    return np.asarray(sqrt(2 / BANDS) * np.cos(angles))
