"""The cache folder of this user."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """What lies there can be made anew."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "pocketfarm"
