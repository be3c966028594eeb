"""The record of what happened: events, series of values, boots, and the clock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.virtual import truth as truth_module
from framework.virtual.clock import DeviceClock
from framework.virtual.truth import Events, Series, TrueEvent, Truth, UnknownBootError


class HostTime:
    """The host's clock, set by the test."""

    def __init__(self) -> None:
        self.ns = 0

    def __call__(self) -> int:
        return self.ns


@pytest.fixture
def host() -> HostTime:
    return HostTime()


@pytest.fixture
def clock(host: HostTime) -> DeviceClock:
    return DeviceClock(10, boot_ns=1000, host_clock=host)


def test_events_are_kept_with_their_values(clock: DeviceClock) -> None:
    """In the order in which they were recorded, from a time on."""
    truth = Truth(clock)
    truth.record("token", 1500, n=1)
    truth.record("fault_begin", 1200, fault="status")
    told = [event.told() for event in truth.events(0, 0)]
    assert told == [{"kind": "token", "ns": 1500, "n": 1}, {"kind": "fault_begin", "ns": 1200, "fault": "status"}]
    assert [event.kind for event in truth.events(1300, 0)] == ["token"]


def test_what_there_is_no_room_for_is_counted(clock: DeviceClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest events go first."""
    monkeypatch.setattr(truth_module, "MOST_EVENTS", 4)
    truth = Truth(clock)
    for number in range(5):
        truth.record("token", number)
    assert ([event.ns for event in truth.events(0, 0)], truth.forgotten(0)) == ([2, 3, 4], 2)


@given(st.lists(st.integers(0, 20), max_size=40), st.integers(0, 21))
def test_events_since_a_time_are_all_of_them(times: list[int], since: int) -> None:
    """Also those that were recorded late, in the order in which they were recorded."""
    events = Events()
    for ns in times:
        events.add(TrueEvent("token", ns, {}))
    assert [event.ns for event in events.since(since)] == [ns for ns in times if ns >= since]


def test_the_clock_is_told_at_one_instant(clock: DeviceClock, host: HostTime) -> None:
    """Host time and device time lie on the line that is told with them."""
    truth = Truth(clock)
    host.ns = 77
    told = truth.clock(0)
    assert (told["host_ns"], told["device_ns"], told["lines"]) == (77, 1770, [{"host_ns": 0, "device_ns": 1000}])


def test_each_boot_has_a_truth_of_its_own(clock: DeviceClock, host: HostTime) -> None:
    """Events, samples and lines of the boot before are told when asked for; one that was not is refused."""
    truth = Truth(clock)
    truth.record("token", 1500)
    truth.sample(1250, {"skin_c": 30.0})
    host.ns = 100
    clock.restart(0)
    truth.restarted()
    truth.record("token", 5)
    assert (truth.boot, [event.ns for event in truth.events(0, 1)], truth.samples(0, 1)) == (1, [5], {})
    assert truth.clock(1)["lines"] == [{"host_ns": 100, "device_ns": 0}]
    assert ([event.ns for event in truth.events(0, 0)], truth.samples(0, 0)) == ([1500], {"skin_c": [(1250, 30.0)]})
    assert truth.clock(0)["lines"] == [{"host_ns": 0, "device_ns": 1000}]
    with pytest.raises(UnknownBootError, match="no truth of boot 2"):
        truth.events(0, 2)


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0]), max_size=40))
def test_a_series_loses_nothing(values: list[float]) -> None:
    """Between two points that are kept and equal, all that was left out was equal to them."""
    series = Series()
    for at, value in enumerate(values):
        series.add(at, value)
    points = dict(series.points(0))
    held = None
    for at, value in enumerate(values):
        held = points.get(at, held)
        assert held == value
    assert max(points, default=-1) == len(values) - 1


def test_a_stretch_that_reaches_over_a_time_is_told_from_its_beginning() -> None:
    """One that ended before it is not."""
    series = Series()
    for at, value in enumerate((1.0, 2.0, 2.0, 2.0, 2.0, 3.0)):
        series.add(at, value)
    assert series.points(3) == [(1, 2.0), (4, 2.0), (5, 3.0)]
    assert series.points(5) == [(5, 3.0)]


def test_a_series_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The older half makes room."""
    monkeypatch.setattr(truth_module, "MOST_POINTS", 4)
    series = Series()
    for at in range(5):
        series.add(at, at)
    assert series.points(0) == [(2, 2.0), (3, 3.0), (4, 4.0)]
    assert series.points(4) == [(4, 4.0)]
