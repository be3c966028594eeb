"""One turn by every method that can measure it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from framework.contract.events import AssistantEvent
from framework.contract.observed import Observed
from framework.contract.trace import ClockFit, DeviceClocks
from framework.contract.turn import Estimate
from framework.trace.clocks import boot_ns
from framework.trace.methods import events, frames, log, screen
from framework.trace.methods.frames import Frame
from framework.trace.methods.marks import Marks, last_token


@dataclass(frozen=True, slots=True)
class Clocks:
    """Host time against boot time, and the handset's other clocks, as known at the end of the turn."""

    host: ClockFit
    device: DeviceClocks


def measure(observed: Observed, clocks: Clocks, drawn: Sequence[Frame] = ()) -> tuple[Estimate, ...]:
    """All estimates; of one metric there may be one by each method."""
    exact = [one.event for one in observed.seen if one.exact]
    by_events = events.marks(exact)
    by_log = log.marks(observed, clocks.device.wall, clocks.host)
    tokens = by_events.total or by_log.total
    found = events.estimates(exact) + log.estimates(observed, clocks.device.wall, clocks.host)
    found += screen.estimates(observed, clocks.host, tokens)
    found += _by_frames(observed, clocks, drawn, tokens)
    return found if not exact else _text_from(by_events, drawn, found)


def placed(events: Sequence[AssistantEvent], observed: Observed, clocks: Clocks) -> tuple[AssistantEvent, ...]:
    """The events of a turn in boot time: those that do not tell theirs are placed by the times of their lines."""
    at = {}
    for seen in observed.seen:
        mapped = None if seen.exact else boot_ns(clocks.device.wall, seen.wall_ns)
        if mapped is not None:
            at[id(seen.event)] = replace(seen.event, device_ns=mapped.device_ns)
    return tuple(sorted((at.get(id(event), event) for event in events), key=lambda event: event.device_ns))


def _by_frames(observed: Observed, clocks: Clocks, drawn: Sequence[Frame], tokens: int | None) -> tuple[Estimate, ...]:
    """With what the log's times, or else the screen, say of when the text came."""
    marks = log.boot_marks(observed, clocks.device.wall, clocks.host)
    first = marks.at.get("first_token") or screen.first_change(observed, clocks.host)
    whole = tokens is not None and tokens in (marks.total, max(marks.tokens, default=None))
    last = last_token(marks) if whole else screen.last_change(observed, clocks.host)
    request = marks.at.get("request") or screen.sending(observed, clocks.host)
    return () if first is None else frames.estimates(drawn, request, first, last, tokens)


def _text_from(marks: Marks, drawn: Sequence[Frame], found: tuple[Estimate, ...]) -> tuple[Estimate, ...]:
    """The first text on the glass is known best where the build itself tells when it was sent and when it came."""
    if not {"request", "first_token"} <= marks.at.keys():
        return found
    better = frames.estimates(drawn, marks.at["request"], marks.at["first_token"])
    shown = tuple(one for one in better if one.metric == "first_text_ms")
    return (*(one for one in found if not shown or (one.metric, one.method) != ("first_text_ms", "frames")), *shown)
