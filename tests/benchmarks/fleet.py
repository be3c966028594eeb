"""12 virtual handsets, really run: the wall time of `pytest -n auto` against the best possible, and `--dist load`.

    python tests/benchmarks/fleet.py [--tests 60] [--seed 1] [--speed 2] [--no-load]

A suite of scenarios with skewed durations (an assistant that counts up to 3, or to 150) and needs, on three models. At
a low speed the handsets mostly wait for their own tokens, and so does this machine: what is measured is who waits for
whom, not how many cores there are. Run first with durations unknown, then with those of the run before; then the same
scenarios without needs, durations unknown.

The best possible for the durations as they were, each on the handset that ran it: the start-up, until the first
scenario began, and then `Queue.bound`: the longest; for each set of handsets, what only they can run by their number.

The farm has its own scheduler whatever `--dist` says, so `load` is put in its place by a plugin of this benchmark, and
runs in workers of the farm. It knows no needs: what it sends where it cannot be run is NOT_RUN, and counted, so that
its wall time is of less work. It can be compared where every scenario can be run anywhere.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chaos_checks import journal

from framework.fleet.planning.queue import Job, Queue, Station
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "suites" / "builds" / "compact" / "build.yaml"
FLEET = {"fold": ("xiaomi-mix-fold-3", 2), "thirteen": ("xiaomi-13", 4), "ten": ("xiaomi-10", 6)}
"""Name → profile, and how many there are."""
NEEDS = (("", 0.6), ("foldable: true", 0.1), ("tags: [thirteen]", 0.2), ("tags: [ten]", 0.1))
"""Needs, and which share of the tests has them."""
RUNS = {"needs": ("first", "known", "load"), "anywhere": ("first", "load")}
"""Suite → how it is run, in this order."""
HIGHEST = 150
WITHIN_S = 900.0

LOAD = """
import pytest
from xdist.scheduler import LoadScheduling


class Load(LoadScheduling):
    # By xdist's own rules; the farm's controller is told what is scheduled, so that it can account for it.

    def schedule(self):
        if self.collection is None:
            tests = next(iter(self.node2collection.values()))
            self.config.pluginmanager.getplugin("pocketfarm-parallel").schedule(tests)
        super().schedule()


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_make_scheduler(config, log):
    return Load(config, log)
"""


@dataclass(frozen=True)
class Ran:
    """One run: seconds from its start."""

    wall_s: float
    startup_s: float
    """Until the first scenario began."""
    seconds: Mapping[str, float]
    """Test → how long its unit took."""
    verdicts: Counter[str]
    exit: int

    @property
    def left_out(self) -> int:
        """Tests that were sent where they cannot be run."""
        return self.verdicts["NOT_RUN"]

    def bound_s(self, stations: Sequence[Station], able: Mapping[str, frozenset[str]]) -> float:
        """The best possible with these durations."""
        jobs = [Job(test, seconds) for test, seconds in self.seconds.items()]
        return self.startup_s + Queue(jobs, stations, lambda test, name: name in able[test]).bound().seconds


def write_suite(folder: Path, tests: int, seed: int, *, needy: bool = True) -> dict[str, frozenset[str]]:
    """Scenario files; test id → the handsets that can run it. Without `needy` they are as long, and need nothing."""
    chance = random.Random(seed)
    (folder / "suites").mkdir(parents=True)
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "use_load.py").write_text(LOAD)
    everyone = frozenset(names())
    able = {}
    for number in range(tests):
        (need,) = chance.choices([need for need, _ in NEEDS], [share for _, share in NEEDS])
        need = need if needy else ""
        last = min(HIGHEST, max(3, round(chance.lognormvariate(3.3, 0.9))))
        steps = f'steps:\n  - {{text: "Count to {last}.", via: intent, expect: {{contains: "{last}"}}}}\n'
        needs = f"needs: {{{need}}}\n" if need else ""
        (folder / "suites" / f"s{number:03}.yaml").write_text(f"scenario: count {number:03}\n{needs}{steps}")
        kind = {"": "", "foldable: true": "fold"}.get(need, need.removeprefix("tags: [").rstrip("]"))
        able[f"suites/s{number:03}.yaml::count {number:03}"] = frozenset(n for n in everyone if n.startswith(kind))
    return able


def names() -> list[str]:
    return [f"{kind}-{number}" for kind, (_, count) in FLEET.items() for number in range(1, count + 1)]


def stations() -> list[Station]:
    return [Station(name, name.partition("-")[0]) for name in names()]


def run(folder: Path, *arguments: str) -> Ran:
    without = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    command = [sys.executable, "-m", "pytest", *without, "--build", str(BUILD), "suites", "-n", "auto", *arguments]
    began, began_wall = time.monotonic(), time.time()
    with (folder / "out.txt").open("ab") as out:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": str(folder)},
            timeout=WITHIN_S,
            check=False,
        )
    wall_s = time.monotonic() - began
    seconds: dict[str, float] = {}
    verdicts: Counter[str] = Counter()
    first = None
    for record in journal(folder / "reports" / "latest"):
        if record["kind"] == "UnitStarted":
            first = first or record["at"]
        elif record["kind"] == "UnitFinished":
            result = record["result"]
            seconds[result["unit"]["id"]] = result["seconds"]
        elif record["kind"] == "Concluded":
            verdicts[record["verdict"]] += 1
    return Ran(wall_s, (first or began_wall) - began_wall, seconds, verdicts, done.returncode)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", type=float, default=2)
    parser.add_argument("--no-load", action="store_true", help="the farm's own scheduler only")
    asked = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="pocketfarm-fleet-"))
    figures: dict[str, Any] = {"handsets": len(names()), "tests": asked.tests, "speed": asked.speed}
    requests = [VirtualRequest(name, FLEET[name.partition("-")[0]][0], speed=asked.speed) for name in names()]
    with virtual_handsets(requests[::2]) as some, virtual_handsets(requests[1::2]) as others:
        lines = ["handsets:"]
        for each in sorted((*some.endpoints(), *others.endpoints()), key=lambda one: names().index(one.name)):
            tags = each.name.partition("-")[0]
            way = f"address: '{each.adb}', appium: '{each.appium}', tags: [{tags}]"
            lines.append(f"  - {{name: {each.name}, kind: tcp, {way}}}")
        for suite in ("needs", "anywhere"):
            folder = root / suite
            able = write_suite(folder, asked.tests, asked.seed, needy=suite == "needs")
            (folder / "devices.yaml").write_text("\n".join(lines) + "\n")
            for name in RUNS[suite]:
                if name != "load" or not asked.no_load:
                    ran = run(folder, *(("-p", "use_load") if name == "load" else ()))
                    figures[f"{suite}_{name}"] = told(f"{suite} {name}", ran, able)
        if not asked.no_load:
            figures["load_over_ours"] = compared(figures)
    print(f"kept in {root}")
    print(json.dumps(figures))


def told(name: str, ran: Ran, able: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    best_s = ran.bound_s(stations(), able)
    figures = {
        "wall_s": round(ran.wall_s, 1),
        "startup_s": round(ran.startup_s, 1),
        "best_s": round(best_s, 1),
        "over_best": round(ran.wall_s / best_s, 3),
        "work_s": round(sum(ran.seconds.values()), 1),
        "longest_s": round(max(ran.seconds.values(), default=0), 1),
        "verdicts": dict(ran.verdicts),
        "left_out": ran.left_out,
        "exit": ran.exit,
    }
    print(f"{name:<14}", *(f"{key} {value}" for key, value in figures.items()), sep="  ", flush=True)
    return figures


def compared(figures: Mapping[str, Any]) -> float:
    """The wall time of `load` over ours, where every scenario can be run anywhere."""
    ours, load = figures["anywhere_first"], figures["anywhere_load"]
    ratio = round(float(load["wall_s"] / ours["wall_s"]), 3)
    left_out, tests = figures["needs_load"]["left_out"], figures["tests"]
    print(f"load takes {ratio} of our time where all run anywhere; with needs it leaves out {left_out} of {tests}")
    return ratio


if __name__ == "__main__":
    main()
