"""Integration over time: what is read does not depend on how often it is read, and heat does what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.physics.body import Body
from framework.virtual.profiles import load_profile

if TYPE_CHECKING:
    from conftest import MakeBed

SECOND = 1_000_000_000
PROFILE = load_profile("xiaomi-13")


class Watched:
    """A body whose time is set by hand."""

    def __init__(self) -> None:
        self.now_ns = 0
        self.body = Body(PROFILE, 0, lambda: self.now_ns, lambda pid, ns: None)
        self.parts = self.body.parts

    def go(self, *moments: int) -> None:
        for self.now_ns in moments:
            self.body.settle()


@settings(max_examples=40, deadline=None)
@given(
    reads=st.lists(st.integers(0, 60 * SECOND), max_size=30),
    work=st.tuples(st.integers(0, 30 * SECOND), st.integers(0, 30 * SECOND)).map(sorted),
)
def test_reading_changes_nothing(reads: list[int], work: list[int]) -> None:
    """Any number of reads at any times gives the same state after a minute with one stretch of work."""
    watched, alone = Watched(), Watched()
    for each, moments in ((watched, sorted(reads)), (alone, [])):
        begin, end = work
        each.go(*(at for at in moments if at <= begin), begin)
        done = each.body.begin("decode", 1, None, begin)
        each.go(*(at for at in moments if begin < at <= end), end)
        each.body.end(done, end)
        each.go(*(at for at in moments if at > end), 60 * SECOND)
    assert watched.parts.network.celsius == pytest.approx(alone.parts.network.celsius, abs=1e-9)
    assert watched.body.busy_ns == alone.body.busy_ns
    assert watched.parts.battery.charge_mah == pytest.approx(alone.parts.battery.charge_mah, abs=1e-9)


def test_time_does_not_go_back() -> None:
    """A caller whose time is a little old reads the state that is there."""
    state = Watched()
    state.go(10 * SECOND)
    before = dict(state.parts.network.celsius)
    state.body.advance(9 * SECOND)
    assert state.parts.network.celsius == before


def test_the_soc_reaches_seventy_degrees_in_long_decoding(bed: MakeBed) -> None:
    """Published: SoC from 38 to 73 °C within one long completion, the back still below 43 °C."""
    handset = bed()
    with handset.physics.working("decode", 1):
        handset.go(600)
        assert 62 <= handset.celsius("die") <= 80
        assert 34 <= handset.celsius("skin") <= 43


def test_gaming_power_gives_gaming_skin(bed: MakeBed) -> None:
    """Published: 5.5 W in a Xiaomi 13 Pro gave 39.3 °C on its back; the 13, at 6.4 W, ends within 3 K of that."""
    handset = bed()
    with handset.physics.working("decode", 1):
        handset.go(1500)
        assert handset.celsius("skin") == pytest.approx(39.3, abs=3)


def test_hours_of_work_throttle_as_published(bed: MakeBed) -> None:
    """Published: decoding loses 3-13 % from cold to hot; the clocks are limited, the limit is lifted after a rest."""
    handset = bed("xiaomi-12")
    cold = handset.physics.cpus.max_khz(7, handset.now_ns)
    with handset.physics.working("decode", 1):
        hot = handset.physics.cpus.max_khz(7, handset.go(1800))
    assert 0.5 <= hot / cold < 1
    assert handset.physics.cpus.max_khz(7, handset.go(3600)) == cold


def test_cpu_time_goes_to_the_process_that_works(bed: MakeBed) -> None:
    """Five threads for two seconds are ten seconds, no more after the work has ended."""
    handset = bed()
    process = handset.processes.spawn("org.example", 10200)
    with handset.physics.working("decode", process.pid):
        handset.go(2)
    handset.go(5)
    handset.physics.settle()
    assert process.cpu_ns == 10 * SECOND


def test_work_in_the_same_moment_adds_up(bed: MakeBed) -> None:
    """Listening while decoding draws more than decoding alone."""
    handset = bed()
    with handset.physics.working("decode", 1):
        alone = handset.physics.power.drawn_w(handset.go(5))
        with handset.physics.working("listen", 1):
            both = handset.physics.power.drawn_w(handset.go(5))
    assert both - alone == pytest.approx(PROFILE.power_w.listen, rel=0.06)
