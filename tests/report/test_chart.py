from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from framework.contract.trace import ClockFit, Doubt, Series, Trace
from framework.contract.turn import TurnRecord
from framework.report.axis import COLUMNS, Axis
from framework.report.chart import ROWS, Chart, Detail, charts, shading

S = 1_000_000_000
TURN = TurnRecord(3, "q", "en", "ui", None, "a", 2 * S, 4 * S)


def drawn(*series: Series, doubts: tuple[Doubt, ...] = (), detail: Detail | None = None) -> tuple[Chart, ...]:
    trace = Trace(ClockFit(0, 1), 0, 10 * S, {one.name: one for one in series})
    return charts(trace, (TURN,), doubts, detail or Detail())


def ramp(name: str, unit: str = "MB") -> Series:
    return Series(name, unit, tuple((second * S, float(second)) for second in range(11)))


def test_a_clock_and_its_limit_are_drawn_as_one() -> None:
    """Both have the same colour, which no other clock has; the limit is dashed."""
    names = ("cpu0_limit_mhz", "cpu0_mhz", "cpu7_limit_mhz", "cpu7_mhz")
    (chart,) = drawn(*(ramp(name, "MHz") for name in names))
    colours = {line.name: line.colour for line in chart.lines}
    assert [colours["cpu0_mhz"], colours["cpu7_mhz"]] == [colours["cpu0_limit_mhz"], colours["cpu7_limit_mhz"]]
    assert colours["cpu0_mhz"] != colours["cpu7_mhz"]
    assert [line.name for line in chart.lines if line.dashed] == ["cpu0_limit_mhz", "cpu7_limit_mhz"]


def test_no_series_is_left_out() -> None:
    """Each stands in one panel, those that no panel knows in folded ones, by their unit; states have rows elsewhere."""
    names = ("rss_mb", "mem_total_mb", "skin_c", "power_mw", "charging", "pid")
    found = drawn(*(ramp(name) for name in names), ramp("emulator_slipped_ms", "ms"), ramp("new_thing", ""))
    assert {(chart.title, chart.unit, chart.open, *(line.name for line in chart.lines)) for chart in found} == {
        ("Memory", "MB", True, "rss_mb"),
        ("Handset's memory", "MB", False, "mem_total_mb"),
        ("Temperature", "°C", True, "skin_c"),
        ("Power", "mW", True, "power_mw"),
        ("Other series", "ms", False, "emulator_slipped_ms"),
        ("Other series", "", False, "new_thing"),
    }


def test_a_doubt_hatches_what_it_concerns() -> None:
    """Panels whose metrics it names, all of them when it names none."""
    doubts = (Doubt("charging", "why", S, 2 * S, frozenset({"power_mw"})), Doubt("gap", "why", 5 * S, 6 * S))
    found = drawn(ramp("rss_mb"), ramp("power_mw", "mW"), doubts=doubts)
    assert {chart.title: [(mark.rule, mark.at, mark.width) for mark in chart.hatches] for chart in found} == {
        "Memory": [("gap", 50, 10)],
        "Power": [("charging", 10, 10), ("gap", 50, 10)],
    }


def test_values_are_read_where_one_points() -> None:
    """Each column says its time, turn, the doubts about its panel, and the newest values; an old value is not shown."""
    late = Series("rss_mb", "MB", (*((at, 500.0) for at in range(4)), (9 * S, 700.0)))
    elsewhere = Doubt("charging", "", 0, 9 * S, frozenset({"power_mw"}))
    (chart,) = drawn(late, doubts=(Doubt("gap", "", 3 * S, 5 * S), elsewhere), detail=Detail(columns=5))
    assert [column.text for column in chart.columns] == [
        "2 s · rss 500",
        "4 s · turn 3 · ⚠ gap",
        "6 s · ⚠ gap",
        "8 s",
        "10 s · rss 700",
    ]


def test_turns_are_shaded_over_their_time() -> None:
    """One stroke a turn, from its start to its end."""
    assert shading((TURN, TURN), Axis(0, 10 * S)) == f"M0 {ROWS // 2}m400 0h400m-400 0h400"


VALUES = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(st.tuples(st.integers(-S, 11 * S), VALUES), min_size=1, max_size=40))
def test_all_lines_lie_within_their_box(points: list[tuple[int, float]]) -> None:
    """Whatever the values and times are, every corner is inside the picture."""
    for name in ("rss_mb", "cpu0_mhz", "frame_ms"):
        (chart,) = drawn(Series(name, "", tuple(sorted(points, key=lambda point: point[0]))))
        x = y = 0
        for command, numbers in re.findall(r"([MlhvV])([^MlhvV]*)", chart.lines[0].path):
            found = [int(number) for number in re.findall(r"-?\d+", numbers)]
            match command:
                case "M":
                    x, y = found
                case "l":
                    x, y = x + found[0], y + found[1]
                case "h":
                    x += found[0]
                case "v":
                    y += found[0]
                case "V":
                    (y,) = found
            assert 0 <= x <= COLUMNS
            assert 0 <= y <= ROWS
