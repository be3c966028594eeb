"""Fixtures of the parsers' tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

CAPTURES = Path(__file__).resolve().parents[3] / "shared" / "captures"
"""Outputs of real handsets; they lie beside the repository and are not part of it."""


@pytest.fixture
def capture() -> Callable[[str], str]:
    """Reads one capture, `KIND/FILE`; skips the test where the collection is not at hand."""

    def read(name: str) -> str:
        path = CAPTURES / name
        if not path.exists():
            pytest.skip(f"the capture {name} is not on this machine")
        return path.read_bytes().decode("utf-8", "replace")

    return read
