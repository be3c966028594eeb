"""The event lines of a cooperating assistant: one JSON object a line under one logcat tag."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

EVENT_TAG = "AssistantEvent"
EVENT_VERSION = 1
EVENT_NAMES: tuple[str, ...] = (
    "ready",
    "reset",
    "wake",
    "speech_start",
    "speech_end",
    "asr_partial",
    "asr_final",
    "request",
    "first_token",
    "token",
    "reply",
    "first_audio",
    "audio_end",
    "error",
)


@dataclass(frozen=True, slots=True)
class AssistantEvent:
    """Something that the assistant did.

    `turn` counts from 1 within a conversation (0: outside any turn); `device_ns` is the handset's boot time
    (elapsedRealtimeNanos); `fields` holds the rest of the line, such as `text` or `n`.
    """

    turn: int
    event: str
    device_ns: int
    fields: Mapping[str, Any] = field(default_factory=dict)


def encode_event(event: AssistantEvent) -> str:
    """The line that a build logs for `event`."""
    head = {"v": EVENT_VERSION, "turn": event.turn, "event": event.event, "ns": event.device_ns}
    return json.dumps(head | dict(event.fields), ensure_ascii=False, separators=(",", ":"))


def decode_event(line: str) -> AssistantEvent | None:
    """The event of a logged line, or None for a line that is not one (other versions, broken JSON, wrong types)."""
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict) or raw.pop("v", None) != EVENT_VERSION:
        return None
    turn, event, ns = raw.pop("turn", 0), raw.pop("event", None), raw.pop("ns", None)
    whole = all(isinstance(number, int) and not isinstance(number, bool) for number in (turn, ns))
    return AssistantEvent(turn, event, ns, raw) if whole and event in EVENT_NAMES else None
