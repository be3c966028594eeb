"""Whether a recording can be trusted: each rule looks at a trace and gives a reason why not, or None."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median

from framework.contract.metrics import METRICS
from framework.contract.trace import Series, Span, Trace
from framework.verdict.turns import tokens

Rule = Callable[[Trace], str | None]

NS_PER_S = 1_000_000_000
MAX_TOKENS_PER_S = 1000
"""No handset decodes faster: its memory gives at most about 100 GB/s, and each token reads every weight, of which
even a tiny assistant has 100 MB."""

MAX_GAP_NS = 3 * NS_PER_S
GAP_INTERVALS = 5
"""A gap is longer than MAX_GAP_NS and than this many of the series' usual intervals."""


def emulator_late(trace: Trace) -> str | None:
    """An emulated handset that gave up device time in a turn: the host was too busy to keep it on time."""
    series = trace.series.get("emulator_slipped_ms")
    for turn in _turns(trace):
        around = _around(series, turn)
        if around and around[-1][1] > around[0][1]:
            return f"emulator late: it gave up {around[-1][1] - around[0][1]:.0f} ms in turn {turn.name}"
    return None


def impossible_rate(trace: Trace) -> str | None:
    """Tokens faster than any memory can feed them: the events are wrong."""
    for turn in sorted({event.turn for event in trace.events if event.turn > 0}):
        times = tokens([event for event in trace.events if event.turn == turn])
        if len(times) < 2:
            continue
        first, last = min(times), max(times)
        seconds = (times[last] - times[first]) / NS_PER_S
        if last - first > seconds * MAX_TOKENS_PER_S:
            return f"impossible rate: {last - first} tokens in {seconds * 1000:.3g} ms in turn {turn}"
    return None


def sampling_gap(trace: Trace) -> str | None:
    """A stretch of a turn in which a sampled metric was not read."""
    sampled = {entry.name for entry in METRICS if not entry.per_turn}
    for name in sorted(sampled & trace.series.keys()):
        usual = _usual_interval(trace.series[name])
        for turn in _turns(trace):
            gap = max((after - before for before, after in pairwise(_times(trace.series[name], turn))), default=0)
            if gap > max(MAX_GAP_NS, GAP_INTERVALS * usual):
                return f"no sample of {name} for {gap / NS_PER_S:.1f} s in turn {turn.name}"
    return None


def clipped_clock(trace: Trace) -> str | None:
    """A clock limit below nominal although the handset reports no thermal stress: it is not as fast as it seems."""
    limited = trace.series.get("throttle")
    status = trace.series.get("thermal_status")
    for turn in _turns(trace):
        for at, share in limited.points if limited else ():
            if turn.start_ns <= at <= turn.end_ns and share > 0 and not _stressed(status, at):
                return f"clock limited without thermal stress in turn {turn.name}"
    return None


def process_changed(trace: Trace) -> str | None:
    """The assistant's process was another one at the end than at the beginning of the turns."""
    series, turns = trace.series.get("pid"), _turns(trace)
    if series is None or not turns:
        return None
    pids = list(dict.fromkeys(series.between(turns[0].start_ns, turns[-1].end_ns)))
    return f"process changed: pid {pids[0]:.0f}, then {pids[1]:.0f}" if len(pids) > 1 else None


RULES: tuple[Rule, ...] = (emulator_late, impossible_rate, sampling_gap, clipped_clock, process_changed)


def doubts(trace: Trace) -> tuple[str, ...]:
    """The reasons of all rules that object, in the order of the table."""
    return tuple(reason for rule in RULES if (reason := rule(trace)) is not None)


def _turns(trace: Trace) -> tuple[Span, ...]:
    return tuple(span for span in trace.spans if span.kind == "turn")


def _around(series: Series | None, span: Span) -> list[tuple[int, float]]:
    """The points of a span, with the last one before and the first one after it."""
    points = series.points if series else ()
    before = [point for point in points if point[0] < span.start_ns][-1:]
    after = [point for point in points if point[0] > span.end_ns][:1]
    return [*before, *(point for point in points if span.start_ns <= point[0] <= span.end_ns), *after]


def _times(series: Series, span: Span) -> Iterator[int]:
    """When a series was sampled around a span; its own ends where there is no sample beyond them."""
    times = [at for at, _ in _around(series, span)]
    yield from sorted({min([*times, span.start_ns]), *times, max([*times, span.end_ns])})


def _usual_interval(series: Series) -> float:
    intervals = [after[0] - before[0] for before, after in pairwise(series.points)]
    return median(intervals) if intervals else 0


def _stressed(status: Series | None, at: int) -> bool:
    """Whether the thermal status was above 0 in the last reading before `at` or the first one after it."""
    near = _around(status, Span("instant", "", at, at))
    return any(value > 0 for _, value in near)
