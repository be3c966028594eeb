"""Allure: results of tests that no worker could tell of, since none could run them or the one that did is gone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from uuid import uuid4

from allure_commons.model2 import Label, TestResult

from framework.contract.about import About, usual
from framework.contract.run import Conclusion
from framework.journal.account import named
from framework.redaction.redactor import Redactor
from framework.report.allure import MeantFor, describe, identify
from framework.report.allure_steps import status_of, told
from framework.report.allure_writer import NOBODY, TEST, ResultWriter


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a test that nothing tells of but its conclusion."""

    meant: MeantFor | None = None
    about: About | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """By what the results of one run are written where no test writes them."""

    results: Path
    machine: str
    build: str
    """Label of the build."""
    redactor: Redactor = field(default_factory=lambda: Redactor(active=False))
    urls: Mapping[str, str] = field(default_factory=dict)
    """See `AllureReport`."""


def write_unrun(desk: Desk, conclusion: Conclusion, known: Known | None = None) -> None:
    """Into the folder of results; named as allure-pytest names the test, so that it has its place in the history."""
    known = known or Known()
    file, *classes, name = conclusion.id.split("::")
    path = PurePosixPath(file)
    package = ".".join((*path.parent.parts, path.stem))
    now = time.time_ns() // 1_000_000
    result = TestResult(
        uuid=str(uuid4()),
        name=name,
        fullName=f"{'.'.join((package, *classes))}#{name.partition('[')[0]}",
        status=status_of(conclusion.verdict),
        statusDetails=told(conclusion.verdict, conclusion.reasons),
        start=now - round(conclusion.seconds * 1000),
        stop=now,
        labels=[Label(name=label, value=value) for label, value in _labels(path, package, desk.machine, conclusion)],
        titlePath=[*path.parts, *classes],
    )
    describe(result, known.about or usual(named(conclusion.id)[0], file), desk.urls)
    identify(result, conclusion.model, desk.build, handset=conclusion.handset, meant=known.meant)
    ResultWriter(desk.results, desk.redactor).report_result(result)


def without_result(results: Path, tests: Mapping[str, float]) -> Iterator[str]:
    """Those of which no result was written since the last attempt began, at that time in seconds since 1970.

    A worker writes it after its last word on a test: one that died in between has not. 0: any result will do.
    """
    ended_ms: dict[str, int] = {}
    for path in results.glob("*-result.json"):
        with suppress(OSError, ValueError, LookupError, TypeError):  # torn, or not ours
            result = json.loads(path.read_bytes())
            test = next(label["value"] for label in result["labels"] if label["name"] == TEST)
            ended_ms[test] = max(int(result["stop"]), ended_ms.get(test, 0))
    yield from (test for test, began_s in tests.items() if ended_ms.get(test, -1) < int(began_s * 1000))


def _labels(path: PurePosixPath, package: str, machine: str, conclusion: Conclusion) -> list[tuple[str, str]]:
    return [
        (TEST, conclusion.id),
        ("parentSuite", ".".join(path.parent.parts)),
        ("suite", path.stem),
        ("package", package),
        ("framework", "pytest"),
        ("host", machine),
        ("thread", conclusion.handset or NOBODY),
    ]
