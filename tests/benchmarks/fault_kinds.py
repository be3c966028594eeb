"""The faults of a benchmark: how long they last, what is said while they come, who is to blame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

TALK = [
    {"text": "What is the weather in Hanoi tomorrow?", "via": "intent", "expect": {"contains": "Hanoi"}},
    {"text": "What is twelve times seven?", "via": "intent", "expect": {"contains": "84"}},
]
SCREEN = [{**step, "via": "ui"} for step in TALK]
VOICE = [TALK[1], {"say": {"en": "What is twelve times seven?"}}]


@dataclass(frozen=True)
class Kind:
    """`lasts_s`: host seconds of those that last, from … to; `at_line`: both transports are of interest."""

    name: str
    at_line: bool = False
    lasts_s: tuple[float, float] | None = None
    size: float | None = None
    second: float | None = None
    product: bool = False
    later_s: float = 0
    """Device seconds from its begin until it is what its name says: an app that hangs for 5 s does not respond."""
    steps: Sequence[dict[str, Any]] = field(default_factory=lambda: TALK)


KINDS: tuple[Kind, ...] = (
    Kind("unplug", at_line=True, lasts_s=(0.1, 6)),
    Kind("offline", at_line=True, lasts_s=(0.1, 6)),
    Kind("unauthorized", at_line=True, lasts_s=(0.1, 6)),
    Kind("reboot", at_line=True),
    Kind("adbd_restart", at_line=True),
    Kind("slow_link", at_line=True, lasts_s=(0.5, 6), size=50, second=2000),
    Kind("stalled_stream", at_line=True, lasts_s=(0.5, 6)),
    Kind("storage_full", lasts_s=(0.5, 6), steps=VOICE),
    Kind("package_manager_dead", lasts_s=(0.1, 6)),
    Kind("instrumentation_crash", steps=SCREEN),
    Kind("app_crash", product=True),
    Kind("anr", product=True, steps=[*TALK, *TALK], later_s=5),
    Kind("low_memory_kill", product=True),
    Kind("clock_step", lasts_s=(0.1, 3), size=-2000),
    Kind("frozen_sensor"),
)
