"""What a broken off run has left in its folder, and what becomes of it."""

from __future__ import annotations

import json
from pathlib import Path

from framework.contract.run import BuildIdentity, Conclusion, HandsetIdentity, Unit
from framework.contract.verdict import Verdict
from framework.journal.trace import TraceWriter
from framework.report.allure_unrun import Desk, write_unrun
from framework.report.leftovers import remove_torn, set_aside, set_results_aside, told_by_allure

HANDSET = HandsetIdentity("fold", "F1", "Xiaomi", "MIX Fold 3", "SM8550", "14", 34, 16, True, True, "fp")
FAILED = Conclusion("suites/test_a.py::test_a", Verdict.FAIL, ("late",), "fold", "MIX Fold 3", 2.0)
UNRUN = Conclusion("suites/b.yaml::b", Verdict.NOT_RUN, ("no handset is left",), attempts=0)


def recorded(run: Path, test: str, number: int) -> Path:
    folder = run / f"units/{test}/fold/{number}-1"
    unit = Unit(test, test, f"{test}.yaml", HANDSET, BuildIdentity("compact", "1.0", "p", "m"))
    TraceWriter(folder / "trace.jsonl", unit, number, 1).close()
    return folder


def test_recordings_of_what_is_made_anew_are_put_aside(tmp_path: Path) -> None:
    """Those of finished tests stay; one whose first line is torn, too, is kept and makes room."""
    for test, number in (("done", 1), ("long", 1), ("long", 2)):
        recorded(tmp_path, test, number)
    torn = recorded(tmp_path, "torn", 1) / "trace.jsonl"
    torn.write_bytes(torn.read_bytes()[:20])
    assert set_aside(tmp_path, lambda test: test == "done", 3) == {"long": 2, "unknown": 1}
    places = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("trace.jsonl"))
    aside = [f"interrupted/3/{name}/fold/{number}-1/trace.jsonl" for name, number in (("long", 1), ("long", 2))]
    assert places == [*aside, "interrupted/3/torn/fold/1-1/trace.jsonl", "units/done/fold/1-1/trace.jsonl"]


def test_whole_results_are_read_and_torn_ones_removed(tmp_path: Path) -> None:
    """Which test a result is of, and how it ended, as the conclusion said; what is half written is none."""
    write_unrun(Desk(tmp_path, "lab", "compact 1.0"), FAILED)
    write_unrun(Desk(tmp_path, "lab", "compact 1.0"), UNRUN)
    (tmp_path / "x-result.json").write_text('{"uuid": "1", "labels": [')
    (tmp_path / "y-result.json").write_text(json.dumps({"uuid": "1", "labels": [], "status": "passed", "stop": 3}))
    (tmp_path / "z-attachment.png.tmp").write_bytes(b"half")
    told = told_by_allure(tmp_path)
    assert {test: (end.verdict, end.reasons) for test, end in told.items()} == {
        FAILED.id: (Verdict.FAIL, ("late",)),
        UNRUN.id: (Verdict.NOT_RUN, ("no handset is left",)),
    }
    assert (told[FAILED.id].handset, told[FAILED.id].model, told[FAILED.id].seconds) == ("fold", "MIX Fold 3", 2.0)
    assert (remove_torn(tmp_path), list(tmp_path.glob("*.tmp"))) == (1, [])


def test_results_of_what_nothing_had_run_make_room(tmp_path: Path) -> None:
    """Or Allure would show the test twice once something has: without a model, and with one."""
    results = tmp_path / "allure-results"
    results.mkdir()
    for conclusion in (FAILED, UNRUN):
        write_unrun(Desk(results, "lab", "compact 1.0"), conclusion)
    set_results_aside(tmp_path, results, {UNRUN.id}, 1)
    aside = tmp_path / "interrupted/1/allure-results"
    assert (set(told_by_allure(results)), set(told_by_allure(aside))) == ({FAILED.id}, {UNRUN.id})
