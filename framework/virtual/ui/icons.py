"""The few icons of the emulated apps, drawn as masks."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

_GRID = 24
"""Icons are drawn on Material's grid of 24 units."""

_SMOOTHING = 4


@lru_cache(maxsize=32)
def icon_mask(name: str, side: int) -> Image:
    """The icon as an alpha mask of `side` pixels."""
    from PIL import Image, ImageDraw

    big = side * _SMOOTHING
    mask = Image.new("L", (big, big), 0)
    _ICONS[name](ImageDraw.Draw(mask), big / _GRID)
    return mask.resize((side, side), Image.Resampling.LANCZOS)


def _send(draw: ImageDraw, unit: float) -> None:
    plane = [(2, 21), (23, 12), (2, 3), (2, 10), (17, 12), (2, 14)]
    draw.polygon([(x * unit, y * unit) for x, y in plane], 255)


def _microphone(draw: ImageDraw, unit: float) -> None:
    draw.rounded_rectangle((9 * unit, 2 * unit, 15 * unit, 14 * unit), 3 * unit, 255)
    draw.arc((5 * unit, 5 * unit, 19 * unit, 18 * unit), 0, 180, 255, round(2 * unit))
    draw.rectangle((11 * unit, 17 * unit, 13 * unit, 21.5 * unit), 255)


def _plus(draw: ImageDraw, unit: float) -> None:
    draw.rectangle((11 * unit, 5 * unit, 13 * unit, 19 * unit), 255)
    draw.rectangle((5 * unit, 11 * unit, 19 * unit, 13 * unit), 255)


_ICONS = {"send": _send, "microphone": _microphone, "plus": _plus}
