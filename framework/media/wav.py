"""A sound as samples, and PCM16 WAV files, which is how sounds travel to and from a handset."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

FULL_SCALE = 32768
"""Value of a 16-bit sample that stands for 1.0."""

Samples = npt.NDArray[np.float32]


class WavError(ValueError):
    """These bytes are not a whole 16-bit PCM WAV file; whose fault that is, the caller knows."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Mono sound: `samples` float32 in [-1, 1], one dimension; `rate` in Hz."""

    samples: Samples
    rate: int

    def __post_init__(self) -> None:
        if self.samples.ndim != 1 or self.samples.dtype != np.float32:
            raise ValueError(f"samples must be mono float32, not {self.samples.ndim}-dimensional {self.samples.dtype}")
        if self.rate <= 0:
            raise ValueError(f"rate must be above 0 Hz, not {self.rate}")

    @property
    def duration_s(self) -> float:
        return len(self.samples) / self.rate

    def cut(self, start_s: float, end_s: float) -> Sound:
        """The part between two times, in seconds from the beginning."""
        return Sound(self.samples[round(max(0.0, start_s) * self.rate) : round(end_s * self.rate)], self.rate)

    def padded(self, before_s: float, after_s: float) -> Sound:
        """This sound between two silences."""
        before, after = round(before_s * self.rate), round(after_s * self.rate)
        return Sound(np.pad(self.samples, (before, after)), self.rate)


def read_wav(source: Path | bytes) -> Sound:
    """Read a 16-bit PCM WAV file; several channels are averaged.

    WavError where it is something else, or where it ends before its header says; OSError where it cannot be read.
    """
    data = source if isinstance(source, bytes) else source.read_bytes()
    try:
        with wave.open(io.BytesIO(data), "rb") as file:
            width, channels, rate, frames = (
                file.getsampwidth(),
                file.getnchannels(),
                file.getframerate(),
                file.getnframes(),
            )
            pcm = file.readframes(frames)
    except (wave.Error, EOFError) as error:
        raise WavError(f"not a PCM WAV file: {str(error) or 'it ends within its header'}") from error
    if width != 2:
        raise WavError(f"samples of 16 bits are needed, these have {8 * width}")
    if rate <= 0:
        raise WavError(f"the header says {rate} Hz")
    if len(pcm) != frames * channels * width:
        raise WavError(f"cut off: {len(pcm)} of {frames * channels * width} bytes of sound")
    values = np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(FULL_SCALE)
    return Sound(values.reshape(-1, channels).mean(axis=1, dtype=np.float32), rate)


def wav_bytes(sound: Sound) -> bytes:
    """The sound as a 16-bit PCM WAV file; what lies outside [-1, 1] is clipped."""
    pcm = np.clip(np.rint(sound.samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes(pcm.tobytes())
    return out.getvalue()
