"""A trace as SVG panels over one time axis: coordinates only, no markup, so that the template escapes everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from framework.contract.trace import Series, Span, Trace

WIDTH, HEIGHT = 960, 132
LEFT, RIGHT, TOP, BOTTOM = 54, 12, 8, 20
INSTANTS = ("speech_end", "first_token", "first_audio", "error")
"""The events of the assistant that are drawn."""

LETTER_WIDTH = 6
MAX_POINTS = 400
"""Points a line keeps: more than a screen has columns only makes the page larger."""

LIMIT = "_limit"
COLOURS = ("#2563eb", "#dc2626", "#059669", "#d97706", "#7c3aed", "#0891b2", "#be185d", "#4d7c0f")


@dataclass(frozen=True, slots=True)
class Panel:
    """Which series share a vertical axis."""

    title: str
    unit: str
    wants: Callable[[str], bool]


PANELS: tuple[Panel, ...] = (
    Panel("Memory", "MB", lambda name: name in ("rss_mb", "rss_anon_mb", "rss_file_mb", "swap_mb")),
    Panel("Temperature", "°C", lambda name: name in ("soc_c", "battery_c", "skin_c")),
    Panel("CPU clocks", "MHz", lambda name: name.startswith("cpu") and name.endswith("_mhz")),
)


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    colour: str
    points: str
    """`x,y` pairs of an SVG polyline."""
    dashed: bool
    summary: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a place of the time axis; `width` is 0 for an instant; `short` is for the picture itself."""

    x: float
    width: float
    label: str
    kind: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One panel, ready to be drawn in a box of WIDTH × HEIGHT."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    levels: tuple[Tick, ...]
    seconds: tuple[Tick, ...]
    marks: tuple[Mark, ...]


def charts(trace: Trace) -> tuple[Chart, ...]:
    """A chart for every panel that the trace has samples for."""
    axis = _Axis(trace.start_ns, max(trace.end_ns, trace.start_ns + 1))
    marks = tuple(_marks(trace, axis))
    drawn = []
    for panel in PANELS:
        series = [
            trace.series[name] for name in sorted(trace.series) if panel.wants(name) and trace.series[name].points
        ]
        if series:
            drawn.append(_chart(panel, series, axis, marks))
    return tuple(drawn)


@dataclass(frozen=True, slots=True)
class _Axis:
    start_ns: int
    end_ns: int

    def x(self, ns: int) -> float:
        share = (min(max(ns, self.start_ns), self.end_ns) - self.start_ns) / (self.end_ns - self.start_ns)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def ticks(self) -> tuple[Tick, ...]:
        seconds = (self.end_ns - self.start_ns) / 1e9
        step = _round_step(seconds / 8)
        count = int(seconds / step) + 1
        return tuple(Tick(self.x(self.start_ns + int(i * step * 1e9)), f"{i * step:g} s") for i in range(count))


def _chart(panel: Panel, series: list[Series], axis: _Axis, marks: tuple[Mark, ...]) -> Chart:
    values = [value for one in series for _, value in one.points]
    step = _round_step((max(values) - min(values) or abs(max(values)) or 1) / 3)
    low, high = (min(values) // step) * step, (max(values) // step + 1) * step

    def y(value: float) -> float:
        return round(HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    count = round((high - low) / step)
    levels = tuple(Tick(y(low + i * step), f"{low + i * step:g}") for i in range(count + 1))
    names = list(dict.fromkeys(_subject(one.name) for one in series))
    colours = {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(names)}
    lines = tuple(_line(one, colours[_subject(one.name)], axis, y) for one in series)
    return Chart(panel.title, panel.unit, lines, levels, axis.ticks(), marks)


def _subject(name: str) -> str:
    """What a series is of: a clock and its limit have one colour, the limit dashed."""
    return name.replace(LIMIT, "")


def _line(series: Series, colour: str, axis: _Axis, y: Callable[[float], float]) -> Line:
    points = " ".join(f"{axis.x(at)},{y(value)}" for at, value in thinned(series.points))
    values = [value for _, value in series.points]
    summary = f"{series.name}: {min(values):.4g} to {max(values):.4g} {series.unit}".rstrip()
    return Line(series.name, colour, points, LIMIT in series.name, summary)


def thinned(points: tuple[tuple[int, float], ...], most: int = MAX_POINTS) -> Iterable[tuple[int, float]]:
    """At most about `most` points that keep every peak: lowest and highest of each stretch, in time order."""
    if len(points) <= most:
        return points
    size = -(-len(points) * 2 // most)
    kept: list[tuple[int, float]] = []
    for begin in range(0, len(points), size):
        stretch = points[begin : begin + size]
        ends = {min(stretch, key=lambda p: p[1]), max(stretch, key=lambda p: p[1])}
        kept += sorted(ends)
    return kept


def _marks(trace: Trace, axis: _Axis) -> Iterable[Mark]:
    for span in trace.spans:
        yield _span(span, axis)
    for event in trace.events:
        if event.event in INSTANTS:
            yield Mark(axis.x(event.device_ns), 0, f"turn {event.turn}: {event.event}", event.event)


def _span(span: Span, axis: _Axis) -> Mark:
    x, end = axis.x(span.start_ns), axis.x(span.end_ns)
    seconds = (span.end_ns - span.start_ns) / 1e9
    return Mark(x, max(end - x, 1), f"{span.kind} {span.name} ({seconds:.2f} s)", span.kind, _short(span, end - x))


def _short(span: Span, width: float) -> str:
    """A turn by its number, a step by what it sets, such as `half_open`; nothing where there is no room for it."""
    if span.kind == "turn":
        return span.name.partition(":")[0]
    value = span.name.rpartition(": ")[2]
    return value if len(value) * LETTER_WIDTH <= width else ""


def _round_step(raw: float) -> float:
    """The next of 1, 2, 5 × 10^n at or above `raw`."""
    power = 1e-3
    while True:
        for factor in (1, 2, 5):
            if factor * power >= raw:
                return factor * power
        power *= 10
