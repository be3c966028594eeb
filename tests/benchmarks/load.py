"""Does a busy host leak into device latencies? One scenario, 20 runs idle and 20 beside two busy processes.

Every run's `ttft_ms` must lie within the stated bound of the idle median, or the run must say INVALID.
Last line: one line of JSON.
"""

from __future__ import annotations

import json
import multiprocessing
import statistics
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from framework.contract.run import Repetition, RepetitionFinished, RunEvent
from framework.contract.scenario import Scenario
from framework.contract.verdict import Verdict
from framework.contract.yaml_file import load
from framework.deploy import load_build
from framework.fleet.inventory import read_inventory
from framework.plugin.virtual_fleet import VirtualFleet
from framework.session import Order, Session

RUNS = 20
BOUND_MS = 1.0
"""Events carry the device's own scheduled times: only their rounding may differ between runs."""
ROOT = Path(__file__).resolve().parents[2]


class Repetitions:
    def __init__(self) -> None:
        self.seen: list[Repetition] = []

    def notify(self, event: RunEvent) -> None:
        if isinstance(event, RepetitionFinished):
            self.seen.append(event.repetition)


@contextmanager
def busy(count: int) -> Iterator[None]:
    hogs = [multiprocessing.Process(target=_spin, daemon=True) for _ in range(count)]
    for hog in hogs:
        hog.start()
    try:
        yield
    finally:
        for hog in hogs:
            hog.kill()
            hog.join()


def _spin() -> None:
    while True:
        pass


def measure(session: Session, seen: Repetitions, order: Order, hogs: int) -> list[Repetition]:
    before = len(seen.seen)
    with busy(hogs):
        for _ in range(RUNS):
            session.run(order)
    return seen.seen[before:]


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "mix-fold-3"
    file = ROOT / "suites" / "smoke" / "weather_en.yaml"
    order = Order("load", file.name, load(file, Scenario))
    seen = Repetitions()
    with ExitStack() as stack:
        fleet = VirtualFleet(read_inventory(ROOT / "devices.yaml"), None)
        stack.callback(fleet.close)
        build = load_build(ROOT / "suites" / "builds" / "compact" / "build.yaml")
        session = Session(fleet.target(name), build, [seen], who="benchmark", why="load")
        stack.enter_context(session.open())
        quiet, loaded = measure(session, seen, order, 0), measure(session, seen, order, 2)
    print(json.dumps(_summary(quiet, loaded)))


def _summary(quiet: list[Repetition], loaded: list[Repetition]) -> dict[str, object]:
    turns = len(quiet[0].turns)
    worst = 0.0
    for turn in range(turns):
        base = statistics.median(one.turns[turn].metrics["ttft_ms"] for one in quiet)
        for label, runs in (("idle", quiet), ("loaded", loaded)):
            values = [one.turns[turn].metrics["ttft_ms"] for one in runs if one.verdict is not Verdict.INVALID]
            off = max((abs(value - base) for value in values), default=0.0)
            worst = max(worst, off)
            found = f"off by at most {off:.3f} in {len(values)} valid of {len(runs)}"
            print(f"turn {turn + 1} {label:<7} ttft_ms {base:.3f}, {found}")
    invalid = sum(one.verdict is Verdict.INVALID for one in loaded)
    return {"bound_ms": BOUND_MS, "worst_ms": worst, "loaded_invalid": invalid, "holds": worst <= BOUND_MS}


if __name__ == "__main__":
    main()
