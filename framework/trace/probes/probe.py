"""What a probe is: a piece of the on-device loop, and the reading of what it prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from framework.contract.trace import Instant
from framework.trace.clocks import ClockWatch


@dataclass(frozen=True, slots=True)
class Scene:
    """What a reader may know of the recording that it reads for."""

    package: str
    clocks: ClockWatch


@dataclass(frozen=True, slots=True)
class Reading:
    """What one output of a probe told: values at their device_ns, and what happened.

    `refused` is why the handset does not give this signal at all; the probe is then dropped.
    """

    points: tuple[tuple[int, Mapping[str, float]], ...] = ()
    instants: tuple[Instant, ...] = ()
    refused: str | None = None


Reader = Callable[[int, str], Reading]
"""Called with the device_ns at which the probe ran and what it printed; may remember what it read before."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One signal of the handset.

    `available` is a shell condition, tried once a handset; a probe for which it fails is dropped with a note.
    `setup` runs once, before the loop, and may set variables for `script`, which runs every `period_s` device seconds
    and leaves its output in `$text`; `$pid` is the assistant's process (empty when it is gone), `$package` its name.
    `commands` counts the programs that one reading starts: files are read by the shell itself, which forks nothing.
    """

    name: str
    available: str
    script: str
    reader: Callable[[Scene], Reader]
    period_s: float = 0.2
    setup: str = ""
    commands: int = 0
    units: Mapping[str, str] | Callable[[str], str] = lambda _: ""

    def unit(self, series: str) -> str:
        """The unit of one of its series, "" for a number without one."""
        return self.units(series) if callable(self.units) else self.units.get(series, "")


def plain(read: Callable[[str], Mapping[str, float]]) -> Callable[[Scene], Reader]:
    """The reader of a probe that remembers nothing: one point, or none for what the handset did not print."""

    def at(device_ns: int, text: str) -> Reading:
        values = read(text)
        return Reading(((device_ns, values),)) if values else Reading()

    return lambda scene: at
