"""The tests that `farm plan` plans: of suites, as pytest collects them, or of a file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from framework.commands.past import is_empty, opened, places
from framework.contract.errors import UsageError
from framework.contract.workload import read_durations, read_workload
from framework.fleet.planning.plan import Task
from framework.plugin.collected import read_tests
from framework.plugin.listing import PROBLEMS

NOTHING_COLLECTED = 5
COLLECTING_TIMEOUT_S = 300
Known = Mapping[str, Mapping[str, float]]
"""Test → model, "" for any → seconds."""


def known_durations(file: Path | None, history: str | None = None) -> Known:
    """Of a file, or of the last runs in the history of a folder of reports, or in that which pytest would ask."""
    if file is not None and not file.is_dir():
        return {test: {"": seconds} for test, seconds in read_durations(file).items()}
    found: dict[str, dict[str, float]] = {}
    for (test, model), seconds in _recorded(*places(history, None if file is None else str(file))).items():
        found.setdefault(test, {})[model] = seconds
    return found


def _recorded(where: str, reports: Path) -> Mapping[tuple[str, str], float]:
    from framework.history.durations import durations

    if is_empty(where, reports):
        return {}
    with opened(where, reports) as recorded:
        return durations(recorded)


def tasks_of_file(path: Path, known: Known) -> list[Task]:
    """What the file says of a test counts; UsageError with all its faults."""
    return [
        Task(
            test.id,
            test.needs,
            {"": test.seconds} if test.seconds is not None else _known(test.id, known),
            test.measured,
            test.model,
        )
        for test in read_workload(path)
    ]


def tasks_of_suites(suites: Sequence[str], devices: Path, known: Known) -> list[Task]:
    """As pytest collects them; UsageError with what it says against them. Among `suites` may be options of pytest."""
    with TemporaryDirectory(prefix="farm-plan-") as folder:
        listing = ("-p", "framework.plugin.listing", "--list-into", folder, "--collect-only", "-q")
        command = [sys.executable, "-m", "pytest", *listing, "--devices", str(devices), *suites]
        collected = _run(command)
        if collected.returncode == NOTHING_COLLECTED:
            raise UsageError(f"no tests in {' '.join(suites)}")
        if collected.returncode != 0:
            raise UsageError(*_problems(Path(folder) / PROBLEMS, collected))
        tests = read_tests(Path(folder))
    return [
        Task(test.id, test.needs, _known(test.id, known), test.measured, test.model, test.handset) for test in tests
    ]


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=COLLECTING_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise UsageError(f"pytest has not collected the tests within {COLLECTING_TIMEOUT_S} s") from None


def _known(test: str, known: Known) -> Mapping[str, float]:
    """What is known of a test that is not for one model is known of all: its mean stands under ""."""
    by_model = known.get(test, {})
    return {"": fmean(by_model.values()), **by_model} if by_model else {}


def _problems(file: Path, collected: subprocess.CompletedProcess[str]) -> list[str]:
    """What pytest could not collect, else what it says against its command line."""
    if file.exists():
        problems: list[str] = json.loads(file.read_text(encoding="utf-8"))
        return problems
    said = (collected.stderr.strip() or collected.stdout.strip()).splitlines()
    return [line.removeprefix("ERROR: ") for line in said if line.strip()] or ["pytest could not collect the tests"]
