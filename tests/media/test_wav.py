"""Sounds and WAV files."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.media.wav import FULL_SCALE, Sound, WavError, read_wav, wav_bytes


def sound(*samples: float, rate: int = 16_000) -> Sound:
    return Sound(np.array(samples, np.float32), rate)


def wav_file(pcm: bytes, *, width: int = 2, channels: int = 1, rate: int = 8000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(pcm)
    return out.getvalue()


@given(st.lists(st.integers(-FULL_SCALE, FULL_SCALE - 1), max_size=50), st.integers(1, 192_000))
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_back(pcm: list[int], rate: int) -> None:
    """Every 16-bit sample and every rate survives a file."""
    written = sound(*(value / FULL_SCALE for value in pcm), rate=rate)
    read = read_wav(wav_bytes(written))
    assert (read.samples.tolist(), read.rate) == (written.samples.tolist(), rate)


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_sound_or_a_wav_error(data: bytes) -> None:
    """No other error comes out, whatever goes in."""
    for candidate in (data, b"RIFF" + data, wav_file(b"\0\0\1\0")[:20] + data):
        try:
            read_wav(candidate)
        except WavError:
            continue


def test_too_loud_samples_are_clipped() -> None:
    """They do not wrap around."""
    assert read_wav(wav_bytes(sound(2.0, -2.0))).samples.tolist() == [(FULL_SCALE - 1) / FULL_SCALE, -1.0]


def test_channels_are_averaged() -> None:
    """A stereo file becomes mono."""
    stereo = np.array([[16384, 0], [0, -16384]], "<i2").tobytes()
    assert read_wav(wav_file(stereo, channels=2)).samples.tolist() == [0.25, -0.25]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "ends within its header"),
        (b"not a wav", "not a PCM WAV"),
        (wav_file(b"\0" * 8)[:-3], "cut off: 5 of 8 bytes"),
        (wav_file(b"\0" * 8, width=1), "16 bits are needed, these have 8"),
        (wav_file(b"\0" * 9, width=3), "16 bits are needed, these have 24"),
    ],
)
def test_anything_else_says_what_is_wrong(data: bytes, message: str) -> None:
    """Truncated files and other sample widths are named."""
    with pytest.raises(WavError, match=message):
        read_wav(data)


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    """A path is as good as bytes; a missing file is an OSError."""
    path = tmp_path / "a.wav"
    path.write_bytes(wav_bytes(sound(0.5)))
    assert read_wav(path).samples.tolist() == [0.5]
    with pytest.raises(FileNotFoundError):
        read_wav(tmp_path / "b.wav")


def test_cutting_and_padding() -> None:
    """Times are seconds; beyond the ends there is nothing to cut."""
    whole = sound(*np.linspace(0, 1, 10), rate=10)
    assert whole.duration_s == 1.0
    assert whole.cut(0.2, 0.5).samples.tolist() == whole.samples[2:5].tolist()
    assert whole.cut(-1, 9).samples.tolist() == whole.samples.tolist()
    assert whole.padded(0.2, 0.1).samples.tolist() == [0, 0, *whole.samples.tolist(), 0]


@pytest.mark.parametrize("samples", [np.zeros((2, 2), np.float32), np.zeros(2, np.float64)])
def test_samples_are_mono_float32(samples: np.ndarray) -> None:
    """Another shape or type is the caller's mistake, found at once."""
    with pytest.raises(ValueError, match="mono float32"):
        Sound(samples, 16_000)


def test_a_rate_is_above_zero() -> None:
    """A sound without a rate has no time."""
    with pytest.raises(ValueError, match="above 0"):
        sound(0.0, rate=0)
