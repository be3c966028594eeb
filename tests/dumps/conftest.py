"""Fixtures of the parsers' tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import is_dataclass
from pathlib import Path

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.kinds import parser

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


@pytest.fixture(scope="session")
def read_or_refused() -> Callable[[str, str], bool]:
    """Whether the parser of a kind gives a record for a text, or refuses it at one of its lines, in its own name.

    Any other error is not caught.
    """

    def holds(kind: str, text: str) -> bool:
        try:
            return is_dataclass(parser(kind)(text))
        except DumpError as refusal:
            return refusal.kind == kind and 1 <= refusal.line <= text.count("\n") + 2

    return holds
