"""Levels in dB of full scale, and where in a sound the speech is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from framework.media.wav import Sound

SILENCE_DB = -96.0
"""What digital silence counts as: the step of 16 bits."""

HOP_S = 0.01
"""Distance of the frames that levels are measured in, in seconds."""


FLOOR_PERCENTILE = 10
"""The quietest tenth of the frames is taken for noise."""

LEAST_CONTRAST_DB = 9.0
"""What the loudest frame must have over the noise to be speech; babble alone reaches 8 dB."""

LEAST_RISE_DB = 6.0
RISE_SHARE = 0.35
"""Speech begins this share of the way from the noise to the loudest frame, and at least `LEAST_RISE_DB` over it."""


def rms_db(sound: Sound) -> float:
    """Root mean square of the whole sound, dB of full scale."""
    return float(_db(np.mean(np.square(sound.samples, dtype=np.float64)))) if len(sound.samples) else SILENCE_DB


def frame_levels(sound: Sound) -> npt.NDArray[np.float64]:
    """Level of each frame of `HOP_S`, in dB; the last frame may be cut off and is left out."""
    size = max(1, round(HOP_S * sound.rate))
    frames = sound.samples[: len(sound.samples) // size * size].reshape(-1, size).astype(np.float64)
    return _db(np.mean(np.square(frames), axis=1))


def _db(power: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return 10 * np.log10(np.maximum(np.asarray(power, np.float64), 10 ** (SILENCE_DB / 10)))


def speech_bounds(sound: Sound) -> tuple[float, float] | None:
    """Where speech begins and ends, in seconds; None where nothing stands out from the noise.

    For one utterance in steady noise: bounds between its first and its last sound, pauses included.
    """
    levels = _smoothed(frame_levels(sound))
    if not len(levels):
        return None
    floor, top = np.percentile(levels, FLOOR_PERCENTILE), levels.max()
    if top - floor < LEAST_CONTRAST_DB:
        return None
    loud = np.flatnonzero(levels > floor + max(LEAST_RISE_DB, RISE_SHARE * (top - floor)))
    return float(loud[0] * HOP_S), float(min((loud[-1] + 1) * HOP_S, sound.duration_s))


def _smoothed(levels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Mean power of each frame and its two neighbours, in dB."""
    if len(levels) < 3:
        return levels
    power = np.pad(10 ** (levels / 10), 1, mode="edge")
    return _db((power[:-2] + power[1:-1] + power[2:]) / 3)
