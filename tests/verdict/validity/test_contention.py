"""Other processes, and memory that runs short."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from framework.contract.trace import Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.contention import MEMORY_PRESSURE, OTHER_LOAD, OTHERS

Points = Sequence[tuple[float, float]]


@pytest.mark.parametrize(
    ("cores", "reasons"),
    [
        ([(9, 0.3), (15, 0.3), (20, 0.3)], []),
        ([(9, 0), (20, OTHERS.value)], []),
        ([(10, 0.3), (15, 1.3), (20, 1.3)], ["other processes took 1.30 cores in turn 1"]),
        ([(9, 0.3), (11, 3.0), (20, 0.3)], []),
        ([(9, 4), (10, 4), (20, 0.3), (29, 4)], []),
        ([(9, 0.3), (29, 2.0)], ["other processes took 2.00 cores in turn 1"]),
        ([], []),
    ],
)
def test_other_processes(cores: Points, reasons: list[str], trace: Callable[..., Trace]) -> None:
    """A share of a point holds for the time since the one before: the mean over the turn counts, not a blip in it."""
    found = OTHER_LOAD.doubts(trace({"cpu_other_cores": cores} if cores else {}), Circumstances())
    assert [doubt.reason for doubt in found] == reasons


@pytest.mark.parametrize(
    ("series", "signs"),
    [
        ({"mem_total_mb": [(1, 8000)], "mem_available_mb": [(9, 3000), (15, 900)]}, None),
        ({"mem_total_mb": [(1, 8000)], "mem_available_mb": [(9, 3000), (15, 700)]}, "700 of 8000 MB available"),
        ({"mem_available_mb": [(15, 1)]}, None),
        ({"rss_file_mb": [(9, 1400), (12, 1500), (15, 1460)]}, None),
        ({"rss_file_mb": [(9, 1400), (12, 1500), (15, 1300)]}, "200 MB of file pages lost"),
        ({"swap_mb": [(9, 100), (15, 110)]}, None),
        ({"swap_mb": [(9, 0), (15, 45)]}, "45 MB moved to zram"),
        ({"swap_free_mb": [(9, 3000), (15, 2900)]}, None),
        ({"swap_free_mb": [(9, 3000), (15, 2600)]}, "400 MB of swap filled"),
    ],
)
def test_memory_pressure(series: Mapping[str, Points], signs: str | None, trace: Callable[..., Trace]) -> None:
    """Each of its signs by itself, and nothing without one."""
    found = [doubt.reason for doubt in MEMORY_PRESSURE.doubts(trace(series), Circumstances())]
    assert found == ([] if signs is None else [f"memory was short in turn 1: {signs}"])


@pytest.mark.parametrize(("at", "count"), [(9, 0), (15, 1)])
def test_a_low_memory_kill(at: float, count: int, trace: Callable[..., Trace]) -> None:
    """Android ending an app within a turn; what it ended before is over."""
    recorded = trace({}, instants=[("low_memory_kill", "com.example.gallery killed", at)])
    assert len(MEMORY_PRESSURE.doubts(recorded, Circumstances())) == count
