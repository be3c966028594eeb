"""A captured output of a real phone, where those are at hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

CAPTURES = Path(__file__).resolve().parents[5] / "shared" / "captures"
"""Outputs of real phones, one folder for each command: beside the repository, where somebody has put them."""

Capture = Callable[[str], str]


@pytest.fixture
def capture() -> Capture:
    def read(name: str) -> str:
        path = CAPTURES / name
        if not path.is_file():
            pytest.skip(f"the capture {name} is not on this machine")
        return path.read_text("utf-8", "replace").replace("\r\n", "\n")

    return read


Shape = Callable[[str], set[str]]


@pytest.fixture
def shape() -> Shape:
    """The kinds of lines in a text: each with its numbers, names and indentation taken out."""

    def kinds(text: str) -> set[str]:
        lines = (line.strip() for line in text.splitlines() if line.strip())
        return {re.sub(r"\{.*", "{", re.sub(r"-?\d[\d.]*|true|false|NaN", "#", line)).rstrip() for line in lines}

    return kinds
