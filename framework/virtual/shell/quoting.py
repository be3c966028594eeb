"""Writes text so that a shell reads it back."""

from __future__ import annotations

import re

PLAIN = re.compile(r"[\w@%+:,./^-]+", re.ASCII)


def quoted(text: str) -> str:
    """As mksh prints values: bare if it can be, else in single quotes."""
    if PLAIN.fullmatch(text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"
