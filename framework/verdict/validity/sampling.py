"""Samples that are missing, and samples of two processes that look like one curve."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from framework.contract.metrics import METRICS
from framework.contract.trace import Series, Span, Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.looking import (
    NS_PER_S,
    around,
    interval_ns,
    measured,
    number,
    seconds,
    seen,
    series,
    turns,
    within,
)
from framework.verdict.validity.rule import EVERYTHING, LATENCY, Limit, Objection, Rule

LONG = Limit(
    "time without a sample in a turn",
    3.0,
    "s",
    "memory grows by 1 to 2 MB in a second of decoding, skin warms by up to 0.05 °C: a gap of 3 s hides less than "
    "half a percent of the one and a sixth of a degree of the other",
)
PERIODS = Limit(
    "… and longer than this many of the probe's own periods",
    4,
    "periods",
    "slow probes are slow by design; a busy handset is late by a period or two, but loses no three samples in a row",
)
UNSEEN = Limit(
    "time without a look at the clocks, from which on latencies are unproven",
    5.0,
    "s",
    "thermal engines hold a limit for several seconds: with full clocks before and after, none hides in a shorter gap",
)
SAMPLED = tuple(entry.name for entry in METRICS if not entry.per_turn and entry.name not in ("pss_mb", "jank"))
"""PSS is read at checkpoints only, and jank only where frames are drawn."""

READ_AS = {"power_mw": "battery_ma"}
"""Power has no value while a charger feeds the handset: whether the battery was read at all, its current tells."""


def _gaps(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    for name in SAMPLED:
        sampled = trace.series.get(READ_AS.get(name, name))
        if name not in trace.series or sampled is None:
            continue
        allowed = max(LONG.value * NS_PER_S, PERIODS.value * (interval_ns(sampled) or 0))
        for turn in turns(trace):
            begin, end = max(pairwise(_times(sampled, turn)), key=lambda gap: gap[1] - gap[0])
            if end - begin > allowed:
                reason = f"no sample of {name} for {seconds(end - begin):.1f} s in turn {number(turn)}"
                yield Objection(reason, begin, end, _unseen(name, end - begin))


def _times(sampled: Series, turn: Span) -> list[int]:
    """When a series was sampled around a turn; the turn's own ends where there is no sample beyond them."""
    times = [at for at, _ in around(sampled, turn)]
    return sorted([min([*times, turn.start_ns]), *times, max([*times, turn.end_ns])])


def _unseen(name: str, gap_ns: int) -> frozenset[str]:
    """The metric itself; long without the clocks, no latency can be shown to have been measured at full clocks."""
    return frozenset({name}) | (LATENCY if name == "throttle" and seconds(gap_ns) > UNSEEN.value else frozenset())


def _process(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    span = measured(trace)
    if span is None:
        return
    sampled = series(trace, "pid")
    last = seen(sampled, turns(trace)[-1])  # of a turn that is too short for a sample, the next one tells
    pids = sorted({*within(sampled, span), *(point for point in last if point[0] >= span.start_ns)})
    for (_, before), (at, after) in pairwise(pids):
        if before != after:
            reason = f"process changed: pid {before:.0f}, then {after:.0f}, {seconds(at - span.start_ns):.1f} s in"
            yield Objection(reason, span.start_ns, span.end_ns, EVERYTHING)
            return
    for instant in trace.instants:
        if instant.kind == "reboot" and span.start_ns <= instant.device_ns <= span.end_ns:
            yield Objection(f"the handset was restarted: {instant.text}", span.start_ns, span.end_ns, EVERYTHING)


SAMPLING_GAP = Rule(
    name="sampling_gap",
    means="a probe gave no sample for a part of a turn",
    concerns="the metric without samples; latency, where the clocks were not seen for long",
    limits=(LONG, PERIODS, UNSEEN),
    look=_gaps,
)
PROCESS_CHANGED = Rule(
    name="process_changed",
    means="the assistant's process, or the whole handset, was restarted between the first turn and the last",
    concerns="everything",
    limits=(),  # another process is another memory and another conversation, however short it was away
    look=_process,
)
