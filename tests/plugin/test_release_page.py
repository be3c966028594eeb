"""The release page at the end of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.journal.account import read_account
from framework.journal.runs import RunBegan, RunJournal
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


def test_it_is_written_in_the_folder_of_the_run_and_above(tmp_path: Path) -> None:
    """Its line is the page above."""
    folder = run(tmp_path, 1)
    page = ReleasePage(folder, tmp_path)
    page.write(read_account(folder), None)
    assert (page.page, page.missing) == (tmp_path / PAGE, "")
    assert [place.read_text().count("<h1>") for place in (folder / PAGE, tmp_path / PAGE)] == [1, 1]


def test_what_goes_wrong_is_one_line(tmp_path: Path) -> None:
    """No place for it, no run, a fault of ours: told, with the mend, and never raised."""
    folder = run(tmp_path, 1)
    (tmp_path / PAGE).mkdir()
    (tmp_path / "empty").mkdir()
    broken: Any = object()
    found = []
    for where, baseline in ((folder, None), (tmp_path / "empty", None), (folder, broken)):
        page = ReleasePage(where, tmp_path)
        page.write(None, baseline)
        found.append(page.missing)
    assert found[0] == f"not written: Is a directory (once that is mended: farm report {folder})"
    assert found[1].startswith(f"not written: {tmp_path / 'empty'}: expected the folder of a run")
    assert found[2].startswith("not written: AttributeError: 'object' object has no attribute")
    assert found[2].endswith("(please report it; the results are whole)")
