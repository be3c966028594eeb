"""What must hold after a run of `chaos.py`, read from its journal, its Allure results and what it printed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framework.journal.runs import JOURNAL

STATUS = {"PASS": "passed", "FAIL": "failed", "UNMEASURED": "failed", "LAB": "broken", "INVALID": "broken"}
"""Verdict → what Allure calls it; anything else is `skipped`."""
WRONG = ("FAIL", "UNMEASURED")
"""The build is good: these blame it for the lab's faults."""
EXIT_LAB = 6


@dataclass(frozen=True)
class Told:
    """What a run says of itself."""

    verdicts: dict[str, list[str]]
    """Test id → the verdict of each of its `Concluded` records."""
    scheduled: frozenset[str]
    passed: frozenset[str]
    """Tests of which a unit has ended well, with a repetition."""
    attempts: Counter[str]
    """Units that have ended, by test id."""
    handsets: Counter[str]
    """The same by handset."""


def journal(folder: Path) -> Iterator[dict[str, Any]]:
    """Its whole records: a run that was killed may have left a torn one."""
    path = folder / JOURNAL
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def size(folder: Path) -> int:
    """Of the journal, in bytes: it grows with everything that happens."""
    path = folder / JOURNAL
    return path.stat().st_size if path.exists() else 0


def units_ended(folder: Path) -> int:
    path = folder / JOURNAL
    return path.read_bytes().count(b'"kind":"UnitFinished"') if path.exists() else 0


def read(folder: Path) -> Told:
    verdicts: dict[str, list[str]] = {}
    scheduled: set[str] = set()
    passed: set[str] = set()
    attempts: Counter[str] = Counter()
    handsets: Counter[str] = Counter()
    for record in journal(folder):
        match record["kind"]:
            case "Scheduled":
                scheduled |= set(record["ids"])
            case "Concluded":
                verdicts.setdefault(record["id"], []).append(record["verdict"])
            case "UnitFinished":
                result = record["result"]
                unit = result["unit"]
                attempts[unit["id"]] += 1
                handsets[unit["handset"]["name"]] += 1
                if result["verdict"] == "PASS":
                    passed.add(unit["id"])
    return Told(verdicts, frozenset(scheduled), frozenset(passed), attempts, handsets)


def expected_exit(told: Told) -> int:
    counts = Counter(verdict for each in told.verdicts.values() for verdict in each)
    return 0 if set(counts) <= {"PASS"} else EXIT_LAB


def wrong_accounts(told: Told, tests: Collection[str]) -> list[str]:
    """Each scheduled test has ended once, and as it really did."""
    found = [] if told.scheduled == set(tests) else [f"scheduled are {len(told.scheduled)} of {len(tests)} tests"]
    for test in tests:
        verdicts = told.verdicts.get(test, [])
        if len(verdicts) != 1:
            found.append(f"{test}: {len(verdicts)} verdicts {verdicts}")
        found += [f"{test}: wrong blame, {verdict}" for verdict in verdicts if verdict in WRONG]
        if "PASS" in verdicts and test not in told.passed:
            found.append(f"{test}: PASS, and it has not run")
    found += [f"{test}: not a test of this run" for test in told.verdicts if test not in tests]
    return found


def wrong_allure(told: Told, results: Path) -> list[str]:
    """Allure's last result of each test says what its verdict says."""
    last: dict[str, dict[str, Any]] = {}
    for path in results.glob("*-result.json"):
        result = json.loads(path.read_text(encoding="utf-8"))
        name = result["fullName"]
        if name not in last or _when(last[name]) < _when(result):
            last[name] = result
    found = []
    for test, verdicts in told.verdicts.items():
        said = last.get(full_name(test), {}).get("status", "nothing")
        expected = STATUS.get(verdicts[-1], "skipped")
        if said != expected:
            found.append(f"{test}: Allure says {said}, the verdict is {verdicts[-1]}")
    return found


def full_name(test: str) -> str:
    """Allure's name for a test."""
    file, _, name = test.partition("::")
    return f"{file.removesuffix('.yaml').replace('/', '.')}#{name}"


def _when(result: dict[str, Any]) -> tuple[int, int]:
    return result.get("stop", 0), result.get("start", 0)
