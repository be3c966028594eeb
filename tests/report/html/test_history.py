"""Allure's history: a line a run."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from framework.report.html import history
from framework.report.html.history import RunsBefore


def reported(file: Path, run: str, began_at: float, result: str = "passed") -> list[str]:
    """Make a report of a run, as Allure does it; the names of the runs that it told of beside it."""
    before, copy = RunsBefore(file, run, began_at), file.with_name("copy.jsonl")
    before.copy_to(copy)
    told = [entry["name"] for entry in entries(copy)]
    with copy.open("a") as appended:
        line = {"uuid": "u", "name": run, "timestamp": 9e12, "testResults": {"t": result}}
        appended.write(json.dumps(line, ensure_ascii=False) + "\n")  # as JavaScript writes it
    before.take_from(copy, lambda _: None, time.monotonic() + 5)
    return told


def entries(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text().split("\n") if line]


def test_a_line_a_run(tmp_path: Path) -> None:
    """However often and in which order they are reported; each report tells of the runs that began before."""
    file = tmp_path / "history.jsonl"
    assert reported(file, "b", 20) == []
    assert reported(file, "c", 30) == ["b"]
    assert reported(file, "a", 10) == []
    assert reported(file, "c", 30, "failed") == ["a", "b"]
    assert reported(file, "b", 20) == ["a"]
    assert [(one["name"], one["timestamp"], one["testResults"]) for one in entries(file)] == [
        ("a", 10_000, {"t": "passed"}),
        ("b", 20_000, {"t": "passed"}),
        ("c", 30_000, {"t": "failed"}),
    ]


def test_the_last_runs_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By number, and by size; the newest in any case."""
    file = tmp_path / "history.jsonl"
    monkeypatch.setattr(history, "RUNS", 3)
    for number in range(1, 6):
        reported(file, str(number), number)
    assert [one["name"] for one in entries(file)] == ["3", "4", "5"]
    monkeypatch.setattr(history, "LARGEST_BYTES", 10)
    reported(file, "6", 6)
    assert [one["name"] for one in entries(file)] == ["6"]


def test_what_is_torn(tmp_path: Path) -> None:
    """Half a line, or a line of somebody else's, costs no report; a letter that ends lines elsewhere ends none here."""
    file = tmp_path / "history.jsonl"
    reported(file, "a\u2028b", 10)
    with file.open("a") as torn:
        torn.write('{"name": "other", "timestamp": 1}\n[]\n{"uuid": "half')
    assert reported(file, "c", 20) == ["a\u2028b"]
    assert [one["name"] for one in entries(file)] == ["a\u2028b", "c"]


def test_allure_that_appends_nothing(tmp_path: Path) -> None:
    """What is known of a run stays."""
    file = tmp_path / "history.jsonl"
    reported(file, "a", 10)
    before, copy = RunsBefore(file, "b", 20), tmp_path / "copy.jsonl"
    before.copy_to(copy)
    before.take_from(copy, lambda _: None, time.monotonic() + 5)
    assert [one["name"] for one in entries(file)] == ["a"]


def test_a_folder_that_takes_nothing(tmp_path: Path) -> None:
    """It is told, and no more."""
    told: list[str] = []
    copy = tmp_path / "copy.jsonl"
    copy.write_text('{"uuid": "u", "name": "a", "timestamp": 1}\n')
    RunsBefore(tmp_path / "none" / "history.jsonl", "a", 1).take_from(copy, told.append, time.monotonic() + 5)
    assert told == [f"{tmp_path}/none/history.jsonl was not written: No such file or directory"]
