"""The assistant was killed for memory: whose fault it is.

The kernel kills whom it can spare, not who took the memory. Of the memory that is not available, what the assistant
does not hold itself (its anonymous pages: mapped weights are given back for the asking) is the others'. Where they
hold more than when the session began, by a tenth of all memory, the lab's handset was taken by another app: INVALID,
and measured again. Otherwise the build needs more than this handset has to give: FAIL, even when the reply was right.
"""

from __future__ import annotations

from collections.abc import Iterator

from framework.contract.trace import Instant, Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.looking import Point, series
from framework.verdict.validity.rule import EVERYTHING, Limit, Objection, Rule

KIND = "low_memory_kill"
NAME = "killed_for_others"
TAKEN = Limit(
    "memory that other processes took since the session began",
    0.10,
    "of all memory",
    "apps that come and go in the background hold some hundred MB; a tenth of all is another app in use",
)


def kills(trace: Trace, package: str) -> list[Instant]:
    """The low-memory kills of the assistant and its own further processes."""
    mine = (f"{package} (", f"{package}:")
    return [instant for instant in trace.instants if instant.kind == KIND and package and instant.text.startswith(mine)]


def others_mb(trace: Trace) -> list[Point]:
    """What is not available and not the assistant's own, over time; empty where it was not sampled."""
    total = series(trace, "mem_total_mb").points
    own = _own_mb(trace)
    if not total:
        return []
    return [(at, total[0][1] - free - _latest(own, at)) for at, free in series(trace, "mem_available_mb").points]


def _own_mb(trace: Trace) -> list[Point]:
    """Anonymous memory of the assistant."""
    files = series(trace, "rss_file_mb").points
    return [(at, rss - _latest(files, at)) for at, rss in series(trace, "rss_mb").points]


def _latest(points: list[Point] | tuple[Point, ...], at_ns: int) -> float:
    before = [value for at, value in points if at <= at_ns]
    return before[-1] if before else 0.0


def _look(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    others = others_mb(trace)
    total = series(trace, "mem_total_mb").points
    for kill in kills(trace, circumstances.package) if others else ():
        first = others[0][1] if circumstances.others_mb is None else min(circumstances.others_mb, others[0][1])
        grown = max(value for _, value in _around(others, kill.device_ns)) - first
        if grown > TAKEN.value * total[0][1]:
            reason = f"killed for others: {kill.text}; other processes had taken {grown:.0f} MB more"
            yield Objection(reason, kill.device_ns, trace.end_ns, EVERYTHING)


def _around(points: list[Point], at_ns: int) -> list[Point]:
    """All until the kill, and the first sample after it: memory may have run out within one interval."""
    after = next((index for index, (at, _) in enumerate(points) if at > at_ns), len(points) - 1)
    return points[: after + 1]


RULE = Rule(
    name=NAME,
    means="the assistant was killed for memory that other processes had taken",
    concerns="everything",
    limits=(TAKEN,),
    look=_look,
)
