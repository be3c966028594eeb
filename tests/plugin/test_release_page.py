"""The release page at the end of a run, and the run that it is compared with where there is no history."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from framework.contract.account import RunAccount, RunFigures
from framework.contract.errors import UsageError
from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.journal.account import read_account
from framework.journal.runs import RunBegan, RunJournal
from framework.plugin.baseline import earlier
from framework.plugin.release_page import PAGE, ReleasePage

TESTS = ("a.yaml::a", "a.yaml::b", "a.yaml::c")


def run(reports: Path, day: int, build: str = "compact 1.0", concluded: tuple[str, ...] = TESTS) -> Path:
    folder = reports / f"2026-01-{day:02}T08-00-00-{day}"
    folder.mkdir(parents=True)
    journal = RunJournal(folder)
    journal.began(RunBegan(("suites",), "/", "/", build, {"a.apk": build}, "devices.yaml", "0.1", id=str(day)))
    journal.scheduled(TESTS)
    for test in concluded:
        journal.concluded(Conclusion(test, Verdict.PASS, handset="ten", model="Mi 10"))
    journal.close()
    return folder


def none(account: RunAccount) -> RunFigures | None:
    return None


def test_it_is_written_in_the_folder_of_the_run_and_above(tmp_path: Path) -> None:
    """Its line is the page above."""
    folder = run(tmp_path, 1)
    page = ReleasePage(folder, tmp_path, none)
    page.write()
    assert (page.page, page.missing) == (tmp_path / PAGE, "")
    assert [place.read_text().count("<h1>") for place in (folder / PAGE, tmp_path / PAGE)] == [1, 1]


def test_what_goes_wrong_is_one_line(tmp_path: Path) -> None:
    """No place for it, no run, a broken baseline, a fault of ours: told, with the mend, and never raised."""

    def refused(account: RunAccount) -> RunFigures | None:
        raise UsageError("no history at pg://x")

    def broken(account: RunAccount) -> RunFigures | None:
        raise KeyError("x")

    folder = run(tmp_path, 1)
    (tmp_path / PAGE).mkdir()
    (tmp_path / "empty").mkdir()
    found = []
    for where, baseline in ((folder, none), (tmp_path / "empty", none), (folder, refused), (folder, broken)):
        page = ReleasePage(where, tmp_path, baseline)
        page.write()
        found.append(page.missing)
    mend = f"(once that is mended: farm report {folder})"
    assert found[0] == f"not written: Is a directory {mend}"
    assert found[1].startswith(f"not written: {tmp_path / 'empty'}: expected the folder of a run")
    assert found[2] == f"not written: no history at pg://x {mend}"
    assert found[3] == "not written: KeyError: 'x' (please report it; the results are whole)"


def test_the_baseline_is_the_last_finished_run_of_another_build(tmp_path: Path) -> None:
    """Of the same tests, and before; a folder that is no run's is passed over."""
    run(tmp_path, 1, "compact 0.8")
    run(tmp_path, 2, "compact 0.9")
    run(tmp_path, 3, "compact 0.9", TESTS[:1])
    run(tmp_path, 4, "compact 1.0")
    this = run(tmp_path, 5, "compact 1.0")
    run(tmp_path, 6, "compact 1.1")
    (tmp_path / "2026-01-04T09-00-00-9").mkdir()
    (tmp_path / "latest").symlink_to(this.name)
    found = earlier(tmp_path, read_account(this))
    assert found is not None
    assert found.head.name == "2026-01-02T08-00-00-2"
    assert earlier(tmp_path, read_account(tmp_path / "2026-01-01T08-00-00-1")) is None


@pytest.mark.parametrize("field", ["courses", "values"])
def test_runs_that_measured_nothing_compare(tmp_path: Path, field: str) -> None:
    """There is nothing in their figures, and they are a baseline all the same."""
    run(tmp_path, 1, "compact 0.9")
    found = earlier(tmp_path, read_account(run(tmp_path, 2)))
    assert found is not None
    assert asdict(found)[field] == {}
