from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from framework.contract.trace import ClockFit
from framework.trace.clocks import joined

FITS = st.builds(ClockFit, st.integers(-(10**15), 10**15), st.integers(0, 10**9), st.just(20.0))


@given(FITS, FITS)
def test_the_joined_bound_covers_both_measurements(before: ClockFit, after: ClockFit) -> None:
    """Every offset that either measurement allows lies within the joined bound."""
    both = joined(before, after)
    for fit in (before, after):
        for edge in (fit.offset_ns - fit.bound_ns, fit.offset_ns + fit.bound_ns):
            assert abs(edge - both.offset_ns) <= both.bound_ns
