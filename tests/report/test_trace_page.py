from __future__ import annotations

import math
import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from framework.contract.events import AssistantEvent
from framework.contract.run import BuildIdentity, HandsetIdentity, Repetition, Unit
from framework.contract.trace import ClockFit, Series, Span, Trace
from framework.contract.turn import TurnRecord
from framework.contract.verdict import Verdict
from framework.report.chart import MAX_POINTS, charts, thinned
from framework.report.trace_page import trace_page

S = 1_000_000_000
HOSTILE = "<script>alert(1)</script>\" onload='x'"


def unit(name: str = "Weather") -> Unit:
    handset = HandsetIdentity("fold", "s", "Xiaomi", "MIX", "SM8550", "14", 34, 16, True, True, "f")
    return Unit("suites/x.yaml::" + name, name, "suites/x.yaml", handset, BuildIdentity("b", "1", "p", "m"))


def trace(seconds: int = 10, rate: int = 4) -> Trace:
    points = tuple((i * S // rate, 1000.0 + math.sin(i) * 10) for i in range(seconds * rate))
    series = {name: Series(name, "MB", points) for name in ("rss_mb", "skin_c", "cpu0_mhz", "cpu0_limit_mhz")}
    spans = (Span("turn", "1: " + HOSTILE, S, 2 * S),)
    return Trace(
        ClockFit(0, 10**6), 0, seconds * S, series, (AssistantEvent(1, "first_token", S + 5),), spans, (HOSTILE,)
    )


def page(repetition_trace: Trace | None) -> str:
    turn = TurnRecord(1, HOSTILE, "en", "ui", HOSTILE, HOSTILE, S, 2 * S, metrics={"ttft_ms": 12.34})
    return trace_page(unit(HOSTILE), Repetition(1, 1, (turn,), repetition_trace, Verdict.PASS, (HOSTILE,)))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes |= {name for name, _ in attrs}


def test_hostile_text_stays_text() -> None:
    """Text from handsets, files and names brings neither elements nor attributes into the page."""
    tags = Tags()
    tags.feed(page(trace()))
    assert ("script" in tags.seen, {name for name in tags.attributes if name.startswith("on")}) == (False, set())
    assert tags.seen.count("svg") == 3


def test_a_long_trace_stays_a_small_page() -> None:
    """An hour at 4 Hz still makes a page under 100 KB."""
    assert len(page(trace(3600)).encode()) < 100_000


def test_a_repetition_without_a_trace_has_a_page() -> None:
    """What could not be recorded leaves its turns and reasons readable."""
    text = page(None)
    assert ("12.3" in text, "<svg" in text) == (True, False)


def test_all_lines_lie_within_their_box() -> None:
    """Every coordinate is inside the view box."""
    for chart in charts(trace()):
        for line in chart.lines:
            for x, y in re.findall(r"([\d.]+),([\d.]+)", line.points):
                assert 0 <= float(x) <= 960
                assert 0 <= float(y) <= 132


def test_a_clock_and_its_limit_are_drawn_as_one() -> None:
    """Both have the same colour, which no other clock has; the limit is dashed."""
    points = ((0, 1.0), (S, 2.0))
    names = ("cpu0_limit_mhz", "cpu0_mhz", "cpu7_limit_mhz", "cpu7_mhz")
    series = {name: Series(name, "MHz", points) for name in names}
    (chart,) = charts(Trace(ClockFit(0, 1), 0, S, series))
    colours = {line.name: line.colour for line in chart.lines}
    assert [colours["cpu0_mhz"], colours["cpu7_mhz"]] == [colours["cpu0_limit_mhz"], colours["cpu7_limit_mhz"]]
    assert colours["cpu0_mhz"] != colours["cpu7_mhz"]
    assert [line.name for line in chart.lines if line.dashed] == ["cpu0_limit_mhz", "cpu7_limit_mhz"]


def test_turns_and_steps_are_named_where_there_is_room() -> None:
    """In the picture a turn has its number and a long step its value; a short step is told by pointing at it."""
    spans = (Span("turn", "1: hi: you", S, 2 * S), Span("step", "fold: half_open", 3 * S, 6 * S))
    spans += (Span("step", "fold: closed", 8 * S, 8 * S + 1000),)
    series = {"rss_mb": Series("rss_mb", "MB", ((0, 1.0), (10 * S, 2.0)))}
    (chart,) = charts(Trace(ClockFit(0, 1), 0, 10 * S, series, (), spans))
    assert [(mark.kind, mark.short) for mark in chart.marks] == [("turn", "1"), ("step", "half_open"), ("step", "")]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=3000))
def test_thinning_keeps_order_and_extremes(values: list[float]) -> None:
    """However many points there are, few are kept, in time order, with the lowest and the highest value."""
    points = tuple(enumerate(values))
    kept = list(thinned(points))
    assert kept == sorted(kept)
    assert len(kept) <= MAX_POINTS + 2
    assert (min(v for _, v in kept), max(v for _, v in kept)) == (min(values), max(values))
