"""Sizes as people read them."""

from __future__ import annotations


def human(size: float, unit: int = 1024) -> str:
    """Three digits at most and a letter: `512`, `1.5K`, `12M` (toybox lib.c, human_readable)."""
    letters = " KMGTPE"
    power = 0
    while size >= 1000 and power < len(letters) - 1:
        size /= unit
        power += 1
    if power == 0:
        return str(int(size))
    text = f"{size:.1f}" if size < 9.95 else f"{size:.0f}"
    return text + letters[power]
