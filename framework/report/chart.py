"""A trace's series as panels over the shared time axis: places and words only, the template makes the markup."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from framework.contract.trace import Doubt, Series, Trace
from framework.contract.turn import TurnRecord
from framework.report.axis import COLUMNS, Axis, Tick, clock
from framework.report.figures import LATENCY, number
from framework.report.paths import Style, path

READOUT, PLOT = 18, 104
"""Heights in pixels: the row in which values are read, and the plot below it."""
ROWS = 200
"""Whole numbers that a value's place has within the plot."""

COLOURS = 8
LONGEST_RULE = 32
LARGEST = 1e15
"""No quantity of a handset is as large in its unit; what is (or is no number) does not stretch the scale."""
LIMITS = ("_limit", "_peak", "_total")
"""What a series' name says when it is the bound of another one: drawn dashed, in that one's colour."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Which series share a vertical axis, and which metrics are read from it."""

    title: str
    unit: str
    series: tuple[str, ...]
    metrics: tuple[str, ...]
    style: Style = "line"
    from_zero: bool = False
    folded: bool = False
    """Shown by its name only, until one asks for it."""


PANELS: tuple[Panel, ...] = (
    Panel(
        "Memory",
        "MB",
        ("rss_mb", "rss_peak_mb", "rss_*", "swap_mb", "pss_mb", "graphics_mb"),
        ("rss_mb", "pss_mb", "swap_mb"),
    ),
    Panel("Temperature", "°C", ("skin_c", "soc_c", "battery_c", "zone_*_c"), ("soc_c", "skin_c", "battery_c")),
    Panel("CPU clocks", "MHz", ("cpu*_mhz",), ("throttle", *LATENCY), "steps"),
    Panel("CPU load", "cores", ("cpu_app_cores", "cpu_other_cores", "cpu_*_cores"), LATENCY, from_zero=True),
    Panel("Threads of the assistant", "cores", ("thread_*_cores",), (), from_zero=True, folded=True),
    Panel("Power", "mW", ("power_mw",), ("power_mw", "mj_per_token"), from_zero=True),
    Panel("Battery current", "mA", ("battery_ma",), ("power_mw", "mj_per_token")),
    Panel("Battery level", "%", ("battery_level_pct",), (), "steps", folded=True),
    Panel("Frames", "ms", ("frame_ms",), ("jank", "first_text_ms"), "bars", from_zero=True),
    Panel("Jank", "share", ("jank",), ("jank",), "steps", from_zero=True),
    Panel("Handset's memory", "MB", ("mem_available_mb", "mem_*_mb", "swap_*_mb"), (), from_zero=True, folded=True),
)
UNDRAWN = ("pid", "charging", "throttle", "thermal_status")
"""States, which have rows of their own, and names."""


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    colour: int
    path: str
    dashed: bool
    range: str
    """From the lowest to the highest value, with the unit."""


@dataclass(frozen=True, slots=True)
class Column:
    """A stretch of the axis that shows its values when it is pointed at."""

    at: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class Hatch:
    """A stretch that cannot be trusted, in percent."""

    at: float
    width: float
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One panel; `grid` is the path of its lines, `levels` are their labels in pixels from the top."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    levels: tuple[Tick, ...]
    grid: str
    columns: tuple[Column, ...]
    hatches: tuple[Hatch, ...]
    open: bool = True


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of a trace is drawn: points a line, columns a panel to read values in, hatches a panel."""

    points: int = 400
    columns: int = 48
    hatches: int = 60


def charts(trace: Trace, turns: Iterable[TurnRecord], doubts: Iterable[Doubt], detail: Detail) -> tuple[Chart, ...]:
    """A chart for every panel that there are samples for, and folded ones for series that belong to none."""
    picture = _Picture(Axis(trace.start_ns, trace.end_ns), tuple(turns), tuple(doubts), detail)
    series = {name: one for name, one in trace.series.items() if one.points and name not in UNDRAWN}
    drawn = []
    for panel in PANELS:
        found = _wanted(panel, series)
        if found:
            drawn.append(picture.chart(panel, found))
        for one in found:
            del series[one.name]
    return (*drawn, *(picture.chart(panel, found) for panel, found in _others(series)))


def _wanted(panel: Panel, series: Mapping[str, Series]) -> list[Series]:
    """In the order of the panel's patterns, so that a series has the same colour in every trace."""
    names = {name: None for want in panel.series for name in sorted(series) if fnmatchcase(name, want)}
    return [series[name] for name in names]


def _others(series: Mapping[str, Series]) -> Iterator[tuple[Panel, list[Series]]]:
    for unit in sorted({one.unit for one in series.values()}):
        found = [one for one in series.values() if one.unit == unit]
        yield Panel("Other series", unit, (), (), folded=True), found


@dataclass(frozen=True, slots=True)
class _Picture:
    axis: Axis
    turns: tuple[TurnRecord, ...]
    doubts: tuple[Doubt, ...]
    detail: Detail

    def chart(self, panel: Panel, series: list[Series]) -> Chart:
        scale = _scale(panel, series)
        lines = tuple(
            Line(
                one.name,
                colour,
                path(one.points, panel.style, self.detail.points, self.axis.column, scale.row, ROWS),
                dashed,
                spread(one),
            )
            for one, colour, dashed in _coloured(series)
        )
        levels = tuple(Tick(READOUT + scale.row(level) * PLOT / ROWS, f"{level:g}") for level in scale.levels)
        doubts = [doubt for doubt in self.doubts if not doubt.metrics or doubt.metrics & set(panel.metrics)]
        hatches = tuple(hatch(doubt, self.axis) for doubt in doubts[: self.detail.hatches])
        columns = tuple(self._columns(series, doubts))
        return Chart(panel.title, panel.unit, lines, levels, self._grid(scale), columns, hatches, not panel.folded)

    def _grid(self, scale: _Scale) -> str:
        across = "".join(f"M0 {scale.row(level)}h{COLUMNS}" for level in scale.levels)
        return across + "".join(f"M{round(tick.at * COLUMNS / 100)} 0v{ROWS}" for tick in self.axis.ticks())

    def _columns(self, series: list[Series], doubts: list[Doubt]) -> Iterator[Column]:
        count = min(self.detail.columns, max(len(one.points) for one in series))
        length = self.axis.end_ns - self.axis.start_ns
        for number_ in range(count):
            begin, end = (self.axis.start_ns + length * part // count for part in (number_, number_ + 1))
            values = [(one, last_value(one, end, max(length // count, 2_000_000_000))) for one in series]
            read = [f"{short(one)} {number(value)}" for one, value in values if value is not None]
            marks = self._marks(begin, end, doubts)
            at = round(100 * number_ / count, 2)
            yield Column(at, round(100 / count, 2), " · ".join([clock(self.axis.seconds(end)), *marks, *read]))

    def _marks(self, begin: int, end: int, doubts: list[Doubt]) -> list[str]:
        turns = [turn.number for turn in self.turns if turn.start_ns < end and turn.end_ns > begin]
        rules = dict.fromkeys(doubt.rule for doubt in doubts if doubt.start_ns < end and doubt.end_ns > begin)
        asked = [f"turn {turns[0]}" if len(turns) == 1 else f"turns {turns[0]}–{turns[-1]}"] if turns else []
        return [*asked, *(f"⚠ {rule[:LONGEST_RULE]}" for rule in list(rules)[:2])]


def hatch(doubt: Doubt, axis: Axis) -> Hatch:
    """At least wide enough to be seen."""
    at = min(axis.percent(doubt.start_ns), 99.6)
    return Hatch(at, max(round(axis.percent(doubt.end_ns) - at, 2), 0.4), doubt.rule, doubt.reason)


def shading(turns: Iterable[TurnRecord], axis: Axis) -> str:
    """The path of all turns, along the middle of a plot: drawn as wide as the plot is high."""
    parts, reached = [f"M0 {ROWS // 2}"], 0
    for turn in turns:
        begin, width = axis.column(turn.start_ns), max(axis.column(turn.end_ns) - axis.column(turn.start_ns), 2)
        parts.append(f"m{begin - reached} 0h{width}")
        reached = begin + width
    return "".join(parts)


def last_value(series: Series, at: int, within_ns: int) -> float | None:
    """The newest sample at a time; None where that is older than `within_ns`."""
    found = bisect_right(series.points, (at, math.inf)) - 1
    if found < 0 or at - series.points[found][0] > within_ns:
        return None
    return series.points[found][1]


def short(series: Series) -> str:
    """The name without its unit, which the panel says."""
    head, _, tail = series.name.rpartition("_")
    return head if head and tail.casefold() in (series.unit.casefold(), "c", "pct") else series.name


def spread(series: Series) -> str:
    values = [value for _, value in series.points if math.isfinite(value)]
    if not values:
        return "no finite value"
    low, high = number(min(values)), number(max(values))
    return f"{low} {series.unit}".rstrip() if low == high else f"{low} to {high} {series.unit}".rstrip()


def _coloured(series: list[Series]) -> Iterator[tuple[Series, int, bool]]:
    """Each series with the number of its colour, and whether it is the bound of another one."""
    names = list(dict.fromkeys(_subject(one.name) for one in series))
    for one in series:
        yield one, names.index(_subject(one.name)) % COLOURS, _subject(one.name) != one.name


def _subject(name: str) -> str:
    for limit in LIMITS:
        name = name.replace(limit, "")
    return name


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    levels: tuple[float, ...]

    def row(self, value: float) -> int:
        """0 is the top; what is no number stands at the bottom."""
        share = (value - self.low) / (self.high - self.low) if abs(value) < LARGEST else 0.0
        return round(ROWS * (1 - min(max(share, 0.0), 1.0)))


def _scale(panel: Panel, series: list[Series]) -> _Scale:
    """From a round number below the lowest value to one above the highest."""
    values = [value for one in series for _, value in one.points if abs(value) < LARGEST] or [0.0]
    least, most = min(values), max(values)
    if panel.from_zero and least >= 0:
        least = 0.0
    step = _round_step((most - least or abs(most) or 1) / 3)
    low, high = math.floor(least / step) * step, (math.floor(most / step) + 1) * step
    count = round((high - low) / step)
    return _Scale(low, high, tuple(low + i * step for i in range(count + 1)))


def _round_step(raw: float) -> float:
    """The next of 1, 2, 5 × 10^n at or above `raw`."""
    power = 10.0 ** math.floor(math.log10(max(raw, 1e-9)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999999)
