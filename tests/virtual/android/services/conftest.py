"""A captured output of a real phone, where those are at hand."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

CAPTURES = "POCKETFARM_CAPTURES"
"""Environment variable: a folder with outputs of real phones, one folder for each command."""

Capture = Callable[[str], str]


@pytest.fixture
def capture() -> Capture:
    folder = os.environ.get(CAPTURES)
    if folder is None:
        pytest.skip(f"{CAPTURES} names no folder with outputs of real phones")

    def read(name: str) -> str:
        return (Path(folder) / name).read_text("utf-8", "replace").replace("\r\n", "\n")

    return read


Shape = Callable[[str], set[str]]


@pytest.fixture
def shape() -> Shape:
    """The kinds of lines in a text: each with its numbers, names and indentation taken out."""

    def kinds(text: str) -> set[str]:
        lines = (line.strip() for line in text.splitlines() if line.strip())
        return {re.sub(r"\{.*", "{", re.sub(r"-?\d[\d.]*|true|false|NaN", "#", line)).rstrip() for line in lines}

    return kinds
