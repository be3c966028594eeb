"""Log lines of a build that has words of its own, read as the assistant's events."""

from __future__ import annotations

import re

from framework.contract.build import Patterns
from framework.contract.capabilities import LogLine
from framework.contract.events import AssistantEvent

NUMBERS = ("turn", "n", "tokens")


class PatternReader:
    """`turn` is the turn under way: that of lines which do not say theirs."""

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = {event: re.compile(pattern) for event, pattern in patterns.events.items()}
        self.turn = 0

    def read(self, line: LogLine, device_ns: int) -> tuple[AssistantEvent, ...]:
        """Every event whose pattern the line has; one line may tell of several."""
        found = []
        for event, pattern in self._patterns.items():
            if match := pattern.search(line.message):
                said = {name: value for name, value in match.groupdict().items() if value is not None}
                found.append(self._event(event, said, device_ns))
        return tuple(found)

    def _event(self, event: str, said: dict[str, str], device_ns: int) -> AssistantEvent:
        fields: dict[str, str | int] = {
            name: int(value) if name in NUMBERS and value.isdecimal() else value for name, value in said.items()
        }
        turn = fields.pop("turn", self.turn)
        return AssistantEvent(turn if isinstance(turn, int) else self.turn, event, device_ns, fields)
