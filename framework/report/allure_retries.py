"""Allure: the attempts at one test are one test with retries, also where they ran on handsets of several models.

Allure takes results for attempts at the same test when their ids are the same (Allure 2: `historyId`; Allure 3:
`testCaseId` and the parameters that are not excluded), and the model is part of both. So an attempt that was lost is
written down under the identity of the last one; on which model it really ran is kept beside.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from framework.report.allure_writer import TEST

RAN_ON = "ran on"
"""Name of the parameter that tells the model of an attempt that was lost; excluded from the identity."""

LONGEST_REASON = 300
"""Characters."""

_LOST = re.compile(r"Lost attempt \d+ on ")

Result = dict[str, Any]


def gather_retries(results: Path) -> None:
    """In a folder of results whose run is over."""
    attempts: dict[str, list[tuple[Path, Result]]] = {}
    for path, result in _results(results):
        for label in result.get("labels", ()):
            if label["name"] == TEST:
                attempts.setdefault(label["value"], []).append((path, result))
    for found in attempts.values():
        *lost, (place, last) = sorted(found, key=lambda attempt: int(attempt[1].get("start", 0)))
        for path, result in lost:
            if result.get("historyId") != last.get("historyId"):
                _rewrite(path, _identified(result, last))
        told = _told(last, [result for _, result in lost])
        if lost and told != last:
            _rewrite(place, told)


def _told(last: Result, lost: list[Result]) -> Result:
    """The last attempt with a word on those before it; one that passed after others did not is flaky.

    Allure's interfaces show attempts in a tab that one has to open, and the newest counts as the test.
    """
    before = [step for step in last.get("steps", ()) if not _LOST.match(str(step.get("name", "")))]
    steps = [_step(number, result) for number, result in enumerate(lost, 1)]
    flaky = last.get("status") == "passed" and any(result.get("status") in ("failed", "broken") for result in lost)
    details = {"statusDetails": {**last.get("statusDetails", {}), "flaky": True}} if flaky else {}
    return last | details | {"steps": [*steps, *before]}


def _step(number: int, result: Result) -> Result:
    """An attempt that did not count, as a step: its status, its reason, and where it ran."""
    message = str(result.get("statusDetails", {}).get("message", "")) or str(result.get("status", ""))
    told = " ".join(message.split())[:LONGEST_REASON]
    where = next((label["value"] for label in result.get("labels", ()) if label["name"] == "thread"), "")
    step = {"name": f"Lost attempt {number} on {where}: {told}", "status": result.get("status", "broken")}
    return step | {name: result[name] for name in ("start", "stop") if name in result}


def _identified(result: Result, last: Result) -> Result:
    """With the parameters and ids of the last attempt."""
    models = [each["value"] for each in result.get("parameters", ()) if each["name"] == "model"]
    ran_on = [{"name": RAN_ON, "value": model, "excluded": True} for model in models]
    ids = {name: last[name] for name in ("historyId", "testCaseId") if name in last}
    return result | ids | {"parameters": [*last.get("parameters", ()), *ran_on]}


def _results(folder: Path) -> Iterator[tuple[Path, Result]]:
    for path in sorted(folder.glob("*-result.json")):
        try:
            yield path, json.loads(path.read_text(encoding="utf-8"))
        except ValueError:  # torn by a killed process
            continue


def _rewrite(path: Path, result: Result) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    part.replace(path)
