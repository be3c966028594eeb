"""`farm flaky`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from framework.cli import main
from framework.commands.past import opened
from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.history.flaky import past_runs
from framework.journal.runs import RunBegan, RunJournal
from framework.plugin.known_flaky import flaky_line

LONG = "suites/smoke/a_scenario_with_a_very_long_name_in_a_very_long_file.yaml::A long name, too[Xiaomi 13]"
BEGAN = RunBegan((), "/", "/", "compact 1.0", {"a.apk": "00"}, "devices.yaml", "0.1")


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Three runs: one test that changes, one that the lab spoils, one that is run again, one that is steady."""
    ends = [("PASS", "PASS", 1), ("FAIL", "LAB", 2), ("PASS", "PASS", 1)]
    for number, (own, lab, attempts) in enumerate(ends):
        journal = RunJournal(tmp_path / f"2026-11-0{number + 1}T10-00-00-7")
        journal.began(BEGAN)
        journal.concluded(Conclusion(LONG, Verdict(own), (), f"rack-{number % 2}", "Xiaomi 13"))
        journal.concluded(Conclusion("a.yaml::lab", Verdict(lab), (), "rack-0", "Xiaomi 13"))
        journal.concluded(Conclusion("a.yaml::retried", Verdict.PASS, (), "rack-0", "Xiaomi 13", attempts=attempts))
        journal.concluded(Conclusion("a.yaml::steady", Verdict.PASS, (), "rack-0", "Xiaomi 13"))
        journal.close()
    return tmp_path


def test_it_is_told_in_80_columns(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts, handsets and the last change; what is the lab's and what was run again stand apart; exit code 1."""
    status = main(["flaky", "--reports", str(reports)])
    lines = capsys.readouterr().out.splitlines()
    assert (status, max(map(len, lines)) <= 80) == (1, True)
    assert lines == [
        "4 tests in 3 runs",
        "2026-11-01T10-00-00-7 to 2026-11-03T10-00-00-7",
        "",
        "1 changed between PASS and FAIL with the same build",
        "  suites/smoke/a_scenario_with_a_very_long_name_in_a_very_long_file.yaml::A long",
        "  name, too[Xiaomi 13]",
        "    Xiaomi 13: 2 PASS, 1 FAIL",
        "    on rack-0 2 PASS; rack-1 1 FAIL",
        "    2 changes, the last FAIL → PASS with compact 1.0 in",
        "    2026-11-03T10-00-00-7",
        "",
        "1 changed because of the lab (LAB, INVALID)",
        "  a.yaml::lab",
        "    Xiaomi 13: 2 PASS, 1 LAB",
        "    on rack-0",
        "    2 changes, the last LAB → PASS with compact 1.0 in",
        "    2026-11-03T10-00-00-7",
        "",
        "1 passed only after a retry",
        "  a.yaml::retried",
        "    Xiaomi 13: 3 PASS",
        "    on rack-0",
        "    passed only after a retry in 1 run",
    ]


def test_json_says_the_same(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the changes one by one; of a single run nothing can be flaky, but for what was run again."""
    assert main(["flaky", "--reports", str(reports), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (len(told["runs"]), [test["id"] for test in told["tests"]]) == (3, [LONG, "a.yaml::lab", "a.yaml::retried"])
    first = told["tests"][0]
    assert (first["verdicts"], first["handsets"]["rack-1"]) == ({"PASS": 2, "FAIL": 1}, {"FAIL": 1})
    assert first["changes"][1] == {
        "build": "compact 1.0",
        "before": "FAIL",
        "after": "PASS",
        "run": "2026-11-03T10-00-00-7",
    }
    assert main(["flaky", "--reports", str(reports), "--runs", "1"]) == 0
    assert "4 tests in 1 run\n" in capsys.readouterr().out


def test_a_wrong_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 with what to do; a folder without runs is none."""
    assert main(["flaky", "--reports", str(tmp_path / "nowhere")]) == 2
    assert main(["flaky", "--reports", str(tmp_path), "--runs", "0"]) == 2
    assert "--reports" in capsys.readouterr().err
    assert main(["flaky", "--reports", str(tmp_path)]) == 0


def test_failures_that_are_known_as_flaky(reports: Path) -> None:
    """A line at the end of a run, of its failures only."""
    with opened(str(reports / "history.db"), reports) as history:
        earlier = past_runs(history)
    told = f"1 of 2 failures: with one build it passed and failed before: {LONG} (farm flaky)"
    assert list(flaky_line([(LONG, "Xiaomi 13"), ("a.yaml::steady", "Xiaomi 13")], earlier)) == [("flaky", told)]
    assert list(flaky_line([("a.yaml::steady", "Xiaomi 13")], earlier)) == []


def test_a_folder_that_nobody_may_write(reports: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    """Runs that a server has made, and that we may only read, tell the same; nothing is written there."""
    monkeypatch.setattr("os.access", lambda *_: False)
    assert main(["flaky", "--reports", str(reports)]) == 1
    assert capsys.readouterr().out.startswith("4 tests in 3 runs")
    assert list(reports.glob("history.db*")) == []
