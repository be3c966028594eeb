from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.trace.energy import energy_mj, mj_per_token

S = 10**9


def test_a_constant_power_gives_power_times_time() -> None:
    """2 W over 3 s, sampled each second with samples around: 6 J."""
    points = [(at * S, 2000.0) for at in range(8)]
    assert energy_mj(points, 2 * S, 5 * S) == pytest.approx(6000)
    assert mj_per_token(points, 2 * S, 5 * S, 12) == {"mj_per_token": pytest.approx(500)}


@given(st.floats(0, 5000), st.floats(-500, 500), st.integers(0, 5 * S), st.integers(2 * S, 4 * S))
def test_a_power_that_grows_evenly_is_integrated_exactly(base: float, slope: float, start: int, length: int) -> None:
    """Whatever the stretch's ends are between samples: straight lines are what they are."""
    points = [(at * S // 2, base + slope * at / 2) for at in range(30)]
    middle_s = (start + length / 2) / S
    expected = (base + slope * middle_s) * length / S
    assert energy_mj(points, start, start + length) == pytest.approx(expected, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(
    ("seconds", "why"),
    [
        ([], "no sample"),
        ([0, 3, 9], "one inside"),
        ([2, 3, 8], "a hole before the end"),
        ([2.5, 3], "it ends too early"),
    ],
)
def test_too_few_samples_give_no_energy(seconds: list[float], why: str) -> None:
    """The turn lasts from 2 s to 7 s; a figure that rests on a guess is none."""
    assert energy_mj([(int(at * S), 100.0) for at in seconds], 2 * S, 7 * S) is None, why


def test_without_tokens_there_is_no_energy_of_one() -> None:
    """A turn that brought nothing is not divided by."""
    assert mj_per_token([(at * S, 1.0) for at in range(9)], S, 5 * S, 0) == {}
