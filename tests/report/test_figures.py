from __future__ import annotations

import pytest

from framework.contract.trace import Doubt
from framework.contract.turn import Estimate, TurnRecord
from framework.report.figures import LATENCY, Cell, bounded, cell, concerns, number, within

ESTIMATES = (
    Estimate("ttft_ms", 418, 9.2, "frames"),
    Estimate("ttft_ms", 412.34, 0.12, "events"),
    Estimate("tpot_ms", 7, 1, "log"),
)
TURN = TurnRecord(
    1, "q", "en", "ui", None, "a", 100, 200, (), {"ttft_ms": 412.34, "total_ms": 900.0}, (), (), ESTIMATES
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "bound", "text"),
    [
        (412.34, 0.12, "412.3 ± 0.1"),
        (418.2, 9.2, "418 ± 9"),
        (418.2, 31, "418 ± 31"),
        (0.51234, 0.00001, "0.512 ± 0.001"),
        (1310.4, 0, "1310"),
        (3.25, float("inf"), "3.25"),
    ],
)
def test_a_bound_decides_the_digits(value: float, bound: float, text: str) -> None:
    """No digit that the bound makes meaningless; without a bound four digits."""
    assert bounded(value, bound) == text


def test_what_is_no_number_is_a_question_mark() -> None:
    """NaN and infinity are no figures."""
    assert [number(value) for value in (float("nan"), float("inf"), 31.256)] == ["?", "?", "31.26"]


def test_a_cell_says_which_method_counts_and_what_others_say() -> None:
    """The metric with its bound and method, the others below it; a metric without estimates stands alone."""
    assert [cell(TURN, name, ()) for name in ("ttft_ms", "total_ms", "tpot_ms", "decode_tps")] == [
        Cell("412.3 ± 0.1", "events", ("418 ± 9 frames",)),
        Cell("900"),
        Cell("7 ± 1", "log"),
        Cell(""),
    ]


def test_a_doubt_objects_where_and_to_what_it_concerns() -> None:
    """Only in a turn that it touches, only to its metrics; one without metrics to all."""
    doubts = (
        Doubt("charging", "", 0, 999, frozenset({"power_mw"})),
        Doubt("clock", "", 150, 160, frozenset({"ttft_ms"})),
        Doubt("gap", "", 201, 300),
        Doubt("pid", "", 200, 300),
    )
    assert cell(TURN, "ttft_ms", doubts).objections == ("clock", "pid")
    assert cell(TURN, "total_ms", doubts).objections == ("pid",)


def test_a_doubt_says_what_it_concerns() -> None:
    """All latencies in one word, the rest by name; without metrics everything."""
    assert [
        concerns(Doubt("r", "", 0, 1, frozenset(metrics)))
        for metrics in ((*LATENCY, "throttle", "jank"), ("ttft_ms", "jank"), ())
    ] == ["latency, jank, throttle", "jank, ttft_ms", "everything that was measured"]


@pytest.mark.parametrize(
    ("bound_ns", "text"), [(178_000, "± 0.18 ms"), (6_373_000, "± 6.4 ms"), (105_200_000, "± 105 ms")]
)
def test_bounds_of_time_are_milliseconds(bound_ns: int, text: str) -> None:
    """With two digits, and whole ones from 10 on."""
    assert within(bound_ns) == text
