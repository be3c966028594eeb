"""Change of the sample rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.media.resample import resample
from framework.media.wav import Sound


def tone(hz: float, rate: int, seconds: float = 0.5) -> Sound:
    times = np.arange(round(rate * seconds)) / rate
    return Sound((0.5 * np.sin(2 * np.pi * hz * times)).astype(np.float32), rate)


@pytest.mark.parametrize(("rate", "to"), [(22_050, 16_000), (44_100, 16_000), (8_000, 16_000), (16_000, 22_050)])
@pytest.mark.parametrize("hz", [100, 1000, 3500])
def test_a_tone_stays_the_same_tone(rate: int, to: int, hz: float) -> None:
    """Its samples are those of the same tone at the new rate, except at the ends."""
    expected = tone(hz, to).samples
    found = resample(tone(hz, rate), to).samples
    assert len(found) == len(expected)
    inner = slice(to // 20, -to // 20)
    assert np.abs(found[inner] - expected[inner]).max() < 0.005


def test_what_the_new_rate_cannot_hold_is_gone() -> None:
    """A 10 kHz tone leaves nothing at 16 kHz, above all no mirror tone."""
    found = resample(tone(10_000, 44_100), 16_000).samples
    assert np.abs(found[800:-800]).max() < 0.005


@given(st.integers(0, 3000), st.integers(1, 48_000), st.integers(1, 48_000))
@settings(max_examples=60, deadline=None)
def test_the_duration_stays(count: int, rate: int, to: int) -> None:
    """To a sample, for all lengths and rates, the empty sound too."""
    found = resample(Sound(np.zeros(count, np.float32), rate), to)
    assert (len(found.samples), found.rate) == (round(count * to / rate), to)


def test_the_end_does_not_ring_into_the_beginning() -> None:
    """The transform is circular, the sound is not."""
    samples = np.zeros(8000, np.float32)
    samples[-1] = 1.0
    found = resample(Sound(samples, 22_050), 16_000).samples
    assert np.abs(found[:100]).max() < 0.002


def test_a_rate_is_above_zero() -> None:
    """There is no sound at 0 Hz."""
    with pytest.raises(ValueError, match="above 0"):
        resample(tone(100, 8000), 0)
