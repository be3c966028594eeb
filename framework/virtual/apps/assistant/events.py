"""The assistant's event lines in the handset's log, and the same events in the truth about the handset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framework.contract.events import EVENT_TAG, AssistantEvent, encode_event

if TYPE_CHECKING:
    from framework.virtual.android.logd import LogBuffer
    from framework.virtual.system.processes import Process
    from framework.virtual.truth import Truth

_LONGEST_TEXT = 800
"""Characters of one text field: a log entry ends at 4068 bytes, and a line cut short would be no JSON."""


class EventLog:
    """Writes event lines; `at_ns` is the time of the event, `seen_ns` when the app knew of it, if that was later."""

    def __init__(self, log: LogBuffer, truth: Truth, process: Process) -> None:
        self._log = log
        self._truth = truth
        self._process = process

    def emit(self, event: str, turn: int, at_ns: int, *, seen_ns: int | None = None, **fields: Any) -> None:
        fitting = {name: _fitting(value) for name, value in fields.items()}
        line = encode_event(AssistantEvent(turn, event, at_ns, fitting))
        process, logged_ns = self._process, at_ns if seen_ns is None else seen_ns
        self._truth.record(event, at_ns, turn=turn, **fields)
        self._log.write(EVENT_TAG, "I", line, pid=process.pid, uid=process.uid, ns=logged_ns)


def _fitting(value: object) -> object:
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return value[: _LONGEST_TEXT - 1] + "…"
    return value
