"""What was seen of one turn from outside, and when: from this the methods of measuring make latencies."""

from __future__ import annotations

from dataclasses import dataclass

from framework.contract.events import AssistantEvent


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as a line of the log told it.

    `wall_ns` is the line's own time by the handset's wall clock, `host_ns` when the line was here by the host's
    monotonic clock. `exact` where the line itself holds the event's boot time; otherwise `event.device_ns` is a guess.
    """

    event: AssistantEvent
    wall_ns: int
    host_ns: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Look:
    """The reply as the screen showed it at some time between two times of the host's monotonic clock."""

    began_ns: int
    ended_ns: int
    text: str


@dataclass(frozen=True, slots=True)
class Observed:
    """One turn. `sending` is the host time before and after the question was sent.

    The first of the `looks` shows the screen before that. `late_ns` is host time by which an emulated handset's clock
    was further behind in the turn than it usually is.
    """

    sending: tuple[int, int]
    seen: tuple[Seen, ...] = ()
    looks: tuple[Look, ...] = ()
    late_ns: int = 0
