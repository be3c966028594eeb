"""Statistics, held against numpy's."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.metrics import Statistic
from framework.contract.quantile import percentile
from framework.verdict.statistics import PERCENT, statistic

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40)


@settings(max_examples=200, deadline=None)
@given(values=VALUES, percent=st.floats(0, 100))
def test_percentiles_are_numpys(values: list[float], percent: float) -> None:
    """The default method of numpy.percentile, for any values in any order."""
    assert percentile(values, percent) == pytest.approx(float(numpy.percentile(values, percent)), rel=1e-9, abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(values=VALUES)
def test_maximum_minimum_and_mean(values: list[float]) -> None:
    """As everyone computes them; the mean is exact within rounding."""
    assert statistic("max", values) == max(values)
    assert statistic("min", values) == min(values)
    assert statistic("mean", values) == pytest.approx(float(numpy.mean(values)), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(("name", "percent"), PERCENT.items())
def test_percentiles_count_from_the_good_end(name: Statistic, percent: float) -> None:
    """95 percent of the rates are at least the p95 of a rate; 95 percent of the latencies at most that of a latency."""
    values = [float(value) for value in range(1, 102)]
    assert statistic(name, values, "lower") == 1 + percent
    assert statistic(name, values, "higher") == 101 - percent


def test_no_values_have_no_percentile() -> None:
    """Missing data is never a number."""
    with pytest.raises(ValueError, match="at least one value"):
        percentile([], 50)
