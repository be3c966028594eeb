"""Temperature sensors that stand still, or go the wrong way.

Many healthy sensors are quiet: they show whole degrees, or change once in half a minute. A sensor is therefore
judged by itself (how often it changes elsewhere in the recording, how finely it reads) and by what went on meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from framework.contract.trace import Series, Span, Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.looking import Point, interval_ns, level_runs, measured, seconds, series, within
from framework.verdict.validity.rule import ENERGY, HEAT, LATENCY, Limit, Objection, Rule

FROZEN = Limit(
    "time at one value",
    10.0,
    "s",
    "skin and battery warm by up to 0.05 °C in a second of inference: 10 s hide half a degree, the grain of budgets",
)
CHANCE = Limit(
    "chance of such a stretch, from how noisy the sensor is otherwise",
    1e-5,
    "probability",
    "a recording has some hundred stretches: less than one false alarm in a hundred recordings",
)
FINE = Limit(
    "grain of a sensor that cannot stand still",
    0.01,
    "°C",
    "thermistors and their converters have noise of some thousandths of a degree",
)
FINE_CHANCE = Limit(
    "chance of such a stretch, for a sensor of that grain",
    1e-3,
    "probability",
    "it repeats itself in one of five readings, unless the recording shows otherwise; it must do so five times",
)
LOADED = Limit(
    "change of CPU load that moves the SoC's temperature",
    2.0,
    "cores",
    "two cores more are watts, and a die warms by several degrees in seconds",
)
MOVED = Limit(
    "how far a neighbour goes while a sensor stays within its grain",
    1.5,
    "°C",
    "skin, board and battery lie in one case: they follow each other within a minute or two",
)
FELL = Limit(
    "fall of a sensor while all others rise",
    0.25,
    "°C",
    "what should have risen by as much is wrong by half a degree, the grain of budgets; three times the noise of a "
    "sensor that reads in steps of 0.1 °C",
)
NOISY = 0.25
"""Share of a sensor's changes that turn back, from which on they are noise: white noise has two thirds, drift none."""

PLAUSIBLE: Mapping[str, tuple[float, float]] = {"skin_c": (-10, 75), "battery_c": (-10, 75)}
PLAUSIBLE_ANY = (-10.0, 130.0)
"""°C: a handset that is in use is not colder than a winter's day, and shuts down below the upper figure."""

STARTS_WITH = HEAT | LATENCY | ENERGY | {"throttle"}
"""What depends on the skin sensor where the scenario asks for a start temperature."""


def _frozen(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    span = measured(trace)
    if span is None:
        return
    for name, sensor in _sensors(trace).items():
        for first, last in level_runs(sensor.points):
            begin, end = sensor.points[first][0], sensor.points[last][0]
            stood_s = seconds(end - begin + (interval_ns(sensor) or 0))  # it may have begun and ended between samples
            if stood_s < FROZEN.value or end < span.start_ns or begin > span.end_ns:
                continue
            why = _cannot_be_quiet(trace, sensor, first, last)
            if why:
                shown = f"{name} showed {sensor.points[first][1]:g} °C for {seconds(end - begin):.0f} s"
                yield Objection(f"{shown}, {why}", begin, end, _spoilt(name, circumstances))


def _cannot_be_quiet(trace: Trace, sensor: Series, first: int, last: int) -> str:
    """Why a stretch at one value is none of a healthy sensor; empty where it may be."""
    stretch = Span("level", "", sensor.points[first][0], sensor.points[last][0])
    others = {name: within(other, stretch) for name, other in _sensors(trace).items() if name != sensor.name}
    if not any(len({value for _, value in points}) > 1 for points in others.values()):
        return ""  # all stand still: the reader's fault, or a handset at rest
    if _chance(sensor.points, first, last) < CHANCE.value:
        return "although it is noisy otherwise"
    if _grain(sensor.points) <= FINE.value and _fine_chance(sensor.points, first, last) < FINE_CHANCE.value:
        return f"although it reads in steps of {_grain(sensor.points):g} °C"
    if sensor.name == "soc_c" and (cores := _range(within(_load(trace), stretch))) >= LOADED.value:
        return f"although the load changed by {cores:.1f} cores"
    slow = {name: points for name, points in others.items() if name in ("skin_c", "battery_c") and points}
    for name, points in slow.items():
        if sensor.name in ("skin_c", "battery_c") and abs(_trend(points)) >= MOVED.value + 2 * _grain(sensor.points):
            return f"while {name} moved by {_trend(points):+.1f} °C"
    return ""


def _flipped(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    span = measured(trace)
    if span is None:
        return
    for name, sensor in _sensors(trace).items():
        low, high = PLAUSIBLE.get(name, PLAUSIBLE_ANY)
        wrong = [(at, value) for at, value in within(sensor, span) if not low <= value <= high]
        if wrong:
            reason = f"{name} showed {wrong[0][1]:g} °C, outside of {low:g} to {high:g}"
            yield Objection(reason, wrong[0][0], wrong[-1][0], _spoilt(name, circumstances))
            continue
        reason = _against_the_others(trace, sensor, span)
        if reason:
            yield Objection(reason, span.start_ns, span.end_ns, _spoilt(name, circumstances))


def _against_the_others(trace: Trace, sensor: Series, span: Span) -> str:
    """In words, that a sensor falls while every other rises; empty where it does not."""
    fall = -_trend(within(sensor, span))
    if fall < FELL.value:
        return ""
    others = {name: _trend(within(other, span)) for name, other in _sensors(trace).items() if name != sensor.name}
    risen = {name: trend for name, trend in others.items() if trend > 0}
    if not risen or len(risen) < len(others) or max(risen.values()) < FELL.value:
        return ""
    told = ", ".join(f"{name} {trend:+.1f}" for name, trend in risen.items())
    return f"{sensor.name} fell by {fall:.1f} °C while all others rose ({told})"


def _sensors(trace: Trace) -> dict[str, Series]:
    """The temperatures that were sampled."""
    return {name: each for name, each in trace.series.items() if name.endswith("_c") and len(each.points) > 1}


def _spoilt(name: str, circumstances: Circumstances) -> frozenset[str]:
    """The sensor's own metric; with it all that a start at a known temperature is asked for."""
    return STARTS_WITH if name == "skin_c" and circumstances.skin_below_c is not None else frozenset({name})


def _load(trace: Trace) -> Series:
    return series(trace, "cpu_busy_cores")


def _chance(points: Sequence[Point], first: int, last: int) -> float:
    """How probable it is that the sensor repeats itself so often, by the noise that it has elsewhere.

    Changes are noise if they turn back often. A sensor that only follows the heat up, and down again, has none.
    """
    elsewhere = (points[: first + 1], points[last:])
    changes = [[change for change in _changes(part) if change] for part in elsewhere]
    turns = sum(one * other < 0 for part in changes for one, other in pairwise(part))
    moved, pairs = sum(map(len, changes)), sum(map(len, elsewhere)) - len(elsewhere)
    if turns < NOISY * moved or not moved:
        return 1.0
    return float(((pairs - moved + 1) / (pairs + 2)) ** (last - first))


def _fine_chance(points: Sequence[Point], first: int, last: int) -> float:
    """How probable it is that a sensor of fine grain repeats itself so often."""
    changes = [*_changes(points[: first + 1]), *_changes(points[last:])]
    same = sum(not change for change in changes)
    return float(((same + 1) / (len(changes) + 5)) ** (last - first))


def _changes(points: Sequence[Point]) -> list[float]:
    return [after - before for (_, before), (_, after) in pairwise(points)]


def _grain(points: Sequence[Point]) -> float:
    """The smallest step of a sensor as its decimals tell: 0.001 for 27.512, 1 for 31."""
    decimals = max(len(f"{value:.4f}".rstrip("0").partition(".")[2]) for _, value in points)
    return float(10.0**-decimals)


def _range(points: Sequence[Point]) -> float:
    values = [value for _, value in points]
    return max(values) - min(values) if values else 0.0


def _trend(points: Sequence[Point]) -> float:
    """What a straight line through the points rises by from the first to the last."""
    if len(points) < 3:
        return 0.0
    mean_at = sum(at for at, _ in points) / len(points)
    mean = sum(value for _, value in points) / len(points)
    spread = sum((at - mean_at) ** 2 for at, _ in points)
    slope = sum((at - mean_at) * (value - mean) for at, value in points) / spread
    return slope * (points[-1][0] - points[0][0])


FROZEN_SENSOR = Rule(
    name="frozen_sensor",
    means="a temperature stands still although it cannot be that quiet",
    concerns="that temperature; with a start temperature asked for, all that depends on it",
    limits=(FROZEN, CHANCE, FINE, FINE_CHANCE, LOADED, MOVED),
    look=_frozen,
)
FLIPPED_SENSOR = Rule(
    name="flipped_sensor",
    means="a temperature is implausible, or falls while all others rise",
    concerns="that temperature; with a start temperature asked for, all that depends on it",
    limits=(FELL,),
    look=_flipped,
)
