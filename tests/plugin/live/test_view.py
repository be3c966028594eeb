"""The view of a run, fed by a journal that others write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from support.waiting import until

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.journal.runs import JOURNAL, RunJournal
from framework.plugin.live import view
from framework.plugin.live.view import Lines, Source


class Fleet:
    """Two handsets, of which one runs a test."""

    def models(self) -> Mapping[str, str]:
        return {"fold": "MIX Fold 3", "ten": "Mi 10"}

    def present(self) -> Iterable[str]:
        return ["fold", "ten"]

    def quarantined(self) -> Mapping[str, str]:
        return {"ten": "hot"}

    def where(self, test: str) -> str:
        return "fold"


def test_a_log_says_what_runs_when_nothing_has_ended_for_a_while(
    tmp_path: Path, pytestconfig: pytest.Config, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line a finished test at once; then the heartbeat, in a thread, past pytest's capture of a running test."""
    monkeypatch.setattr(view, "HEARTBEAT_S", 0.3)
    journal = RunJournal(tmp_path)
    journal.scheduled(["before"])
    written: list[str] = []
    lines = Lines(pytestconfig, Source(tmp_path / JOURNAL, Fleet(), (), dict), written.append)
    journal.scheduled(["a", "b"])
    lines.pytest_runtest_logstart("b")
    conclusion = Conclusion("a", Verdict.PASS, (), "fold", "MIX Fold 3", 2.0)
    journal.concluded(conclusion)
    lines.concluded(conclusion)
    assert written == ["1/2  PASS       a on fold, 2.0 s"]
    lines.open()
    seen = ""

    def beats() -> bool:
        nonlocal seen
        seen += capfd.readouterr().out
        return seen.count("\n") >= 2

    until(beats)
    lines.close()
    journal.close()
    expected = r"1/2 done, about 0:0\d left, 1 PASS; fold: b for 0:0\d; 1 quarantined"
    assert re.fullmatch(expected, seen.strip().splitlines()[0])
