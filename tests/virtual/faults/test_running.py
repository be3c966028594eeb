"""How faults begin and end, whatever they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framework.virtual.faults import FAULTS
from framework.virtual.faults.fault import FaultError
from framework.virtual.faults.running import MOST_AT_ONCE

if TYPE_CHECKING:
    from conftest import Ill, OnIll


def test_kinds_are_told_apart() -> None:
    """In order of their names, each once, with a usual size that it may have."""
    kinds = [fault.kind for fault in FAULTS]
    assert kinds == sorted(set(kinds))
    for fault in FAULTS:
        second = (fault.second.usual,) if fault.second else ()
        assert fault.sized(None) == (fault.size.usual if fault.size else 0, *second)


def test_what_lasts_its_size_takes_for_as_well(on_ill: OnIll) -> None:
    """`--for` is its size; two that differ are refused."""

    async def run(ill: Ill) -> None:
        number = ill.faults.begin("frozen_sensor", for_s=2.5)
        await ill.sleep_s(3)
        told = ill.state(number)
        assert (told["size"], told["end_ns"] - told["begin_ns"]) == (2.5, 2_500_000_000)
        with pytest.raises(FaultError, match="2 s and 3 s are two"):
            ill.faults.begin("frozen_sensor", 2, for_s=3)

    on_ill(run)


def test_a_fault_ends_by_itself_in_device_time(on_ill: OnIll) -> None:
    """Begin and end stand in the truth, as far apart as was said."""

    async def run(ill: Ill) -> None:
        number = ill.faults.begin("status", 4, for_s=2.5)
        await ill.sleep_s(2)
        assert ill.device.physics.thermal.status(0) == 4
        await ill.sleep_s(1)
        told = ill.state(number)
        assert told["end_ns"] - told["begin_ns"] == 2_500_000_000
        assert ill.device.physics.thermal.throttling_level(0) == ill.device.physics.thermal.status(0) == 0
        events = [event.told() for event in ill.device.truth.events(0, 0) if event.kind.startswith("fault")]
        assert events == [
            {"kind": "fault_begin", "ns": told["begin_ns"], "id": 1, "fault": "status", "size": 4},
            {"kind": "fault_end", "ns": told["end_ns"], "id": 1, "fault": "status"},
        ]

    on_ill(run)


def test_several_at_once_end_each_for_itself(on_ill: OnIll) -> None:
    """Also two of one kind; clearing all ends what is left, once."""

    async def run(ill: Ill) -> None:
        before = ill.device.clock.wall_offset_ns
        first, second = ill.faults.begin("clock_step", 1000), ill.faults.begin("clock_step", 500)
        ill.faults.begin("clock_cap", 0.5)
        ill.faults.clear(first)
        assert ill.device.clock.wall_offset_ns == before + 500_000_000
        ill.faults.clear()
        ill.faults.clear(second)
        assert ill.device.clock.wall_offset_ns == before
        assert [fault["end_ns"] is not None for fault in ill.faults.told()] == [True, True, True]

    on_ill(run)


def test_what_can_be_once_only_is_refused_twice(on_ill: OnIll) -> None:
    """Told which fault is in the way; when that has ended, it may begin."""

    async def run(ill: Ill) -> None:
        ill.faults.begin("clock_cap", 0.5)
        with pytest.raises(FaultError, match="under way already, as fault 1"):
            ill.faults.begin("clock_cap", 0.2)
        ill.faults.clear()
        assert ill.faults.begin("clock_cap", 0.2) == 2

    on_ill(run)


def test_there_is_an_end_to_how_many(on_ill: OnIll) -> None:
    """Whoever begins faults in a loop is told."""

    async def run(ill: Ill) -> None:
        for _ in range(MOST_AT_ONCE):
            ill.faults.begin("clock_step", 1)
        with pytest.raises(FaultError, match="clear some"):
            ill.faults.begin("clock_step", 1)

    on_ill(run)


def test_a_fault_that_cannot_begin_is_none(on_ill: OnIll) -> None:
    """It is neither listed nor in the truth."""

    async def run(ill: Ill) -> None:
        with pytest.raises(FaultError, match="no app is in front"):
            ill.faults.begin("kill_app")
        assert (ill.faults.told(), ill.device.truth.events(0, 0)) == ([], [])

    on_ill(run)
