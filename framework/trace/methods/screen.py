"""By the text on the screen, polled: it changed between the last look that lacks it and the first that has it.

Both ends are host times; their distance is turned into device time by the scale of the clocks alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from framework.contract.observed import Look, Observed
from framework.contract.trace import ClockFit
from framework.contract.turn import Estimate
from framework.trace.methods.marks import NS_PER_MS, Interval, between, rate

SHOWING_NS = 60 * NS_PER_MS
"""From a token to the text in the app's views: its own threads, and the accessibility tree that the looks read."""

GLASS_NS = 80 * NS_PER_MS
"""From the text in the app's views to the glass: the next vsync, drawing, and up to three periods of the display."""

HELD_NS = 30 * NS_PER_MS
"""Host time by which an emulated handset's clock may be held back unnoticed; a real one is not. More it tells of."""


def held_back_ns(late: Sequence[tuple[int, float]], start_ns: int) -> int:
    """Host time by which an emulated handset was further behind than `HELD_NS` since `start_ns`, at most.

    `late` is the series `emulator_late_ms`, of which each point tells of half a second of host time.
    """
    worst_ms = max((value for at, value in late if at >= start_ns), default=0.0)
    return max(0, round(worst_ms * NS_PER_MS) - HELD_NS)


def first_change(observed: Observed, host: ClockFit) -> Interval | None:
    """When the reply's first text came to the screen, in boot time; None where it was not seen."""
    return _change(observed, host, last=False)


def last_change(observed: Observed, host: ClockFit) -> Interval | None:
    """When its last text came."""
    return _change(observed, host, last=True)


def sending(observed: Observed, host: ClockFit) -> Interval:
    """When the question was sent, in boot time."""
    return _boot(observed, host, *observed.sending)


def estimates(observed: Observed, host: ClockFit, tokens: int | None = None) -> tuple[Estimate, ...]:
    """`tokens` is how many the reply has, where something else tells: the screen does not.

    The first token can be told from the screen only where the reply was seen growing: an app may show it as a whole.
    """
    first, last = first_change(observed, host), last_change(observed, host)
    if first is None or last is None:
        return ()
    # Sent and seen by one clock: what is unknown of its offset is the same in both.
    unbound = ClockFit(host.offset_ns, 0, host.scale, host.drift_ppm, host.since_host_ns)
    sent, shown = sending(observed, unbound), _change(observed, unbound, last=False)
    assert shown is not None
    found = [between("first_text_ms", sent, (shown[0], shown[1] + GLASS_NS), "screen")]
    if grows(observed.looks):
        found.append(between("ttft_ms", sent, (shown[0] - SHOWING_NS, shown[1]), "screen"))
        if tokens is not None and tokens > 1:
            steps = tokens - 1
            low, high = last[0] - first[1] - SHOWING_NS, last[1] - first[0] + SHOWING_NS
            found += rate((max(low, 0) / steps, high / steps), "screen")
    return tuple(one for one in found if one is not None)


def grows(looks: Sequence[Look]) -> bool:
    """Whether the reply was seen as a part of what it became."""
    texts = [look.text for look in looks if look.text and look.text != looks[0].text]
    return len(set(texts)) > 1 and texts[-1].startswith(texts[0].rstrip())


def _change(observed: Observed, host: ClockFit, *, last: bool) -> Interval | None:
    changes = [
        (before.began_ns, after.ended_ns)
        for before, after in pairwise(observed.looks)
        if after.text != before.text and after.text
    ]
    return _boot(observed, host, *changes[-1 if last else 0]) if changes else None


def _boot(observed: Observed, host: ClockFit, began_ns: int, ended_ns: int) -> Interval:
    held = 0 if host.scale == 1 else (HELD_NS + observed.late_ns) * host.scale
    return host.device_ns(began_ns) - host.bound_ns - held, host.device_ns(ended_ns) + host.bound_ns
