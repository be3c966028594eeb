"""The display's beat."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.android.vsync import panel_vsync


@given(hz=st.sampled_from([60.0, 90.0, 120.0]), seed=st.integers(), ns=st.integers(0, 10**15))
def test_vsyncs_follow_each_other_by_one_period(hz: float, seed: int, ns: int) -> None:
    """The next one is at most a period away, and on the grid; one that is due counts for `from_`."""
    vsync = panel_vsync(hz, seed)
    following = vsync.after(ns)
    assert 0 < following - ns <= vsync.period_ns
    assert vsync.after(following) == following + vsync.period_ns
    assert vsync.from_(following) == following


def test_the_rate_is_near_the_nominal_one() -> None:
    """Android reports the nominal period in whole nanoseconds, cut off; a panel is within 40 ppm of it."""
    vsyncs = [panel_vsync(120.0, seed) for seed in range(50)]
    assert {vsync.nominal_ns for vsync in vsyncs} == {8333333}
    assert all(abs(vsync.period_ns / vsync.nominal_ns - 1) < 41e-6 for vsync in vsyncs)
    assert len({vsync.period_ns for vsync in vsyncs}) > 20


def test_an_app_has_whole_periods_of_at_least_16_ms() -> None:
    """One at 60 Hz, two at 90 and 120."""
    periods = [(vsync := panel_vsync(hz, 1)).app_ns // vsync.period_ns for hz in (60.0, 90.0, 120.0)]
    assert periods == [1, 2, 2]
