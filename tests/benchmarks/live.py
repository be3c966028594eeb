"""What a large run costs its controller: a picture of it, and what its tests took in the runs before.

    python tests/benchmarks/live.py

5 000 tests on 200 handsets, drawn 20 times as a terminal of 120 columns and 40 lines shows them; and the durations in
20 runs of 5 000 tests, asked of the history, which has them from the runs' journals, and read from what the last run
has left beside them. All is CPU time of this process, the least of three; of the first question there is one.

Last line: one line of JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from framework.history import open_history
from framework.history.durations import durations, keep, kept
from framework.history.sync import sync
from framework.journal.runs import JOURNAL
from framework.plugin.live.progress import Progress
from framework.plugin.live.table import picture

TESTS, HANDSETS, PICTURES, RUNS = 5000, 200, 20, 20
COLUMNS, LINES = 120, 40
MODELS = ("MIX Fold 3", "Mi 10")
NOW = 100.0
DRAWN_S, READ_AGAIN_S = 1.0, 1.0


def spent_s(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def large_run() -> Progress:
    """In which every handset runs a test."""
    tests = [f"suites/a.yaml::{number}" for number in range(TESTS)]
    names = [f"h{number}" for number in range(HANDSETS)]
    made = Progress(expected={(test, model): 3.0 for test in tests for model in MODELS})
    made.take({"kind": "Scheduled", "at": 1, "ids": tests})
    made.fleet(dict.fromkeys(names, MODELS[0]), names, {})
    for name, test in zip(names, tests, strict=False):
        unit = {"id": test, "handset": {"name": name, "model": MODELS[0]}}
        made.take({"kind": "UnitStarted", "at": 90, "unit": unit})
    return made


def draw(run: Progress) -> None:
    for _ in range(PICTURES):
        console = Console(width=COLUMNS, height=LINES, color_system=None, force_terminal=True)
        with console.capture():
            console.print(picture(run, NOW, COLUMNS, LINES))


def write_runs(reports: Path) -> dict[tuple[str, str], float]:
    """What is to be read from them."""
    took = {f"suites/voice/test_{number}.yaml::scenario {number}": number / 10 + 1 for number in range(TESTS)}
    began = {"arguments": [], "directory": "/", "root": "/", "build": "a 1", "hashes": {}, "devices": "", "version": ""}
    first = json.dumps({"v": 1, "at": 1.0, "kind": "RunBegan", **began}, separators=(",", ":")) + "\n"
    head = {"v": 1, "at": 1.5, "kind": "Concluded", "verdict": "PASS", "model": MODELS[0]}
    records = [{**head, "id": test, "seconds": seconds} for test, seconds in took.items()]
    lines = "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records)
    for day in range(1, RUNS + 1):
        folder = reports / f"2026-01-{day:02}T08-00-00-7"
        folder.mkdir()
        (folder / JOURNAL).write_text(first + lines)
    return {(test, MODELS[0]): seconds for test, seconds in took.items()}


def main() -> int:
    run = large_run()
    drawn = min(spent_s(lambda: draw(run)) for _ in range(3))
    with tempfile.TemporaryDirectory() as folder:
        reports = Path(folder)
        expected = write_runs(reports)
        with open_history(reports / "history.db") as history:
            sync(history, reports)
            first = spent_s(lambda: keep(reports, history.shown, durations(history)))
            again = min(spent_s(lambda: kept(reports, history.shown)) for _ in range(3))
            assert kept(reports, history.shown) == expected
    print(f"{PICTURES} pictures of {TESTS} tests on {HANDSETS} handsets: {drawn:.3f} s (at most {DRAWN_S} s)")
    print(f"{RUNS} runs of {TESTS} tests: asked in {first:.3f} s, read in {again:.3f} s (at most {READ_AGAIN_S} s)")
    holds = drawn <= DRAWN_S and again <= READ_AGAIN_S
    found = {"pictures_s": drawn, "read_first_s": first, "read_again_s": again}
    print(json.dumps({**{name: round(seconds, 3) for name, seconds in found.items()}, "holds": holds}))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
