"""`wm size`: the display's physical size, and the one set over it (AOSP WindowManagerShellCommand)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError

KIND = "wm_size"

_LINE = re.compile(
    r"^\s*(?P<role>Physical size:|Override size:|display (?P<id>[0-9]{1,20}):?)\s+"
    r"(?P<width>[0-9]{1,6})\s*x\s*(?P<height>[0-9]{1,6})\b",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Size:
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class DisplaySize:
    id: int
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class WmSizeDump:
    """`override` is None where no size is set over the physical one; `displays` only where they are told by id."""

    physical: Size | None
    override: Size | None
    displays: tuple[DisplaySize, ...]


def parse(text: str) -> WmSizeDump:
    """DumpError for a text without any size."""
    physical = override = None
    displays: list[DisplaySize] = []
    for match in _LINE.finditer(text):
        size = Size(int(match["width"]), int(match["height"]))
        if match["id"] is not None:
            displays.append(DisplaySize(int(match["id"]), size.width_px, size.height_px))
        elif match["role"].lower().startswith("physical"):
            physical = physical or size
        else:
            override = override or size
    if physical is None and override is None and not displays:
        raise DumpError(KIND, 1, "a line such as `Physical size: 1080x2400`")
    return WmSizeDump(physical, override, tuple(displays))
