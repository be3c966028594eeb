"""A truth as JSON, piece by piece: encoding a long one must not hold the handset's time back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.virtual.truth import Json, TrueEvent

PIECE = 500
"""Items that are encoded in one go: about a millisecond."""

Samples = Mapping[str, Sequence[tuple[int, float]]]


async def encode(head: Json, events: Sequence[TrueEvent], samples: Samples) -> bytes:
    """`head` with `events` and `samples` (`{series: [[ns, value], …]}`) beside its own keys."""
    told = [event.told() for event in events]
    parts = [json.dumps(head, ensure_ascii=False)[:-1], ', "events": ', await _array(told), ', "samples": {']
    for number, (name, points) in enumerate(samples.items()):
        parts += [", " if number else "", json.dumps(name), ": ", await _array(points)]
    return "".join([*parts, "}}"]).encode()


async def _array(items: Sequence[object]) -> str:
    pieces = []
    for first in range(0, len(items), PIECE):
        pieces.append(json.dumps(items[first : first + PIECE], ensure_ascii=False)[1:-1])
        await asyncio.sleep(0)
    return f"[{', '.join(pieces)}]"
