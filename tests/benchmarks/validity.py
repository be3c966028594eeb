"""Are untrue measurements found, and true ones believed? Twelve kinds of untruth, injected into real scenarios.

Each repetition is a scenario through the whole session on an emulated handset at its default speed. Of each kind, 20
faults are drawn from what matters up to far above it, and 8 below, continuously (log-uniform); beside them 200
repetitions without a fault. What matters is stated with each kind, by what it does to a figure. A fault is found if
its own rule objects and the repetition is not believed (INVALID; FAIL where the answer is missing as well).

A machine that is busy with other things makes real gaps in the samples, which are then told as false alarms: run it on
a quiet one, or slower (`--speed 5`).

Prints a table, detection against size as a curve, and as its last line one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from untruths import COOL_C, KINDS, Kind, Scene

from framework.contract.run import Repetition, RepetitionFinished, RunEvent, TraceBegan, TurnFinished
from framework.contract.scenario import Scenario
from framework.contract.verdict import Verdict
from framework.deploy import Build, load_build
from framework.fleet.inventory import read_inventory
from framework.plugin.virtual_fleet import VirtualFleet
from framework.session import Order, Session

ROOT = Path(__file__).resolve().parents[2]
ABOVE, BELOW, CLEAN = 20, 8, 200
ASKED = ("ttft_ms", "tpot_ms", "total_ms", "rss_mb", "swap_mb", "skin_c", "soc_c", "battery_c", "power_mw")
SCENARIO = Scenario.model_validate(
    {
        "scenario": "A sum, the weather and a story",
        "start": {"skin_below_c": COOL_C},
        "steps": [
            {"text": "What is twelve times seven?", "via": "intent", "expect": {"contains": "84"}},
            {"text": "What is the weather in Hanoi tomorrow?", "via": "intent", "expect": {"contains": "Hanoi"}},
            {"text": "Tell me a long story.", "via": "intent", "expect": {"contains": "fox"}},
        ],
        "budget": {name: {"max": 1e6} for name in ASKED} | {"decode_tps": {"min": 0.01}},
    }
)
TALK = 2
"""Turns before the long one, in which faults in the middle of an answer begin."""

TRIES = 8


@dataclass(frozen=True)
class Job:
    kind: Kind | None
    size: float = 0.0


@dataclass(frozen=True)
class Outcome:
    job: Job
    handset: str
    verdict: Verdict
    rules: frozenset[str]
    reasons: tuple[str, ...]
    late: bool
    """Whether the emulator really gave up device time."""

    @property
    def found(self) -> bool:
        kind = self.job.kind
        return kind is not None and kind.rule in self.rules and self.verdict in (Verdict.INVALID, Verdict.FAIL)

    @property
    def told(self) -> str:
        what = "clean" if self.job.kind is None else f"{self.job.kind.name} {self.job.size:.3g}"
        return f"{what} on {self.handset}: {self.verdict.value} {', '.join(sorted(self.rules))}"


class Saboteur:
    """Observer that does its job in the repetition that is under way, and keeps how it ended."""

    def __init__(self) -> None:
        self.scene: Scene | None = None
        self.job = Job(None)
        self.last: Repetition | None = None
        self._thread: threading.Thread | None = None

    def notify(self, event: RunEvent) -> None:
        if isinstance(event, RepetitionFinished):
            self.last = event.repetition
            if self._thread is not None:
                self._thread.join()
                self._thread = None
        elif self.scene is not None and self.job.kind is not None:
            self._act(event, self.scene, self.job.kind)

    def _act(self, event: RunEvent, scene: Scene, kind: Kind) -> None:
        turns = int(self.job.size) if kind.when == "between turns" else 0
        if kind.when != "within an answer" and (_turn(event) == turns if turns else isinstance(event, TraceBegan)):
            kind.inject(scene, self.job.size)
        elif kind.when == "within an answer" and isinstance(event, TurnFinished) and event.turn.number == TALK:
            arguments = (scene, kind, self.job.size, event.turn.end_ns)
            self._thread = threading.Thread(target=self._when_answering, args=arguments)
            self._thread.start()

    def _when_answering(self, scene: Scene, kind: Kind, size: float, since_ns: int) -> None:
        """Wait for the next answer to begin (by the truth: whatever the host hears of it may be late)."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            events = scene.control.truth(since_ns + 1)["events"]
            if any(event["kind"] == "first_token" for event in events):
                kind.inject(scene, size)
                return
            time.sleep(0.005)


def _turn(event: RunEvent) -> int | None:
    return event.turn.number if isinstance(event, TurnFinished) else None


class Worker(threading.Thread):
    """One handset, taking jobs until there are none."""

    def __init__(
        self, fleet: VirtualFleet, name: str, build: Build, jobs: queue.Queue[Job], done: list[Outcome]
    ) -> None:
        super().__init__(name=name)
        self._fleet, self._build, self._jobs, self._done = fleet, build, jobs, done
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            self._run()
        except BaseException as error:
            self.failure = error
            raise

    def _run(self) -> None:
        saboteur = Saboteur()
        with ExitStack() as stack:
            target, control = self._fleet.target(self.name), self._fleet.control(self.name)
            session = Session(target, self._build, [saboteur], who="benchmark", why="validity", attempts=1)
            stack.enter_context(session.open())
            scene = Scene(self.name, control, session)
            scene.unplug()
            self._calibrate(scene, saboteur)
            saboteur.scene = scene
            with suppress(queue.Empty):
                while True:
                    self._do(scene, saboteur, self._jobs.get_nowait())

    def _calibrate(self, scene: Scene, saboteur: Saboteur) -> None:
        """The rate of decoding and of sampling that this handset has when nothing is done to it."""
        self._play(scene, saboteur)
        assert saboteur.last is not None
        assert saboteur.last.trace is not None
        scene.tokens_per_s = saboteur.last.turns[TALK].metrics["decode_tps"]
        times = [at for at, _ in saboteur.last.trace.series["throttle"].points]
        scene.period_s = median(after - before for before, after in pairwise(times)) / 1e9

    def _do(self, scene: Scene, saboteur: Saboteur, job: Job) -> None:
        """Once, and again where this machine was too busy for it: an experiment that was not made has no outcome."""
        saboteur.job = job
        for _ in range(TRIES):
            before = scene.slipped_ms()
            repetition = self._play(scene, saboteur)
            late = scene.slipped_ms() > before
            made = self._made(scene, job.kind, repetition)
            scene.mend()
            if made and (not late or (job.kind is not None and job.kind.rule == "emulator_late")):
                break
        rules = frozenset(doubt.rule for doubt in repetition.doubts)
        self._done.append(Outcome(job, self.name, repetition.verdict, rules, repetition.reasons, late))
        print(f"{len(self._done)} done, {self._jobs.qsize()} to go: {self._done[-1].told}", file=sys.stderr, flush=True)

    def _made(self, scene: Scene, kind: Kind | None, repetition: Repetition) -> bool:
        """Whether the fault began when it was meant to: one for the middle of an answer, well before its end."""
        if kind is None or kind.when != "within an answer":
            return True
        if len(repetition.turns) <= TALK:
            return False
        turn, begun = repetition.turns[TALK], scene.control.faults()[-1]["begin_ns"]
        return bool(turn.start_ns < begun < turn.start_ns + 0.7 * (turn.end_ns - turn.start_ns))

    def _play(self, scene: Scene, saboteur: Saboteur) -> Repetition:
        """A repetition that was begun: one that never got cool enough is tried again."""
        for _ in range(4):
            scene.session.run(Order("validity", "validity", SCENARIO))
            assert saboteur.last is not None
            if saboteur.last.trace is not None:
                return saboteur.last
        raise AssertionError(f"{scene.name}: {saboteur.last.reasons if saboteur.last else ''}")


def drawn(kind: Kind, chance: random.Random, low: float, high: float) -> float:
    """Log-uniform; kinds that begin at 0 are linear."""
    return chance.uniform(low, high) if kind.least == 0 else low * (high / low) ** chance.random()


def draw_jobs(seed: int, kinds: Sequence[Kind], share: float) -> list[Job]:
    chance = random.Random(seed)
    above, below, clean = (max(1, round(number * share)) for number in (ABOVE, BELOW, CLEAN))
    jobs = [Job(None)] * clean
    for kind in kinds:
        jobs += [Job(kind, drawn(kind, chance, kind.matters, kind.most)) for _ in range(above)]
        jobs += [Job(kind, drawn(kind, chance, kind.least, kind.matters)) for _ in range(below)]
    chance.shuffle(jobs)
    return jobs


def run(names: Sequence[str], jobs: Iterable[Job], speed: float | None) -> list[Outcome]:
    waiting: queue.Queue[Job] = queue.Queue()
    for job in jobs:
        waiting.put(job)
    done: list[Outcome] = []
    build = load_build(ROOT / "suites" / "builds" / "compact" / "build.yaml")
    fleet = VirtualFleet(read_inventory(ROOT / "devices.yaml"), speed)
    try:
        workers = [Worker(fleet, name, build, waiting, done) for name in names]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    finally:
        fleet.close()
    for worker in workers:
        if worker.failure is not None:
            print(f"{worker.name} gave up: {worker.failure!r}")
    return done


def curve(outcomes: Sequence[Outcome], bins: int = 7) -> str:
    """Found of all, in bins of growing size with about as many faults each."""
    ordered = sorted(outcomes, key=lambda one: one.job.size)
    edges = [round(number * len(ordered) / bins) for number in range(bins + 1)]
    parts = [ordered[low:high] for low, high in pairwise(edges) if high > low]
    return "  ".join(
        f"{part[0].job.size:.3g}–{part[-1].job.size:.3g}: {sum(one.found for one in part)}/{len(part)}"
        for part in parts
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--share", type=float, default=1.0, help="of the repetitions, for a quick look")
    parser.add_argument("--kind", action="append", choices=[kind.name for kind in KINDS], help="only these kinds")
    parser.add_argument("--handset", action="append", help="of devices.yaml; default: as many as keep all cores busy")
    parser.add_argument("--speed", type=float, help="default: that of devices.yaml; slower for a machine that is busy")
    options = parser.parse_args()
    inventory = read_inventory(ROOT / "devices.yaml")
    virtual = [handset.name for handset in inventory.handsets if handset.kind == "virtual"]
    names = options.handset or virtual[: (os.cpu_count() or 1) + 1]
    kinds = [kind for kind in KINDS if not options.kind or kind.name in options.kind]
    began = time.monotonic()
    jobs = draw_jobs(options.seed, kinds, options.share)
    outcomes = run(names, jobs, options.speed)
    report(kinds, outcomes, len(jobs), time.monotonic() - began)


def report(kinds: Sequence[Kind], outcomes: Sequence[Outcome], planned: int, seconds: float) -> None:
    found: dict[str, int] = {}
    print(f"{'kind':<16} {'rule':<18} {'matters from':<32} {'found':>7}  {'below':>6}")
    for kind in kinds:
        mine = [one for one in outcomes if one.job.kind is kind]
        above = [one for one in mine if one.job.size >= kind.matters]
        below = [one for one in mine if one.job.size < kind.matters]
        found[kind.name] = sum(one.found for one in above)
        matters = f"{kind.matters:g} {kind.unit}"
        told = f"{found[kind.name]}/{len(above)}", f"{sum(one.found for one in below)}/{len(below)}"
        print(f"{kind.name:<16} {kind.rule:<18} {matters:<32} {told[0]:>7}  {told[1]:>6}")
        print(f"{'':<16} {kind.why}")
        print(f"{'':<16} {curve(mine)}")
        for one in above:
            if not one.found:
                print(f"{'':<16} missed: {one.job.size:.3g} on {one.handset}: {one.verdict.value} {one.reasons}")
    clean = [one for one in outcomes if one.job.kind is None]
    true = [one for one in clean if not one.late]
    alarms = [one for one in true if one.rules or one.verdict is not Verdict.PASS]
    for one in alarms:
        print(f"false alarm on {one.handset}: {one.verdict.value} {one.reasons}")
    wanted = sum(1 for one in outcomes if one.job.kind is not None and one.job.size >= one.job.kind.matters)
    print(f"{len(clean)} clean repetitions, of which {len(clean) - len(true)} on an emulator that was really late")
    summary: dict[str, object] = {
        "found": sum(found.values()),
        "of": wanted,
        "worst_kind": min(found.values(), default=0),
        "clean": len(true),
        "false_alarms": len(alarms),
        "by_rule": Counter(rule for one in alarms for rule in one.rules),
        "seconds": round(seconds, 1),
        "done": len(outcomes),
        "planned": planned,
    }
    enough = sum(found.values()) >= 0.975 * wanted and min(found.values(), default=0) >= 0.85 * wanted / len(kinds)
    summary["holds"] = enough and len(alarms) <= 0.02 * len(clean) and len(outcomes) == planned
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
