"""Attempts at one test are retries to Allure, whatever they ran on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from framework.report.allure import TEST
from framework.report.allure_retries import gather_retries


def result(folder: Path, test: str, start: int, model: str, key: str) -> None:
    content = {
        "start": start,
        "historyId": key,
        "testCaseId": key,
        "labels": [{"name": TEST, "value": test}, {"name": "thread", "value": f"h{start}"}],
        "parameters": [{"name": "model", "value": model}, {"name": "build", "value": "compact 1.0.0"}],
    }
    (folder / f"{test}{start}-result.json").write_text(json.dumps(content))


def read(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / f"{name}-result.json").read_text())
    return found


def identified(found: dict[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
    """What Allure 2 and Allure 3 take for the same test."""
    parameters = [(each["name"], each["value"]) for each in found["parameters"] if not each.get("excluded")]
    return found["historyId"], found["testCaseId"], parameters


def test_a_lost_attempt_has_the_identity_of_the_last(tmp_path: Path) -> None:
    """On another model, which is kept beside; other tests and other results are left as they are."""
    result(tmp_path, "a", 1, "Fold", "a-fold")
    result(tmp_path, "a", 2, "Ten", "a-ten")
    result(tmp_path, "b", 1, "Fold", "b-fold")
    (tmp_path / "torn-result.json").write_text('{"start": 1')
    untouched = (tmp_path / "b1-result.json").read_text(), (tmp_path / "a2-result.json").read_text()
    gather_retries(tmp_path)
    lost, last = read(tmp_path, "a1"), read(tmp_path, "a2")
    assert identified(lost) == identified(last) == ("a-ten", "a-ten", [("model", "Ten"), ("build", "compact 1.0.0")])
    assert {"name": "ran on", "value": "Fold", "excluded": True} in lost["parameters"]
    assert {"name": "thread", "value": "h1"} in lost["labels"]
    assert ((tmp_path / "b1-result.json").read_text(), (tmp_path / "a2-result.json").read_text()) == untouched
    gather_retries(tmp_path)
    assert read(tmp_path, "a1") == lost
