"""Manifests and baselines of packs: whatever stands there, it is read or told to be wrong."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.contract.account import RunFigures, RunHead
from framework.contract.run import BuildIdentity
from framework.report.pack.manifest import (
    FORMAT,
    VERSION,
    Entry,
    Manifest,
    Redaction,
    figures_parsed,
    figures_text,
    is_safe,
    parsed,
)

BUILD = BuildIdentity("compact", "1.0", "p", "m", {"a.apk": "00"})
MANIFEST = Manifest(
    "r", "i", 1.0, True, BUILD, (), {"python": "3"}, {"PASS": 1}, Redaction(True, {"secret": 1}, ("png",)),
    {"journal.jsonl": Entry(3, "ab")}, "before",
)  # fmt: skip
FIGURES = RunFigures(RunHead("i", "r", 1.0, 2.0, BUILD, "0.1"), values={("t", "m", "ttft_ms"): (1.0,)})

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
values = st.recursive(scalars, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=5), one))


def test_there_and_back() -> None:
    """What was written is what is read."""
    assert parsed(MANIFEST.text().encode()) == MANIFEST
    assert figures_parsed(figures_text(FIGURES).encode()) == FIGURES


@given(st.sampled_from(["format", "version", "run", "build", "handsets", "redaction", "files", "verdicts"]), values)
def test_a_manifest_with_anything_in_it(name: str, value: object) -> None:
    """Never an error of another kind than the one that is told."""
    content = {"format": FORMAT, "version": VERSION, **json.loads(MANIFEST.text())} | {name: value}
    with suppress(ValueError):
        parsed(json.dumps(content).encode())


@given(st.sampled_from(["head", "verdicts", "values", "courses"]), values)
def test_a_baseline_with_anything_in_it(name: str, value: object) -> None:
    """Nor here."""
    content = json.loads(figures_text(FIGURES)) | {name: value}
    with suppress(ValueError):
        figures_parsed(json.dumps(content).encode())


@pytest.mark.parametrize("damage", ["[" * 100_000, f'[[["t", "m", "x"], [1{"0" * 400}]]]'])
def test_a_baseline_that_breaks_readers(damage: str) -> None:
    """What Python raises other errors for, too."""
    text = figures_text(FIGURES).replace("[]", damage, 1)
    assert damage in text
    with pytest.raises(ValueError, match="damaged"):
        figures_parsed(text.encode())


@given(st.binary(max_size=200) | values.map(lambda value: json.dumps(value).encode()))
def test_anything_at_all(content: bytes) -> None:
    """Is neither."""
    for read in (parsed, figures_parsed):
        with pytest.raises(ValueError, match=r"manifest|damaged|version"):
            read(content)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("journal.jsonl", True),
        ("units/天气/ten/1-1/trace.jsonl", True),
        ("a/../b", False),
        ("../a", False),
        ("/a", False),
        ("a//b", False),
        ("a/", False),
        ("./a", False),
        ("", False),
        (".a", False),
        ("a/.b", False),
        ("a\\b", False),
        ("C:a", False),
        ("a\0b", False),
    ],
)
def test_names(name: str, expected: bool) -> None:
    """Of files that stay where they belong, on every system."""
    assert is_safe(name) == expected
