"""No handset decodes faster than its memory can deliver the weights, nor answers before it has read them once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from framework.contract.events import AssistantEvent
from framework.contract.trace import Trace
from framework.verdict.turns import tokens
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.looking import NS_PER_S, number, turns
from framework.verdict.validity.rule import ENERGY, LATENCY, Limit, Objection, Rule

BANDWIDTH_GB_S: Mapping[str, float] = {
    "SM8650": 76.8,  # Snapdragon 8 Gen 3, LPDDR5X-4800
    "pineapple": 76.8,
    "SM8550": 67.0,  # 8 Gen 2, LPDDR5X-4200
    "kalama": 67.0,
    "SM8475": 51.2,  # 8+ Gen 1, LPDDR5-3200
    "SM8450": 51.2,  # 8 Gen 1
    "taro": 51.2,
    "SM8350": 51.2,  # 888
    "lahaina": 51.2,
    "SM8250": 44.0,  # 865, LPDDR5-2750
    "kona": 44.0,
}
"""ro.soc.model or ro.board.platform → peak of the memory, 10^9 bytes/s: four channels of 16 bits at its data rate."""

UNKNOWN_SOC = Limit(
    "peak bandwidth of a handset that is not in the table",
    100.0,
    "GB/s",
    "the fastest memory of handsets (LPDDR5X-10667 on 64 bits) has 85; the rest is margin for the next one",
)
SMALLEST_WEIGHTS = Limit(
    "weights of a model of unknown size",
    0.1,
    "GB",
    "even a tiny assistant has 100 million parameters of 8 bits",
)
BEYOND = Limit(
    "weights read in a second",
    1.0,
    "of the peak bandwidth",
    "the best that was measured on phones is 0.65; the rest is margin for parts of the weights that a token does "
    "not need, such as an embedding table",
)


def _look(trace: Trace, circumstances: Circumstances) -> Iterator[Objection]:
    gigabytes = (circumstances.weight_bytes or SMALLEST_WEIGHTS.value * 1e9) / 1e9
    bandwidth = BANDWIDTH_GB_S.get(circumstances.soc, UNKNOWN_SOC.value)
    fastest = BEYOND.value * bandwidth / gigabytes
    basis = f"{gigabytes:.3g} GB of weights at {bandwidth:g} GB/s allow {fastest:.3g}"
    for turn in turns(trace):
        events = [event for event in trace.events if str(event.turn) == number(turn)]
        rate = _rate(events)
        if rate is not None and rate > fastest:
            reason = f"impossible rate in turn {number(turn)}: {rate:.3g} tokens/s, where {basis}"
            yield Objection(reason, turn.start_ns, turn.end_ns, LATENCY | ENERGY)
        elif (early := _first_token_s(events)) is not None and early < 1 / fastest:
            reason = (
                f"impossible first token in turn {number(turn)}: after {early * 1000:.3g} ms, where {basis} tokens/s"
            )
            yield Objection(reason, turn.start_ns, turn.end_ns, LATENCY | ENERGY)


def _rate(events: Sequence[AssistantEvent]) -> float | None:
    """Tokens a second from the first to the last; infinite where they came at one instant."""
    times = tokens(events)
    if len(times) < 2:
        return None
    first, last = min(times), max(times)
    elapsed_s = (times[last] - times[first]) / NS_PER_S
    return (last - first) / elapsed_s if elapsed_s > 0 else float("inf")


def _first_token_s(events: Sequence[AssistantEvent]) -> float | None:
    """From the request to the first token."""
    at = {event.event: event.device_ns for event in reversed(events)}
    if "request" not in at or "first_token" not in at:
        return None
    return (at["first_token"] - at["request"]) / NS_PER_S


RULE = Rule(
    name="impossible_rate",
    means="tokens come faster, or the first one earlier, than the memory can deliver the weights",
    concerns="latency, energy",
    limits=(BEYOND, UNKNOWN_SOC, SMALLEST_WEIGHTS),
    look=_look,
)
