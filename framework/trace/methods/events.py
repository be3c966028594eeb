"""By the build's own event lines: each holds its boot time, so that no two clocks are compared."""

from __future__ import annotations

from collections.abc import Iterable

from framework.contract.events import AssistantEvent
from framework.contract.turn import Estimate
from framework.trace.methods.marks import Marks, gather, spans


def marks(events: Iterable[AssistantEvent]) -> Marks:
    """Boot times, as exact as the build tells them."""
    return gather((event, (event.device_ns, event.device_ns)) for event in events)


def estimates(events: Iterable[AssistantEvent]) -> tuple[Estimate, ...]:
    """What the build says of itself; the bound is the rounding to nanoseconds, and what lost lines leave open."""
    return spans(marks(events), "events")
