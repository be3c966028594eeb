"""Figures as they are written for people: as many digits as the measurement carries."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from framework.contract.trace import Doubt
from framework.contract.turn import Estimate, TurnRecord

LATENCY = ("ttft_ms", "tpot_ms", "decode_tps", "total_ms", "asr_final_ms", "first_audio_ms", "first_text_ms")


def concerns(doubt: Doubt) -> str:
    """The metrics that a doubt names, all latencies in one word."""
    latency = ["latency"] if doubt.metrics.issuperset(LATENCY) else []
    others = doubt.metrics - set(LATENCY) if latency else doubt.metrics
    return ", ".join((*latency, *sorted(others))) or "everything that was measured"


def within(bound_ns: int) -> str:
    """`± 0.18 ms`, `± 105 ms`: a bound of time."""
    milliseconds = bound_ns / 1e6
    return f"± {milliseconds:.0f} ms" if milliseconds >= 10 else f"± {milliseconds:.2g} ms"


def number(value: float) -> str:
    """Four digits at most behind which nothing was measured: 1310, 31.25, 0.5."""
    if not math.isfinite(value):
        return "?"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def brief(value: float) -> str:
    """Three digits at most behind which nothing was measured, for an overview: 1310, 98.2, 0.5."""
    if not math.isfinite(value):
        return "?"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def bounded(value: float, bound: float) -> str:
    """`412.3 ± 0.1`: no digit that the bound makes meaningless."""
    if not math.isfinite(bound) or bound <= 0:
        return number(value)
    places = min(max(-math.floor(math.log10(bound)), 0), 3)
    return f"{value:.{places}f} ± {max(bound, 10.0**-places):.{places}f}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One metric of a turn: the figure that counts, by which method, what the others say, and who objects."""

    figure: str
    method: str = ""
    others: tuple[str, ...] = ()
    objections: tuple[str, ...] = ()


def cell(turn: TurnRecord, metric: str, doubts: Iterable[Doubt]) -> Cell:
    """An empty figure: not measured."""
    estimates = sorted((one for one in turn.estimates if one.metric == metric), key=lambda one: one.bound)
    value = turn.metrics.get(metric)
    if value is None and not estimates:
        return Cell("")
    best = _counted(estimates, value)
    others = tuple(f"{bounded(one.value, one.bound)} {one.method}" for one in estimates if one is not best)
    objections = tuple(dict.fromkeys(doubt.rule for doubt in objecting(turn, metric, doubts)))
    if best is None:
        return Cell("" if value is None else number(value), "", others, objections)
    return Cell(bounded(best.value, best.bound), best.method, others, objections)


def objecting(turn: TurnRecord, metric: str, doubts: Iterable[Doubt]) -> list[Doubt]:
    """The doubts about a metric that fall into a turn."""
    return [
        doubt
        for doubt in doubts
        if doubt.concerns(metric) and doubt.start_ns <= turn.end_ns and doubt.end_ns >= turn.start_ns
    ]


def _counted(estimates: list[Estimate], value: float | None) -> Estimate | None:
    """The estimate that the turn's metric was taken from: the most exact one of that value."""
    if value is None:
        return estimates[0]
    return next((one for one in estimates if math.isclose(one.value, value, rel_tol=1e-9)), None)
