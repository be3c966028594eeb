"""What reports cost: writing results, the release page of a large run, and the history that it is compared with.

    python tests/benchmarks/report.py [--results 10000] [--runs 500] [--keep FOLDER]

- writing: one run of pytest in which tests take turns that call allure-pytest by hand (`bare`), that tell the farm's
  observer of Allure of units (`observer`), and that do nothing (`empty`). Bare writes exactly what the observer writes:
  as many steps, parameters, labels and attachments, with the same content, made before. CPU time from the beginning of
  a test until its result is written; files are written to memory, since a disk costs now this, now three times as much.
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
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from report_large import large_run
from report_writing import Body, Ready, body_of
from support.told_runs import Story, handsets, story

from framework.contract.run import Observer
from framework.journal.run import Journal
from framework.journal.runs import JOURNAL
from framework.redaction.redactor import Redactor
from framework.report.documents import Documents
from framework.report.perfetto import perfetto_trace
from framework.report.samples import samples_csv
from framework.report.trace_page import trace_page
from framework.report.transcript import transcript_page
from framework.report.unit_files import UnitFiles

RATIO_LIMIT = 1.2
PAGE_LIMIT_MB, DRAWN_LIMIT_S, QUERY_LIMIT_S = 3.0, 2.0, 0.5
BODIES = 15
WITHIN_S = 3600
ROOM_BYTES = 6_000_000_000
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


def writing(results: int, folder: Path) -> dict[str, Any]:
    """One run of pytest, in which the three kinds of tests take turns."""
    made, pickled, figures, out = bodies(), *(folder / name for name in ("bodies.pickle", "figures.json", "out"))
    pickled.write_bytes(pickle.dumps(made))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:pocketfarm", "-p", "no:cacheprovider"]
    command += ["-p", "no:hypothesispytest", "-p", "no:xdist", "-p", "report_writing", "-c", os.devnull]
    command += ["--rootdir", str(folder), "--told", str(results), "--told-figures", str(figures)]
    command += ["--alluredir", str(out), str(pickled)]
    environment = {**os.environ, "PYTHONPATH": f"{TESTS}:{TESTS / 'benchmarks'}"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    files = sum(1 for _ in os.scandir(out))
    trees = list(made[0].tree.walk())
    attachments = sum(len(tree.attachments) for tree in trees)
    assert files == results * (3 + 2 * attachments), f"not the same was written: {files} files"
    shutil.rmtree(out)
    seconds: dict[str, float] = json.loads(figures.read_text())
    ratio = seconds["observer"] / seconds["bare"]
    only = (seconds["observer"] - seconds["empty"]) / (seconds["bare"] - seconds["empty"])
    print(f"writing, {results} results of {len(trees) - 1} steps and {attachments} attachments each way: CPU ms a test")
    for kind, total in seconds.items():
        print(f"  {kind:<20}{total / results * 1000:8.2f}")
    print(f"  observer over bare  {ratio:8.3f}   (limit {RATIO_LIMIT}); without what an empty test costs {only:.3f}")
    return {
        **{f"{kind}_ms": round(total / results * 1000, 3) for kind, total in seconds.items()},
        "ratio": round(ratio, 3),
        "ratio_writing": round(only, 3),
        "steps": len(trees) - 1,
        "attachments": attachments,
    }


# -- parts -----------------------------------------------------------------------------------------------------------


def parts(units: int, folder: Path) -> dict[str, float]:
    """CPU milliseconds a unit."""
    made = bodies()[:5]
    with Journal(folder / "parts" / JOURNAL) as journal:
        kept, redactor = UnitFiles(folder / "parts", Ready(made[0].documents)), Redactor()
        measured: tuple[tuple[str, Callable[[Story], object]], ...] = (
            ("redaction", lambda told: [redactor.record(event) for event in told.events()]),
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


def progress(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--results", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=500, help="in the history")
    parser.add_argument("--keep", type=Path, help="write into this folder, and leave it")
    said = parser.parse_args()
    with workspace(said.keep) as folder:
        figures: dict[str, Any] = {"results": said.results}
        figures |= writing(said.results, folder)
        figures |= {"parts_ms": parts(min(said.results, 300), folder)}
        figures |= large_run(said.results, said.runs, folder, progress)
    limits = {
        "ratio": RATIO_LIMIT,
        "query_s": QUERY_LIMIT_S,
        "page_mb": PAGE_LIMIT_MB,
        "drawn_s": DRAWN_LIMIT_S,
    }
    beyond = [name for name, limit in limits.items() if figures[name] is None or figures[name] > limit]
    print(json.dumps({**figures, "beyond": beyond, "holds": not beyond}))


@contextmanager
def workspace(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    memory = Path("/dev/shm")
    room = memory.is_dir() and shutil.disk_usage(memory).free > ROOM_BYTES
    with tempfile.TemporaryDirectory(dir=memory if room else None) as name:
        yield Path(name)


if __name__ == "__main__":
    main()
