"""Attempts at one test are retries to Allure, whatever they ran on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from framework.report.allure_retries import gather_retries
from framework.report.allure_writer import TEST


def result(folder: Path, test: str, start: int, model: str, key: str, status: str = "passed", said: str = "") -> None:
    content = {
        "start": start,
        "status": status,
        **({"statusDetails": {"message": said}} if said else {}),
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
    untouched = (tmp_path / "b1-result.json").read_text()
    gather_retries(tmp_path)
    lost, last = read(tmp_path, "a1"), read(tmp_path, "a2")
    assert identified(lost) == identified(last) == ("a-ten", "a-ten", [("model", "Ten"), ("build", "compact 1.0.0")])
    assert {"name": "ran on", "value": "Fold", "excluded": True} in lost["parameters"]
    assert {"name": "thread", "value": "h1"} in lost["labels"]
    assert (tmp_path / "b1-result.json").read_text() == untouched
    gather_retries(tmp_path)
    assert read(tmp_path, "a1") == lost


def test_an_attempt_that_did_not_pass_is_seen_in_the_one_that_did(tmp_path: Path) -> None:
    """As a step with its status and its reason, and as flaky: nobody has to open a tab to see it. Once, however often
    the folder is put in order, as with a continued run."""
    result(tmp_path, "a", 1, "Fold", "a-fold", "broken", "LAB\nh1: connection lost")
    result(tmp_path, "a", 2, "Ten", "a-ten", "failed", "FAIL\nlate")
    result(tmp_path, "a", 3, "Ten", "a-ten")
    for _ in range(2):
        gather_retries(tmp_path)
    last = read(tmp_path, "a3")
    assert [(step["name"], step["status"]) for step in last["steps"]] == [
        ("Lost attempt 1 on h1: LAB h1: connection lost", "broken"),
        ("Lost attempt 2 on h2: FAIL late", "failed"),
    ]
    assert (last["status"], last["statusDetails"]) == ("passed", {"flaky": True})
    assert {read(tmp_path, name)["historyId"] for name in ("a1", "a2", "a3")} == {"a-ten"}


def test_a_failure_after_a_lost_attempt_stays_a_failure(tmp_path: Path) -> None:
    """It is not flaky, and its own message stays."""
    result(tmp_path, "a", 1, "Fold", "k", "broken", "LAB\ngone")
    result(tmp_path, "a", 2, "Fold", "k", "failed", "FAIL\nlate")
    gather_retries(tmp_path)
    last = read(tmp_path, "a2")
    assert (last["status"], last["statusDetails"], len(last["steps"])) == ("failed", {"message": "FAIL\nlate"}, 1)
