"""What the history costs: SQLite and PostgreSQL side by side, with many runs stored.

    python tests/benchmarks/history.py [--runs 500] [--tests 200] [--large 10000]

RUNS runs of TESTS tests are stored, each of 5 turns with 8 metrics, and one of LARGE tests: how long that takes to
record, the first time and again in its own place. Then what a release page asks for (the baseline of the last run and
the figures of one by name), the list of runs, durations and flaky tests of the last 20, and opening: the median of 9,
each through a connection of its own. LARGE tests of another build at the end: their baseline is the other large run.

PostgreSQL is a server of the benchmark's own, on a socket in a temporary folder, with its usual settings but fsync;
without it SQLite is measured alone. Last line: one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.accounts import BUILD, OTHER, account, judged  # noqa: E402
from support.postgres import MissingError, running  # noqa: E402

from framework.contract.account import RunAccount, figures_of  # noqa: E402
from framework.history import open_history  # noqa: E402

ROUNDS = 9
PAGE_MS = 500.0
"""At most, for what the release page asks."""


def milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def run(id: str, began_at: float, tests: int, build: object = BUILD) -> RunAccount:
    made = [
        judged(f"suites/large/scenario_{number:05}.yaml::Scenario {number}", turns=5, metrics=8)
        for number in range(tests)
    ]
    return replace(account(id, began_at, made), head=replace(account(id, began_at).head, build=build))  # type: ignore[arg-type]


def filled(where: str, runs: int, tests: int, large: int) -> dict[str, float]:
    small = run("small", 0.0, tests)
    took = []
    with open_history(where) as history:
        for number in range(runs):
            head = replace(small.head, id=f"small-{number}", name=f"run-{number}", began_at=float(number))
            head = replace(head, build=(BUILD, OTHER)[number % 2])
            took.append(milliseconds(lambda head=head: history.record(replace(small, head=head))))  # type: ignore[misc]
    big, other = run("large", runs + 1.0, large), run("other", runs + 2.0, large, OTHER)
    with open_history(where) as history:
        first = milliseconds(lambda: history.record(big))
        again = milliseconds(lambda: history.record(big))
        history.record(other)
    return {"record_small_ms": median(took), "record_large_ms": first, "record_large_again_ms": again}


def asked(where: str, runs: int) -> dict[str, float]:
    def measured(ask: Callable[..., object]) -> float:
        def once() -> None:
            with open_history(where) as history:
                ask(history)

        return median(milliseconds(once) for _ in range(ROUNDS))

    return {
        "open_ms": measured(lambda _: None),
        "page_ms": measured(lambda history: history.baseline(f"small-{runs - 1}")),
        "page_large_ms": measured(lambda history: history.baseline("other")),
        "figures_ms": measured(lambda history: history.figures(f"run-{runs // 2}")),
        "list_ms": measured(lambda history: history.runs()),
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    for name, default in (("runs", 500), ("tests", 200), ("large", 10000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    found: dict[str, dict[str, float]] = {}
    with ExitStack() as stack:
        places = {"sqlite": str(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "history.db")}
        try:
            places["postgresql"] = stack.enter_context(running()).new_database()
        except MissingError as error:
            print(f"SQLite alone: {error}")
        for name, where in places.items():
            found[name] = filled(where, given.runs, given.tests, given.large) | asked(where, given.runs)
            with open_history(where) as history:
                assert history.baseline("other") == figures_of(run("large", given.runs + 1.0, given.large))
        sqlite_mb = Path(places["sqlite"]).stat().st_size / 1e6
    for key in found["sqlite"]:
        print(f"{key:<24}" + "".join(f"{name} {each[key]:10.1f} ms   " for name, each in found.items()))
    print(f"{given.runs + 2} runs: {sqlite_mb:.0f} MB in SQLite's file")
    page = max(each[key] for each in found.values() for key in ("page_ms", "page_large_ms"))
    holds = page <= PAGE_MS
    rounded = {name: {key: round(value, 1) for key, value in each.items()} for name, each in found.items()}
    print(json.dumps({"runs": given.runs, "tests": given.tests, "large": given.large} | rounded | {"holds": holds}))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
