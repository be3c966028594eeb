"""The window of `adb shell` as its client tells it (AOSP packages/modules/adb/client/commandline.cpp)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SIZE = re.compile(rb"(\d{1,5})x(\d{1,5}),(\d{1,5})x(\d{1,5})\0?")


@dataclass(frozen=True, slots=True)
class WindowSize:
    rows: int
    columns: int
    pixels: tuple[int, int]
    """Width and height."""


def read_window_size(data: bytes) -> WindowSize | None:
    """`ROWSxCOLUMNS,WIDTHxHEIGHT` with numbers of 16 bits; None for anything else."""
    match = _SIZE.fullmatch(data)
    if match is None:
        return None
    rows, columns, width, height = map(int, match.groups())
    if max(rows, columns, width, height) > 0xFFFF:
        return None
    return WindowSize(rows, columns, (width, height))
