"""`farm history`."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from support.accounts import BUILD, OTHER, account, judged

from framework.cli import main
from framework.contract.verdict import Verdict
from framework.history import open_history

DAY_S = 86400.0


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three runs, of 100 days ago, of 2 days ago with another build, and of today."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports").mkdir()
    both = [judged("suites/a.yaml::A"), judged("suites/b.yaml::B", Verdict.FAIL)]
    with open_history(tmp_path / "reports" / "history.db") as history:
        for id, days, build in (("old", 100, BUILD), ("before", 2, OTHER), ("now", 0, BUILD)):
            history.record(account(id, time.time() - days * DAY_S, both, build, finished=id != "now"))
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["history", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_list(where: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The newest first, with their builds and verdicts."""
    assert main(["history", "list", "--last", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[::2] == ["run-now  compact 1.0  (not finished)", "run-before  compact 1.1"]
    assert lines[1].endswith("  1 PASS, 1 FAIL")
    assert [run["id"] for run in told(capsys, "list")["runs"]] == ["now", "before", "old"]


def test_show(where: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One run, what failed and what was measured, beside its baseline; without serial numbers."""
    assert main(["history", "show", "latest"]) == 0
    out = capsys.readouterr().out
    for words in (
        "baseline  run-before, compact 1.1",
        "handset   ten: Xiaomi Mi 10, Android 13, emulated",
        "FAIL suites/b.yaml::B on ten: why",
        "Mi 10: median and 95th percentile, and the baseline's median",
    ):
        assert words in out
    assert max(map(len, out.splitlines())) <= 80
    shown = told(capsys, "show", "run-n")
    assert (shown["verdicts"], shown["baseline"]["name"], len(shown["tests"])) == (
        {"PASS": 1, "FAIL": 1}, "run-before", 2,
    )  # fmt: skip
    assert "SERIAL" not in out + json.dumps(shown)
    assert {figure["metric"]: figure["values"] for figure in shown["figures"]} == {
        "ttft_ms": 4,
        "tpot_ms": 4,
        "rss_mb": 2,
    }


def test_prune(where: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By age or by number, and first of all only told."""
    assert [run["id"] for run in told(capsys, "prune", "--older-than", "90d", "--dry-run")["removed"]] == ["old"]
    assert [run["id"] for run in told(capsys, "prune", "--older-than", "12w")["removed"]] == ["old"]
    assert main(["history", "prune", "--keep", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 run removed"
    assert [run["id"] for run in told(capsys, "list")["runs"]] == ["now"]
    assert main(["history", "prune", "--keep", "1"]) == 0
    assert capsys.readouterr().out == "nothing to remove\n"


def test_sync(where: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a killed run has left is read, and named as it is."""
    from framework.contract.run import Conclusion
    from framework.journal.runs import RunBegan, RunJournal

    journal = RunJournal(where / "reports" / "2026-01-01T08-00-00-7")
    journal.began(RunBegan((), "/", "/", "compact 1.0", {}, "devices.yaml", "0.1", id="killed"))
    journal.concluded(Conclusion("a", Verdict.PASS))
    journal.close()
    assert main(["history", "sync"]) == 0
    assert capsys.readouterr().out.splitlines() == ["reading 2026-01-01T08-00-00-7", "reports/history.db knows 4 runs"]
    assert told(capsys, "sync") == {"history": "reports/history.db", "runs": 4, "imported": []}


def test_who_only_looks_makes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first run: it is said, and no folder or file appears."""
    monkeypatch.chdir(tmp_path)
    assert main(["history", "list"]) == 0
    assert capsys.readouterr().out.startswith("no runs yet: run pytest first")
    assert main(["history", "show", "latest", "--history", "typo/history.db"]) == 2
    assert f"no run 'latest' in {tmp_path}/typo/history.db; there is none yet" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (
            ["show", "nobody"],
            2,
            "no run 'nobody' in reports/history.db; the last ones are run-now, run-before, run-",
        ),
        (["prune", "--keep", "0"], 2, "--keep: expected a number above 0, not 0"),
        (["list", "--history", "redis://lab"], 2, "not redis://"),
        (["list", "--history", "postgresql://qa:s3cr3t@127.0.0.1:1/farm"], 3, "does the server run"),
        (["sync", "--reports", "nowhere"], 2, "nowhere: no such folder"),
    ],
)
def test_wrong_calls(
    arguments: list[str], code: int, words: str, where: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was expected, in one line, without the password."""
    assert main(["history", *arguments]) == code
    error = capsys.readouterr().err
    assert (words in error, error.count("\n"), "s3cr3t" in error) == (True, 1, False)


def test_a_wrong_age(where: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """argparse says which were right."""
    with pytest.raises(SystemExit):
        main(["history", "prune", "--older-than", "soon"])
    assert "expected an age such as 90d, 12w or 36h, not soon" in capsys.readouterr().err
