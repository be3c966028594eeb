"""What a run that was broken off has left in its folder, put in order before the run is continued."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from allure_commons.model2 import Status

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.journal.lines import read_lines
from framework.journal.places import RECORDING, UNITS
from framework.report.allure_writer import NOBODY, TEST

ASIDE = "interrupted"
"""Folder of recordings that do not count, because their tests are run again."""

VERDICTS: Mapping[str, Verdict] = {
    Status.PASSED: Verdict.PASS,
    Status.FAILED: Verdict.FAIL,
    Status.BROKEN: Verdict.LAB,
    Status.SKIPPED: Verdict.NOT_RUN,
}
"""What the status of a test says that has no verdict of its own: one in Python."""


def set_aside(run_folder: Path, is_done: Callable[[str], bool], time: int) -> Mapping[str, int]:
    """Move the recordings of tests that are not done to `interrupted/TIME/`; test → how many recordings.

    Whole ones and those that broke off alike: the test makes them all anew, in the same places.
    """
    moved: Counter[str] = Counter()
    for folder in _recordings(run_folder / UNITS):
        test = _test_of(folder / RECORDING)
        if test is None or not is_done(test):
            place = run_folder / ASIDE / str(time) / folder.relative_to(run_folder / UNITS)
            place.parent.mkdir(parents=True, exist_ok=True)
            folder.rename(place)
            moved[test or "unknown"] += 1
    return moved


def _recordings(units: Path) -> Iterator[Path]:
    yield from sorted(folder for folder in units.glob("*/*/*") if folder.is_dir())


def _test_of(recording: Path) -> str | None:
    """The test of a recording, from its first line; None where that was never written."""
    with suppress(OSError, LookupError, TypeError):
        for _, record in read_lines(recording):
            return None if record is None else str(record["unit"]["id"])
    return None


def remove_torn(results: Path) -> int:
    """Remove what a killed process has only half written into Allure's folder; how many files it was."""
    torn = [*results.glob("*.tmp"), *results.glob(".*.part")]
    for path in torn:
        path.unlink(missing_ok=True)
    return len(torn)


def set_results_aside(run_folder: Path, results: Path, tests: Collection[str], time: int) -> None:
    """Move Allure's results of tests that nothing had run: once something has, they would say so beside it."""
    for path in results.glob("*-result.json") if tests else ():
        with suppress(OSError, ValueError, LookupError, TypeError):
            labels = json.loads(path.read_bytes())["labels"]
            if any(label["name"] == TEST and label["value"] in tests for label in labels):
                place = run_folder / ASIDE / str(time) / results.name / path.name
                place.parent.mkdir(parents=True, exist_ok=True)
                path.rename(place)


def told_by_allure(results: Path) -> Mapping[str, Conclusion]:
    """Test → what its latest whole result in Allure's folder says."""
    told: dict[str, tuple[int, Conclusion]] = {}
    for path in results.glob("*-result.json"):
        with suppress(OSError, ValueError, LookupError, TypeError):
            result = json.loads(path.read_bytes())
            conclusion = _conclusion(result)
            if conclusion.id not in told or told[conclusion.id][0] < result["stop"]:
                told[conclusion.id] = result["stop"], conclusion
    return {test: conclusion for test, (_, conclusion) in told.items()}


def _conclusion(result: Mapping[str, Any]) -> Conclusion:
    labels = {label["name"]: label["value"] for label in result["labels"]}
    parameters = {parameter["name"]: parameter["value"] for parameter in result.get("parameters", ())}
    message = str(result.get("statusDetails", {}).get("message", ""))
    verdict = next((verdict for verdict in Verdict if message.startswith(verdict.value)), VERDICTS[result["status"]])
    return Conclusion(
        labels[TEST],
        verdict,
        tuple(message.removeprefix(verdict.value).strip().splitlines()[:1]),
        labels["thread"] if "model" in parameters and labels["thread"] != NOBODY else "",
        parameters.get("model", ""),
        round((result["stop"] - result["start"]) / 1000, 3),
    )
