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

Samples = Sequence[tuple[int, Mapping[str, float]]]


async def encode(head: Json, events: Sequence[TrueEvent], samples: Samples) -> bytes:
    """`head` with `events` and `samples` (`{series: [[ns, value], …]}`) beside its own keys."""
    told = [event.told() for event in events]
    parts = [json.dumps(head, ensure_ascii=False)[:-1], ', "events": ', await _array(told), ', "samples": {']
    series = await _by_series(samples)
    for number, (name, points) in enumerate(series.items()):
        parts += [", " if number else "", json.dumps(name), ": ", await _array(points)]
    return "".join([*parts, "}}"]).encode()


async def _array(items: Sequence[object]) -> str:
    pieces = []
    for first in range(0, len(items), PIECE):
        pieces.append(json.dumps(items[first : first + PIECE], ensure_ascii=False)[1:-1])
        await asyncio.sleep(0)
    return f"[{', '.join(pieces)}]"


async def _by_series(samples: Samples) -> dict[str, list[tuple[int, float]]]:
    series: dict[str, list[tuple[int, float]]] = {}
    for number, (at_ns, values) in enumerate(samples):
        for name, value in values.items():
            series.setdefault(name, []).append((at_ns, value))
        if number % PIECE == 0:
            await asyncio.sleep(0)
    return series
