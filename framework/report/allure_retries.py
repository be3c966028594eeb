"""Allure: the attempts at one test are one test with retries, also where they ran on handsets of several models.

Allure takes results for attempts at the same test when their ids are the same (Allure 2: `historyId`; Allure 3:
`testCaseId` and the parameters that are not excluded), and the model is part of both. So an attempt that was lost is
written down under the identity of the last one; on which model it really ran is kept beside.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from framework.report.allure import TEST

RAN_ON = "ran on"
"""Name of the parameter that tells the model of an attempt that was lost; excluded from the identity."""

Result = dict[str, Any]


def gather_retries(results: Path) -> None:
    """In a folder of results whose run is over."""
    attempts: dict[str, list[tuple[Path, Result]]] = {}
    for path, result in _results(results):
        for label in result.get("labels", ()):
            if label["name"] == TEST:
                attempts.setdefault(label["value"], []).append((path, result))
    for found in attempts.values():
        *lost, (_, last) = sorted(found, key=lambda attempt: int(attempt[1].get("start", 0)))
        for path, result in lost:
            if result.get("historyId") != last.get("historyId"):
                _rewrite(path, _identified(result, last))


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
