"""For benchmark report: a run of many results on five models, what is read of it, kept of it and shown of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from report_writing import of_unit
from support.browser import chromium
from support.told_runs import GOOD, NEXT, Build, handsets, story

from framework.contract.account import RunAccount, RunFigures, figures_of
from framework.contract.run import UnitStarted
from framework.contract.verdict import Verdict
from framework.history import open_history
from framework.journal.account import read_account
from framework.journal.run import Journal
from framework.journal.runs import JOURNAL, RunBegan, RunJournal
from framework.report.release.page import write_release_page

SMALL = 60
"""Results of the other runs in the history."""
FIRST_AT, APART_S = 1_790_000_000.0, 3600.0

Progress = Callable[[str], None]


def large_run(results: int, runs: int, folder: Path, progress: Progress) -> dict[str, Any]:
    """Its account, its history and its page: times in seconds, sizes in MB."""
    progress(f"journals of two runs of {results} results")
    account, read_s = read_large(results, folder / "2026-11-29T08-00-00-1", NEXT, runs)
    before, _ = read_large(results, folder / "2026-11-29T07-00-00-1", GOOD, runs - 1)
    size_mb = (folder / account.head.name / JOURNAL).stat().st_size / 1e6
    print(f"\naccount of {len(account.tests)} results")
    print(f"  read from a journal of {size_mb:.0f} MB   {read_s:8.2f} s")
    figures: dict[str, Any] = {"read_account_s": read_s, "journal_mb": round(size_mb, 1)}
    figures |= history_of(account, before, runs, folder, progress)
    return figures | page_of(account, figures_of(before), folder)


def read_large(results: int, folder: Path, build: Build, number: int) -> tuple[RunAccount, float]:
    """The account of a run as if it was the history's so-manieth, and how long reading it took."""
    write_journal(folder, results, build)
    account, took = timed(lambda: read_account(folder))
    return begun(account, number), took


def write_journal(folder: Path, results: int, build: Build) -> None:
    """The journal of a run of so many results, on five models."""
    controller = RunJournal(folder)
    fleet = handsets()
    known = {handset.model: story("x", "suites/x.yaml", handset, build) for handset in fleet}
    tests = [
        (f"suites/text/s{number}.yaml", f"Scenario {number}", handset)
        for number in range(-(-results // len(fleet)))
        for handset in fleet
    ][:results]
    label, hashes = build.identity.label, build.identity.hashes
    controller.began(RunBegan(("suites",), "/lab", "/lab", label, hashes, "devices.yaml", "0.1.0", 1, folder.name))
    ids = [f"{file}::{name}[{handset.model}]" for file, name, handset in tests]
    controller.scheduled(ids)
    with Journal(folder / JOURNAL) as journal:
        for test, (file, name, handset) in zip(ids, tests, strict=True):
            told = known[handset.model]
            unit = replace(told.unit, id=test, scenario=name, file=file)
            for event in told.events():
                if not isinstance(event, UnitStarted):
                    journal.notify(of_unit(event, unit))
            verdict = Verdict.FAIL if build is NEXT and name.endswith("7") else Verdict.PASS
            controller.concluded(replace(told.conclusion(1), id=test, verdict=verdict))
    controller.close()


def begun(account: RunAccount, number: int) -> RunAccount:
    """The same run, begun at the time of the so-manieth one."""
    at = FIRST_AT + number * APART_S
    return replace(account, head=replace(account.head, began_at=at, ended_at=at + APART_S / 2))


def history_of(account: RunAccount, before: RunAccount, runs: int, folder: Path, progress: Progress) -> dict[str, Any]:
    """Two large runs after many of 60 results, of two builds in turn; then what the release page asks."""
    small = {build: read_large(SMALL, folder / f"small-{build.version}", build, 0)[0] for build in (GOOD, NEXT)}
    path = folder / "history.db"
    with open_history(path) as history:
        began = time.perf_counter()
        for number in range(runs - 2):
            one = begun(small[(GOOD, NEXT)[number % 2]], number)
            name = f"run-{number:04}"
            history.record(replace(one, head=replace(one.head, id=name, name=name)))
        each_ms = (time.perf_counter() - began) / max(runs - 2, 1) * 1000
        _, record_s = timed(lambda: (history.record(before), history.record(account)))
    progress(f"{runs} runs recorded")
    with open_history(path) as history:
        baseline, query_s = timed(lambda: history.baseline(account.head.id))
        assert baseline is not None
        assert baseline.head.id == before.head.id
        _, small_s = timed(lambda: history.baseline(f"run-{runs - 3:04}"))
        _, list_s = timed(lambda: history.runs(20))
    size_mb = path.stat().st_size / 1e6
    print(f"\nhistory of {runs} runs, {size_mb:.0f} MB")
    print(f"  recording a run of {SMALL} results   {each_ms:8.1f} ms")
    print(f"  recording two of {len(account.tests)}   {record_s:8.2f} s")
    print(f"  the baseline of the large run, its {len(baseline.values)} series of figures   {query_s:8.3f} s")
    print(f"  the baseline of a run of {SMALL} results   {small_s:8.3f} s")
    print(f"  the last 20 runs   {list_s:8.3f} s")
    return {
        "record_ms": round(each_ms, 1),
        "record_large_s": round(record_s / 2, 2),
        "query_s": query_s,
        "query_small_s": small_s,
        "history_mb": round(size_mb, 1),
    }


def page_of(account: RunAccount, baseline: RunFigures, folder: Path) -> dict[str, Any]:
    """The release page of the large run against the other, and a real Chromium that draws it, the best of three."""
    out, run = folder / "release.html", folder / account.head.name
    _, made_s = timed(lambda: write_release_page(account, baseline, out, run_folder=run))
    size_mb = out.stat().st_size / 1e6
    try:
        with chromium() as browser:
            drawn_s: float | None = min(browser.drawn_s(out.as_uri()) for _ in range(3))
    except LookupError as error:
        drawn_s = None
        print(f"\nnot drawn: {error}")
    print(f"\nrelease page of {len(account.tests)} results, {len(baseline.verdicts)} before")
    print(f"  made in {made_s:.2f} s, {size_mb:.2f} MB")
    print(f"  drawn in {drawn_s:.3f} s" if drawn_s is not None else "  not drawn")
    return {"page_s": made_s, "page_mb": round(size_mb, 3), "drawn_s": drawn_s and round(drawn_s, 3)}


def timed(what: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    made = what()
    return made, round(time.perf_counter() - began, 3)
