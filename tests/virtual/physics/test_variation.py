"""Seeded numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.physics.variation import around, uniform


@given(st.integers(), st.text())
def test_the_same_question_has_the_same_answer(seed: int, name: str) -> None:
    """Nothing else matters, not even what was asked before."""
    assert uniform(seed, name) == uniform(seed, name)
    assert 0 <= uniform(seed, name) < 1


@given(st.integers(), st.floats(0.1, 1e6), st.floats(0, 0.5))
def test_around_stays_within_its_spread(seed: int, centre: float, spread: float) -> None:
    """A share of the centre, up or down."""
    assert centre * (1 - spread) - 1e-9 <= around(centre, spread, seed) <= centre * (1 + spread) + 1e-9


def test_numbers_are_spread_evenly() -> None:
    """A thousand seeds fill ten bins with about a hundred each."""
    bins = [0] * 10
    for seed in range(1000):
        bins[int(uniform(seed, "x") * 10)] += 1
    assert min(bins) > 60
    assert max(bins) < 140
