"""Whose verdict changed without a change of the build."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.journal.flaky import Change, flaky, last_runs
from framework.journal.runs import RunBegan, RunJournal, RunRecord

PASS, FAIL, LAB, INVALID, NOT_RUN = Verdict.PASS, Verdict.FAIL, Verdict.LAB, Verdict.INVALID, Verdict.NOT_RUN
SAME = {"a.apk": "00"}


def runs(*ends: Verdict, hashes: Sequence[dict[str, str]] = (), attempts: int = 1) -> list[RunRecord]:
    """One run a verdict, all of the test `t` on one handset."""
    made = []
    for number, verdict in enumerate(ends):
        began = RunBegan((), "/", "/", "compact 1.0", hashes[number] if hashes else SAME, "devices.yaml", "0.1")
        conclusion = Conclusion("t", verdict, (), "ten", "Mi 10", attempts=attempts)
        made.append(RunRecord(Path(f"run-{number}"), began, conclusions={"t": conclusion}))
    return made


def test_a_change_between_pass_and_fail() -> None:
    """How often each verdict, on which handset, and each change with its run."""
    (found,) = flaky(runs(PASS, PASS, FAIL, PASS))
    changes = (
        Change("compact 1.0", PASS, FAIL, "run-2"),
        Change("compact 1.0", FAIL, PASS, "run-3"),
    )
    assert (found.key, found.changes, found.lab_changes) == (("t", "Mi 10"), changes, ())
    assert (found.verdicts, found.handsets) == ({PASS: 3, FAIL: 1}, {"ten": {PASS: 3, FAIL: 1}})


def test_what_is_not_flaky() -> None:
    """The same verdict each time; another one with other files of the build; a test that nothing ran in between."""
    for same in (runs(FAIL, FAIL), runs(PASS, NOT_RUN, PASS), runs(PASS, FAIL, hashes=[SAME, {"a.apk": "01"}])):
        assert flaky(same) == []


def test_the_lab_is_told_apart() -> None:
    """LAB and INVALID beside PASS are the lab's; a build's change is seen through them."""
    (found,) = flaky(runs(PASS, LAB, PASS, INVALID))
    assert ([change.of_lab for change in found.lab_changes], found.changes) == ([True] * 3, ())
    (found,) = flaky(runs(PASS, LAB, FAIL))
    assert found.changes == (Change("compact 1.0", PASS, FAIL, "run-2"),)


def test_a_pass_after_a_retry_is_told() -> None:
    """It passed each time, but not at once."""
    (found,) = flaky(runs(PASS, PASS, attempts=2))
    assert (found.changes, found.lab_changes, found.retried) == ((), (), 2)


def test_a_build_that_comes_back_is_compared_with_itself() -> None:
    """Two builds that take turns: each has its own verdict, and no change."""
    other = {"a.apk": "01"}
    assert flaky(runs(PASS, FAIL, PASS, FAIL, hashes=[SAME, other, SAME, other])) == []


def test_the_last_runs_of_a_folder(tmp_path: Path) -> None:
    """The oldest first; what is no run of ours, and the link to the last one, are passed over."""
    for record in runs(PASS, FAIL, PASS):
        folder = tmp_path / record.folder
        folder.mkdir()
        journal = RunJournal(folder)
        assert record.began is not None
        journal.began(record.began)
        journal.concluded(record.conclusions["t"])
        journal.close()
    (tmp_path / "notes").mkdir()
    (tmp_path / "latest").symlink_to("run-2")
    assert [run.folder.name for run in last_runs(tmp_path, 2)] == ["run-1", "run-2"]
    assert last_runs(tmp_path / "nowhere") == []
