"""Every fault of the lab and of the build, at random moments of a conversation: what becomes of the run.

    python tests/benchmarks/faults.py [--kind KIND …] [--times 20] [--speed 40] [--seed 1]

Each run is one unit of two turns on a virtual handset, into which one fault is put at a random (seeded) moment of its
conversation. Faults of the line are put in straight to adbd and through a real adb server of our own, in turn. Most end
by themselves after a moment; of those that can last, one in ten lasts until the run is over.

Wrong blame is a FAIL where the lab was at fault, and anything but a FAIL where the build was at fault within a turn. A
run that takes longer than its deadline is a hang. At the end nothing may be left: no lease, no process on a handset, no
thread, child or port here, no forward at the adb server.
"""

from __future__ import annotations

import argparse
import json
import queue
import random
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

from fault_kinds import KINDS, TALK, Kind
from leftovers import left_on, nothing_left

from framework.contract.capabilities import Target
from framework.contract.errors import FarmError, HandsetError, UsageError
from framework.contract.run import Repetition, RepetitionFinished, RunEvent, TraceBegan, TurnFinished, UnitResult
from framework.contract.scenario import Scenario
from framework.contract.verdict import Verdict
from framework.deploy import load_build
from framework.handset.adb_server import ask, connect_handset
from framework.handset.handset import open_handset
from framework.handset.own_server import own_server
from framework.session import Order, Session
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

ROOT = Path(__file__).resolve().parents[2]
HANDSETS = 2
DEADLINE_S = 240.0
"""A run: three attempts, and up to the ladder's end between them."""

Way = Literal["straight", "server"]


@dataclass(frozen=True)
class Job:
    kind: Kind
    way: Way
    when: float
    """Share of the conversation's usual length."""
    lasts_s: float | None
    """None: until the run is over, or as long as the fault lasts by itself."""


@dataclass(frozen=True)
class Outcome:
    job: Job
    verdict: Verdict | None
    """None: it hung."""
    reasons: tuple[str, ...]
    attempts: int
    mended: tuple[str, ...]
    hit: bool
    """Whether the fault began within a turn of an attempt that was recorded."""
    seconds: float
    again: tuple[str, ...] = ()
    """Why attempts before the last were measured again."""

    @property
    def column(self) -> str:
        if self.verdict is None:
            return "hang"
        names = {Verdict.PASS: "recovered", Verdict.LAB: "HandsetError", Verdict.INVALID: "INVALID"}
        return names.get(self.verdict, "product")

    @property
    def wrong(self) -> bool:
        """Blamed on the wrong side."""
        blamed = self.verdict is not None and self.verdict.blames_build
        return (self.hit and not blamed) if self.job.kind.product else blamed

    @property
    def precise(self) -> bool:
        """An error of the lab says what is to be done."""
        return self.verdict is not Verdict.LAB or any("(" in reason for reason in self.reasons)

    def __str__(self) -> str:
        lasts = "" if self.job.lasts_s is None else f" for {self.job.lasts_s:.1f} s"
        what = f"{self.job.kind.name}{lasts} at {self.job.when:.2f} ({self.job.way})"
        told = "; ".join((*self.reasons, *self.again))[:400]
        return f"{what}: {self.column} in {self.seconds:.1f} s, {self.attempts} attempts{f': {told}' if told else ''}"


class Saboteur:
    """Observer that puts a fault into the first attempt, a while after it began, and keeps what came of it."""

    def __init__(self, control: Control, speed: float) -> None:
        self._control, self._speed = control, speed
        self.job: Job | None = None
        self.usual_s = 1.0
        self.conversation_s = 0.0
        self._recording_since = 0.0
        self.begun: tuple[int, int] | None = None
        """Boot and boot time."""
        self.repetitions: list[Repetition] = []
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, job: Job | None) -> None:
        self.job, self.begun, self.repetitions = job, None, []
        self._over = threading.Event()

    def end(self) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def notify(self, event: RunEvent) -> None:
        if isinstance(event, RepetitionFinished):
            self.repetitions.append(event.repetition)
        elif isinstance(event, TurnFinished):
            self.conversation_s = time.monotonic() - self._recording_since
        if isinstance(event, TraceBegan):
            self._recording_since = time.monotonic()
        if isinstance(event, TraceBegan) and event.attempt == 1 and self.job is not None and self._thread is None:
            self._thread = threading.Thread(target=self._act, args=(self.job, self._over), daemon=True)
            self._thread.start()

    def _act(self, job: Job, over: threading.Event) -> None:
        """As soon as it can be, from its moment on: no app is in front while it starts."""
        over.wait(job.when * self.usual_s)
        for_s = None if job.lasts_s is None else job.lasts_s * self._speed
        while not over.is_set():
            try:
                number = self._control.fault(job.kind.name, job.kind.size, for_s, job.kind.second)
            except UsageError:
                over.wait(0.02)
                continue
            begun = self._control.faults()[number - 1]
            self.begun = begun["begin_boot"], begun["begin_ns"]
            return


class Worker(threading.Thread):
    """One handset in a process of its own, taking jobs until there are none."""

    def __init__(self, name: str, speed: float, server: str, jobs: queue.Queue[Job], done: list[Outcome]) -> None:
        super().__init__(name=name, daemon=True)
        self._speed, self._server, self._jobs, self._done = speed, server, jobs, done
        self._build = load_build(ROOT / "suites" / "builds" / "compact" / "build.yaml")
        self._session: tuple[Way, Session] | None = None
        self.failure: BaseException | None = None
        self.left: list[str] = []
        self.busy_since: float | None = None

    def run(self) -> None:
        try:
            request = VirtualRequest(self.name, "xiaomi-13", speed=self._speed)
            with virtual_handsets([request]) as started:
                endpoint = started.endpoint(self.name)
                self._adb, self._appium = endpoint.adb, endpoint.appium
                self._control = Control(endpoint.control, self.name)
                self._saboteur = Saboteur(self._control, self._speed)
                try:
                    self._work()
                finally:
                    self._close()
                self.left = self._look_for_leaks()
        except BaseException as error:
            self.failure = error
            traceback.print_exc()

    def _work(self) -> None:
        self._calibrate()
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            self.busy_since = time.monotonic()
            outcome = self._do(job)
            self.busy_since = None
            self._done.append(outcome)
            print(f"{len(self._done)} done, {self._jobs.qsize()} to go: {outcome}", file=sys.stderr, flush=True)

    def _calibrate(self) -> None:
        """How long a conversation takes when nothing is done to it."""
        self._saboteur.begin(None)
        session = self._opened("straight")
        for _ in range(2):
            session.run(order(TALK))
        self._saboteur.usual_s = self._saboteur.conversation_s

    def _do(self, job: Job) -> Outcome:
        session = self._opened(job.way)
        self._saboteur.begin(job)
        began = time.monotonic()
        result = session.run(order(job.kind.steps))
        seconds = time.monotonic() - began
        self._saboteur.end()
        self._control.clear()
        if job.kind.product:  # an app that hangs is told of 5 s later: in the next run, which has nothing to do with it
            with suppress(HandsetError):
                session.handset.shell.run("am", "force-stop", self._build.spec.package)
        if session.check().wrong is not None:  # as in a run, where each handset is looked at, and mended, between tests
            self._close()
        return self._outcome(job, result, seconds)

    def _outcome(self, job: Job, result: UnitResult, seconds: float) -> Outcome:
        repetitions = self._saboteur.repetitions
        mended = tuple(line for one in repetitions for line in one.mended)
        hit = self._hit(repetitions, job.kind.later_s)
        again = tuple(f"before: {one.verdict.value}: {'; '.join(one.reasons)}" for one in repetitions[:-1])
        return Outcome(job, result.verdict, result.reasons, len(repetitions), mended, hit, seconds, again)

    def _hit(self, repetitions: Sequence[Repetition], later_s: float) -> bool:
        if self._saboteur.begun is None:
            return False
        at_ns = self._saboteur.begun[1] + later_s * 1e9
        turns = [turn for one in repetitions for turn in one.turns]
        return any(turn.start_ns <= at_ns <= turn.end_ns for turn in turns)

    # -- sessions ------------------------------------------------------------------------------------------------

    def _opened(self, way: Way) -> Session:
        if self._session is not None and self._session[0] == way:
            return self._session[1]
        self._close()
        session = Session(self._reached(way), self._build, [self._saboteur], who="benchmark", why="faults")
        self._session = way, self._patiently(session)
        return session

    def _patiently(self, session: Session) -> Session:
        """A handset that still starts is waited for."""
        ends = time.monotonic() + DEADLINE_S
        while True:
            try:
                return session.open(lease_timeout_s=30)
            except FarmError:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.5)

    def _reached(self, way: Way) -> Target:
        if way == "straight":
            return Target(self.name, adbd=self._adb, appium_url=self._appium)
        connect_handset(self.name, self._server, self._adb)
        return Target(
            self.name, serial=self._adb, adb_server=self._server, adb_server_ours=True, appium_url=self._appium
        )

    def _close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with suppress(HandsetError):
                session[1].__exit__(None, None, None)

    def _look_for_leaks(self) -> list[str]:
        """What is left on the handset once nobody has it any more."""
        with open_handset(self._reached("straight")) as handset:
            ends = time.monotonic() + 15
            while (left := left_on(handset)) and time.monotonic() < ends:
                time.sleep(0.2)
        return [f"{self.name}: {what}" for what in left]


def order(steps: Sequence[dict[str, Any]]) -> Order:
    return Order("faults", "faults", Scenario.model_validate({"scenario": "faults", "steps": list(steps)}))


def draw_jobs(kinds: Sequence[Kind], times: int, seed: int) -> list[Job]:
    """Straight ones first, so that a session serves many."""
    chance = random.Random(seed)
    jobs = []
    for kind in kinds:
        for number in range(times):
            way: Way = "server" if kind.at_line and number % 2 else "straight"
            for_good = kind.lasts_s is not None and number % 10 == 9 - (number // 10) % 2
            lasts_s = None if kind.lasts_s is None or for_good else chance.uniform(*kind.lasts_s)
            jobs.append(Job(kind, way, chance.uniform(0, 1), lasts_s))
    chance.shuffle(jobs)
    return sorted(jobs, key=lambda job: job.way != "straight")


def run(jobs: Sequence[Job], speed: float) -> tuple[list[Outcome], list[str]]:
    waiting: queue.Queue[Job] = queue.Queue()
    for job in jobs:
        waiting.put(job)
    done: list[Outcome] = []
    left: list[str] = []
    with nothing_left(left), ExitStack() as stack:
        server = stack.enter_context(own_server())
        workers = [Worker(f"phone-{number}", speed, server, waiting, done) for number in range(1, HANDSETS + 1)]
        for worker in workers:
            worker.start()
        _await(workers)
        left += [what for worker in workers for what in worker.left]
        left += [f"forward {line}" for line in ask(server, "host:list-forward").splitlines()]
        left += [f"{worker.name} gave up: {worker.failure!r}" for worker in workers if worker.failure is not None]
    return done, left


def _await(workers: Sequence[Worker]) -> None:
    """A worker whose run is over its deadline hangs: where it stands is told, and the benchmark ends."""
    while any(worker.is_alive() for worker in workers):
        for worker in workers:
            since = worker.busy_since
            if since is not None and time.monotonic() - since > DEADLINE_S:
                frames = sys._current_frames()
                for thread in threading.enumerate():
                    print(
                        f"\n{thread.name}\n{''.join(traceback.format_stack(frames[thread.ident or 0]))}",
                        file=sys.stderr,
                    )
                raise SystemExit(f"{worker.name} hangs: a run takes more than {DEADLINE_S:g} s")
        time.sleep(0.5)


COLUMNS = ("recovered", "HandsetError", "INVALID", "product", "hang")


def report(done: Sequence[Outcome], left: Sequence[str], seconds: float) -> dict[str, Any]:
    print(
        f"{'kind':<22} {'runs':>4} " + " ".join(f"{name:>12}" for name in COLUMNS) + f" {'median s':>9} {'worst s':>8}"
    )
    for kind in KINDS:
        mine = [each for each in done if each.job.kind is kind]
        if mine:
            counted = [sum(each.column == name for each in mine) for name in COLUMNS]
            times = [each.seconds for each in mine]
            figures = " ".join(f"{count:>12}" for count in counted)
            print(f"{kind.name:<22} {len(mine):>4} {figures} {median(times):>9.1f} {max(times):>8.1f}")
    wrong = [each for each in done if each.wrong]
    vague = [each for each in done if not each.precise]
    for title, outcomes in (("wrong blame", wrong), ("without a mend", vague)):
        for each in outcomes:
            print(f"{title}: {each}")
    for what in left:
        print(f"left behind: {what}")
    lab = [each for each in done if not each.job.kind.product]
    return {
        "runs": len(done),
        "hangs": sum(each.verdict is None for each in done),
        "wrong_blame": len(wrong),
        "product_failures_by_the_lab": sum(each.column == "product" for each in lab),
        "recovered": sum(each.column == "recovered" for each in done),
        "handset_errors": sum(each.column == "HandsetError" for each in done),
        "handset_errors_without_mend": len(vague),
        "invalid": sum(each.column == "INVALID" for each in done),
        "product": sum(each.column == "product" for each in done),
        "left_behind": len(left),
        "median_s": round(median([each.seconds for each in done]), 2) if done else None,
        "worst_s": round(max((each.seconds for each in done), default=0), 1),
        "seconds": round(seconds, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--kind", action="append", choices=[kind.name for kind in KINDS], help="repeatable; default: all"
    )
    parser.add_argument("--times", type=int, default=20, help="runs of each kind")
    parser.add_argument("--speed", type=float, default=40, help="device time over host time")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    kinds = [kind for kind in KINDS if not args.kind or kind.name in args.kind]
    began = time.monotonic()
    done, left = run(draw_jobs(kinds, args.times, args.seed), args.speed)
    figures = report(done, left, time.monotonic() - began)
    print(json.dumps(figures))
    good = len(done) == len(kinds) * args.times
    return 0 if good and not left and not figures["wrong_blame"] and not figures["handset_errors_without_mend"] else 1


if __name__ == "__main__":
    sys.exit(main())
