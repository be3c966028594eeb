"""Samples as the path of an SVG: whole numbers, relative, so that a long trace stays a small page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from statistics import median
from typing import Literal

from framework.journal.sampled import Point, thinned

Style = Literal["line", "steps", "bars"]
"""How samples are joined: directly; as a value that holds until the next; or each as a bar of its own."""

GAP = 4.0
"""A line is broken where this many times the usual time between two samples has passed without one."""


def unbroken(points: tuple[Point, ...]) -> Iterator[tuple[Point, ...]]:
    """The stretches without a gap: nothing is drawn where nothing was sampled."""
    if not points:
        return
    times = [at for at, _ in points]
    pauses = [after - before for before, after in pairwise(times)]
    longest = GAP * median(pauses) if pauses else 0
    begin = 0
    for number, pause in enumerate(pauses, 1):
        if pause > longest:
            yield points[begin:number]
            begin = number
    yield points[begin:]


def path(
    points: tuple[Point, ...], style: Style, most: int, x: Callable[[int], int], y: Callable[[float], int], floor: int
) -> str:
    """The `d` of the samples; `floor` is where bars stand."""
    if style == "bars":
        kept = highest(points, most, x)
        return "".join(f"M{x(at)} {floor}V{y(value)}" for at, value in kept)
    whole = list(unbroken(points))
    shares = (max(most * len(part) // max(len(points), 1), 2) for part in whole)
    parts = (thinned(part, share) for part, share in zip(whole, shares, strict=True))
    return "".join(_stretch([(x(at), y(value)) for at, value in part], style) for part in parts)


def highest(points: Iterable[Point], most: int, x: Callable[[int], int]) -> list[Point]:
    """Of all that fall into one column of the picture the highest; of more than `most` columns the highest ones."""
    best: dict[int, Point] = {}
    for at, value in points:
        column = x(at)
        if column not in best or best[column][1] < value:
            best[column] = (at, value)
    return sorted(sorted(best.values(), key=lambda p: p[1])[-most:])


def _stretch(corners: list[tuple[int, int]], style: Style) -> str:
    """One stretch, from corner to corner; a single one is a dot."""
    (x, y), *rest = corners
    text = [f"M{x} {y}" + ("" if rest else "h0")]
    for to_x, to_y in rest:
        if style == "steps":
            text.append((f"h{to_x - x}" if to_x != x else "") + (f"v{to_y - y}" if to_y != y else ""))
        elif (to_x, to_y) != (x, y):
            text.append(f"l{to_x - x}{'' if to_y < y else ' '}{to_y - y}")
        x, y = to_x, to_y
    return "".join(text)
