"""Names of files, out of what people and handsets write."""

from __future__ import annotations

import re

LONGEST_NAME = 80


def safe_name(text: str) -> str:
    """A file name that stays in its folder, whatever `text` is."""
    name = re.sub(r"[^\w.-]+", "-", text).strip(".-")
    return name[:LONGEST_NAME] or "unnamed"
