"""Programs that stand in for others."""

from __future__ import annotations

from pathlib import Path


def script(path: Path, text: str) -> Path:
    """A program of the shell."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path
