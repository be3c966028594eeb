"""What reports cost: writing results, the release page of a large run, and the history that it is compared with.

    python tests/benchmarks/report.py [--results 10000] [--runs 500] [--keep FOLDER]

- writing: the same tests in pytest three times over: alone, with allure-pytest called by hand (`bare`), and with the
  farm's observer of Allure told of units (`observer`). Bare writes exactly what the observer writes: as many steps,
  parameters, labels and attachments, with the same content, made before. CPU time of the whole process, median of
  rounds that take turns; `ratio` compares whole runs, `ratio_writing` leaves out what the tests cost alone.
- parts: what each observer and each document of a unit costs, in CPU time a unit. Pages are the farm's own, and have
  no counterpart in allure-pytest.
- release page: of a run of so many results on five models, against one of another build: the time to read its
  journal, to make the page, its size, and the time until a real Chromium has drawn it.
- history: runs recorded, and the time of the query for the release page.

Last line: one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from report_writing import Body, Ready, body_of, of_unit
from support.told_runs import NEXT, Build, Story, handsets, story

from framework.contract.run import Observer, UnitStarted
from framework.contract.verdict import Verdict
from framework.journal.account import read_account
from framework.journal.run import Journal
from framework.journal.runs import JOURNAL, RunBegan, RunJournal
from framework.report.documents import Documents
from framework.report.perfetto import perfetto_trace
from framework.report.samples import samples_csv
from framework.report.trace_page import trace_page
from framework.report.transcript import transcript_page
from framework.report.unit_files import UnitFiles

RATIO_LIMIT = 1.2
PAGE_LIMIT_MB, DRAWN_LIMIT_S, QUERY_LIMIT_S = 3.0, 2.0, 0.5
ROUNDS = 3
BODIES = 15
WITHIN_S = 3600
TESTS = Path(__file__).resolve().parents[1]


# -- writing ---------------------------------------------------------------------------------------------------------


def bodies() -> list[Body]:
    """Units of three scenarios on five models, each with two turns."""
    made = [
        story(f"Weather {number}", f"suites/text/weather_{number}.yaml", handset, turns=2)
        for number in range(BODIES // 5)
        for handset in handsets()
    ]
    return [body_of(one) for one in made]


def cpu_s(way: str, results: int, pickled: Path, folder: Path) -> tuple[float, int]:
    """CPU seconds of a run of pytest, and how many files it has written."""
    out = folder / way
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:pocketfarm", "-p", "no:cacheprovider"]
    command += ["-p", "no:hypothesispytest", "-p", "no:xdist", "-p", "report_writing", "-c", os.devnull]
    command += ["--rootdir", str(folder), str(pickled), "--told-by", way, "--told", str(results)]
    command += [] if way == "nothing" else ["--alluredir", str(out)]
    environment = {**os.environ, "PYTHONPATH": f"{TESTS}:{TESTS / 'benchmarks'}"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said.decode()
    files = sum(1 for _ in os.scandir(out)) if out.exists() else 0
    shutil.rmtree(out, ignore_errors=True)
    return used.ru_utime + used.ru_stime, files


def writing(results: int, rounds: int, folder: Path) -> dict[str, Any]:
    made = bodies()
    pickled = folder / "bodies.pickle"
    pickled.write_bytes(pickle.dumps(made))
    took: dict[str, list[float]] = {"nothing": [], "bare": [], "observer": []}
    files: dict[str, int] = {}
    for number in range(rounds):
        for way in took if number % 2 == 0 else reversed(took):
            seconds, files[way] = cpu_s(way, results, pickled, folder)
            took[way].append(seconds)
            progress(f"round {number + 1} of {rounds}: {way} {seconds:.1f} s, {files[way]} files")
    nothing, bare, observer = (statistics.median(times) for times in took.values())
    trees = [list(body.tree.walk()) for body in made]
    print(f"\nwriting, {results} results, median of {rounds}, CPU seconds")
    print(f"  each with about {len(trees[0]) - 1} steps and {sum(len(t.attachments) for t in trees[0])} attachments")
    print(f"  tests alone  {nothing:8.2f}")
    print(f"  bare         {bare:8.2f}   {files['bare']} files")
    print(f"  observer     {observer:8.2f}   {files['observer']} files")
    ratio, only = observer / bare, (observer - nothing) / (bare - nothing)
    print(f"  ratio        {ratio:8.3f}   (limit {RATIO_LIMIT}); of the writing alone {only:.3f}")
    assert files["bare"] == files["observer"], "not the same was written"
    return {
        "nothing_s": round(nothing, 2),
        "bare_s": round(bare, 2),
        "observer_s": round(observer, 2),
        "ratio": round(ratio, 3),
        "ratio_writing": round(only, 3),
        "steps": len(trees[0]) - 1,
        "attachments": sum(len(tree.attachments) for tree in trees[0]),
    }


# -- parts -----------------------------------------------------------------------------------------------------------


def parts(units: int, folder: Path) -> dict[str, float]:
    """CPU milliseconds a unit."""
    made = bodies()[:5]
    with Journal(folder / "parts" / JOURNAL) as journal:
        kept = UnitFiles(folder / "parts", Ready(made[0].documents))
        measured: tuple[tuple[str, Callable[[Story], object]], ...] = (
            ("journal", lambda told: tell(journal, told)),
            ("recording and files", lambda told: tell(kept, told)),
            ("trace page", lambda told: trace_page(told.unit, told.repetitions[0])),
            ("transcript", lambda told: transcript_page(told.unit, told.repetitions[0])),
            ("samples", lambda told: samples_csv(told.repetitions[0].trace)),  # type: ignore[arg-type]
            ("Perfetto", lambda told: perfetto_trace(told.unit, told.repetitions[0])),
            ("all documents", lambda told: Documents().make(told.unit, told.repetitions[0])),
        )
        costs = {name: cost_ms(part, [body.story for body in made], units) for name, part in measured}
    print(f"\nparts, CPU ms a unit (mean of {units})")
    for name, ms in costs.items():
        print(f"  {name:<20}{ms:8.2f}")
    return costs


def tell(observer: Observer, told: Story) -> None:
    for event in told.events():
        observer.notify(event)


def cost_ms(part: Callable[[Story], object], stories: list[Story], units: int) -> float:
    for told in stories:
        part(told)
    began = time.process_time()
    for number in range(units):
        part(stories[number % len(stories)])
    return round((time.process_time() - began) / units * 1000, 3)


# -- a large run -----------------------------------------------------------------------------------------------------


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


def progress(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def timed(what: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    made = what()
    return made, round(time.perf_counter() - began, 3)


def account_of(results: int, folder: Path) -> tuple[Any, dict[str, float]]:
    run = folder / "2026-11-29T08-00-00-1"
    write_journal(run, results, NEXT)
    account, read_s = timed(lambda: read_account(run))
    size_mb = (run / JOURNAL).stat().st_size / 1e6
    print(f"\naccount of {len(account.tests)} results: read from a journal of {size_mb:.0f} MB in {read_s:.2f} s")
    return account, {"read_account_s": read_s, "journal_mb": round(size_mb, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--results", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=500, help="in the history")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--keep", type=Path, help="write into this folder, and leave it")
    said = parser.parse_args()
    with workspace(said.keep) as folder:
        figures: dict[str, Any] = {"results": said.results}
        figures |= writing(said.results, said.rounds, folder)
        figures |= {"parts_ms": parts(min(said.results, 300), folder)}
        _, read = account_of(said.results, folder)
        figures |= read
    holds = figures["ratio"] <= RATIO_LIMIT
    print(json.dumps({**figures, "holds": holds}))


@contextmanager
def workspace(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


if __name__ == "__main__":
    main()
