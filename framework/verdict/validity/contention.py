"""What else the handset does: other processes on the CPU, and memory that they take."""

from __future__ import annotations

from collections.abc import Iterator

from framework.contract.trace import Span, Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.looking import around, average, number, series, turns
from framework.verdict.validity.rule import ENERGY, LATENCY, MEMORY, Limit, Objection, Rule

OTHERS = Limit(
    "CPU time of all other processes, mean over a turn",
    0.75,
    "cores",
    "Android at rest and our sampler take 0.2 to 0.5 of a core; one thread more beside the five of inference costs "
    "some percent of decode_tps where they meet, and about half a watt of heat where they do not",
)
AVAILABLE = Limit(
    "memory available",
    0.10,
    "of all is available",
    "below it the kernel takes back file pages, of mapped weights too, and Android ends other apps",
)
EVICTED = Limit(
    "resident file pages that were lost within a turn",
    50,
    "MB",
    "weights that were evicted are read again from storage at about 1 GB/s: 50 ms, as long as one token takes",
)
SWAPPED = Limit(
    "the process's memory that was moved to zram within a turn",
    20,
    "MB",
    "it is unpacked again at about 1 GB/s: 20 ms, 2 % of a reply of a second",
)
PACKED = Limit(
    "free swap that was lost within a turn, whoever's memory went there",
    200,
    "MB",
    "packing runs at about half a GB/s on one core: 0.4 s beside the inference",
)


def _others(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    for turn in turns(trace):
        cores = average(series(trace, "cpu_other_cores"), turn)
        if cores is not None and cores > OTHERS.value:
            reason = f"other processes took {cores:.2f} cores in turn {number(turn)}"
            yield Objection(reason, turn.start_ns, turn.end_ns, LATENCY | ENERGY)


def _pressure(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    for turn in turns(trace):
        signs = [*_short(trace, turn), *_evicted(trace, turn), *_swapped(trace, turn), *_killed(trace, turn)]
        if signs:
            reason = f"memory was short in turn {number(turn)}: {', '.join(signs)}"
            yield Objection(reason, turn.start_ns, turn.end_ns, LATENCY | MEMORY)


def _short(trace: Trace, turn: Span) -> Iterator[str]:
    total = series(trace, "mem_total_mb").points
    free = [value for _, value in around(series(trace, "mem_available_mb"), turn)]
    if total and free and min(free) < AVAILABLE.value * total[0][1]:
        yield f"{min(free):.0f} of {total[0][1]:.0f} MB available"


def _evicted(trace: Trace, turn: Span) -> Iterator[str]:
    lost = _fall(trace, "rss_file_mb", turn)
    if lost > EVICTED.value:
        yield f"{lost:.0f} MB of file pages lost"


def _swapped(trace: Trace, turn: Span) -> Iterator[str]:
    values = [value for _, value in around(series(trace, "swap_mb"), turn)]
    moved = max(values) - values[0] if values else 0.0
    if moved > SWAPPED.value:
        yield f"{moved:.0f} MB moved to zram"
    if (packed := _fall(trace, "swap_free_mb", turn)) > PACKED.value:
        yield f"{packed:.0f} MB of swap filled"


def _killed(trace: Trace, turn: Span) -> Iterator[str]:
    for instant in trace.instants:
        if instant.kind == "low_memory_kill" and turn.start_ns <= instant.device_ns <= turn.end_ns:
            yield instant.text


def _fall(trace: Trace, name: str, turn: Span) -> float:
    """How far a series fell below what it had been within a turn."""
    highest = fallen = 0.0
    for _, value in around(series(trace, name), turn):
        highest = max(highest, value)
        fallen = max(fallen, highest - value)
    return fallen


OTHER_LOAD = Rule(
    name="other_load",
    means="other processes load the CPU in a turn",
    concerns="latency, energy",
    limits=(OTHERS,),
    look=_others,
)
MEMORY_PRESSURE = Rule(
    name="memory_pressure",
    means="memory runs short in a turn: little is available, weights are evicted, pages go to zram, apps are killed",
    concerns="latency, memory",
    limits=(AVAILABLE, EVICTED, SWAPPED, PACKED),
    look=_pressure,
)
