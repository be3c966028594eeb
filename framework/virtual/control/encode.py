"""A truth as JSON, piece by piece: encoding a long one must not hold the handset's time back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from framework.virtual.truth import Json, TrueEvent

T = TypeVar("T")

PIECE = 500
"""Items that are encoded in one go: about a millisecond."""

Samples = Mapping[str, Sequence[tuple[int, float]]]


async def encode(head: Json, events: Sequence[TrueEvent], samples: Samples) -> bytes:
    """`head` with `events` and `samples` (`{series: [[ns, value], …]}`) beside its own keys."""
    told = await _array(events, lambda event: event.told())
    parts = [json.dumps(head, ensure_ascii=False)[:-1], ', "events": ', told, ', "samples": {']
    for number, (name, points) in enumerate(samples.items()):
        parts += [", " if number else "", json.dumps(name), ": ", await _array(points, lambda point: point)]
    return "".join([*parts, "}}"]).encode()


async def _array(items: Sequence[T], told: Callable[[T], object]) -> str:
    pieces = []
    for first in range(0, len(items), PIECE):
        piece = [told(item) for item in items[first : first + PIECE]]
        pieces.append(json.dumps(piece, ensure_ascii=False)[1:-1])
        await asyncio.sleep(0)
    return f"[{', '.join(pieces)}]"
