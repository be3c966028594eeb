"""Runs of 40 short scenarios on 6 virtual handsets (3 models, 2 of each) while things go wrong at random.

    python tests/benchmarks/chaos.py [--runs 20] [--at-once 3] [--seed 1] [--speed 5] [--only KIND …] [--keep FOLDER]

In each run one to three things happen, seeded: a handset's process dies, it is unplugged for good, it restarts, its
system_server dies, it fails everything at once (a black hole), a worker is killed -9, the adb server of two handsets
ends, the controller is killed -9 and its run resumed. The handsets outlive the runs; what was done to one is undone by
a new one. A run mostly waits, so several are run at a time, each on six handsets of its own; what happens in a run is
drawn from the seed and its number, whenever and beside whatever it is run.

After each run: every scheduled scenario has exactly one verdict in the journal, and Allure's last word is the same; no
verdict blames the build, and none that passed had not run; the exit code is 0 where all passed and 6 otherwise; every
handset that was struck for good in time is named; no lease and no process is left. Ctrl+C and SIGTERM end it with the
figures of the runs that were over.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from statistics import median
from typing import Any
from uuid import uuid4

import chaos_checks as checks
from chaos_lab import FOR_GOOD, KINDS, Phone, Phones, Server, Strike, devices_file, draw, marked, workers

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "suites" / "builds" / "compact" / "build.yaml"
MARK = "POCKETFARM_CHAOS"
TESTS = 40
FOLDABLE = 8
"""So many of the scenarios need a foldable, which two handsets are."""
INTERRUPTED = 130
DEADLINE_S = 600.0
LOOK_EVERY_S = 0.03
IDLE_S = 120.0
"""A run that tells its journal nothing for so long hangs, however busy this machine is."""
GONE_WITHIN_S = 5.0
NAMED_BEFORE = 20
"""A handset that is struck for good before so many units have ended is found out: there is work for it left."""


def scenario_id(number: int) -> str:
    return f"suites/s{number:02}.yaml::short {number:02}"


def write_suite(folder: Path) -> None:
    (folder / "suites").mkdir(parents=True)
    (folder / "pytest.ini").write_text("[pytest]\n")
    for number in range(TESTS):
        needs = "needs: {foldable: true}\n" if number % (TESTS // FOLDABLE) == 0 else ""
        step = f'  - {{text: "What is {number} + 3?", via: intent, expect: {{contains: "{number + 3}"}}}}\n'
        text = f"scenario: short {number:02}\n{needs}steps:\n{step}"
        (folder / "suites" / f"s{number:02}.yaml").write_text(text)


@dataclass
class Outcome:
    """What became of one run."""

    number: int
    strikes: Sequence[Strike]
    exit: int | None = None
    """None: it hung."""
    seconds: float = 0.0
    told: checks.Told | None = None
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        verdicts = Counter(verdict for each in (self.told.verdicts if self.told else {}).values() for verdict in each)
        words = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common()) or "no verdict"
        again = sum(self.told.attempts.values()) - len(self.told.attempts) if self.told else 0
        what = "; ".join(map(str, self.strikes))
        end = "hang" if self.exit is None else f"exit {self.exit}"
        state = "ok" if not self.problems else f"{len(self.problems)} PROBLEMS"
        return f"run {self.number}: {self.seconds:5.1f} s  {end}  {words}, {again} run again  [{what}]  {state}"


class StoppedError(Exception):
    """We were told to end before this run was over."""


class Run:
    """One run of pytest, and what is done to it."""

    def __init__(
        self, folder: Path, phones: Phones, server: Server, outcome: Outcome, told_to_stop: threading.Event
    ) -> None:
        self._folder, self._phones, self._server, self._outcome = folder, phones, server, outcome
        self._told_to_stop = told_to_stop
        self._mark = uuid4().hex
        self._ends = time.monotonic() + DEADLINE_S
        self._told, self._told_at = 0, time.monotonic()
        self._read, self._units = 0, 0

    def run(self) -> None:
        began = time.monotonic()
        waiting = list(self._outcome.strikes)
        process = self._start("suites", "-n", str(len(self._phones.each)))
        while process.poll() is None:
            if self._told_to_stop.wait(LOOK_EVERY_S):
                self._kill(process)
                raise StoppedError
            if self._hangs():
                self._hung(process)
                break
            if waiting and self._units_ended() >= waiting[0].after:
                process = self._strike(process, waiting.pop(0))
        else:
            self._outcome.exit = process.returncode
        self._outcome.seconds = time.monotonic() - began
        self._await_end_of_processes()
        self._outcome.strikes = [strike for strike in self._outcome.strikes if strike not in waiting]

    @property
    def _reports(self) -> Path:
        return self._folder / "reports" / "latest"

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        without = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")
        command = [sys.executable, "-m", "pytest", *without, "-v", f"--build={BUILD}", *arguments]
        with (self._folder / "out.txt").open("ab") as out:
            return subprocess.Popen(
                command,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=os.environ | {MARK: self._mark},
                start_new_session=True,
            )

    def _strike(self, process: subprocess.Popen[bytes], strike: Strike) -> subprocess.Popen[bytes]:
        time.sleep(strike.delay_s)
        with (self._folder / "strikes.txt").open("a") as told:
            told.write(f"{time.strftime('%H:%M:%S')} {strike}\n")
        if strike.kind == "worker":
            found = workers(marked(MARK, self._mark))
            if found:
                os.kill(found[int(strike.delay_s * 1e6) % len(found)], signal.SIGKILL)
        elif strike.kind == "adb server":
            self._server.close()
        elif strike.kind == "controller":
            return self._resumed(process)
        else:
            self._phones.each[strike.handset].strike(strike)
        return process

    def _resumed(self, process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        """Killed, and continued as its user would."""
        if process.poll() is not None:
            return process
        process.kill()
        process.wait()
        self._await_end_of_processes()
        return self._start("--resume", str(self._reports.resolve()))

    def _hangs(self) -> bool:
        told = checks.size(self._reports)
        if told != self._told:
            self._told, self._told_at = told, time.monotonic()
        return time.monotonic() > min(self._ends, self._told_at + IDLE_S)

    def _hung(self, process: subprocess.Popen[bytes]) -> None:
        """Where everybody stands is told in out.txt."""
        self._outcome.problems.append("hangs")
        for pid in [*workers(marked(MARK, self._mark)), process.pid]:
            os.kill(pid, signal.SIGABRT)
        time.sleep(1)
        self._kill(process)

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        """It, its workers, and what they have started."""
        for pid in marked(MARK, self._mark):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()

    def _units_ended(self) -> int:
        """The journal is only read where it has grown."""
        told = checks.size(self._reports)
        if told != self._read:
            self._read, self._units = told, checks.units_ended(self._reports)
        return self._units

    def _await_end_of_processes(self) -> None:
        ends = time.monotonic() + GONE_WITHIN_S
        while left := marked(MARK, self._mark):
            if time.monotonic() > ends:
                self._outcome.problems += [f"process {pid} is left: {command!r}" for pid, command in left.items()]
                for pid in left:
                    os.kill(pid, signal.SIGKILL)
                return
            time.sleep(0.05)


class Lane:
    """Runs one after the other on six handsets; `told_to_stop` ends them."""

    def __init__(
        self, phones: Phones, seed: int, folder: Path, only: Sequence[str], told_to_stop: threading.Event
    ) -> None:
        self._phones, self._seed, self._folder, self._only = phones, seed, folder, only
        self._told_to_stop = told_to_stop

    def run(self, number: int) -> Outcome:
        chance = random.Random(f"{self._seed}-{number}")
        kinds = self._only or KINDS
        outcome = Outcome(number, draw(chance, kinds[number % len(kinds)], TESTS))
        self._phones.ready()
        through_server = self._through_server(chance, outcome.strikes)
        folder = self._folder / f"run-{number}"
        write_suite(folder)
        server = Server(through_server)
        try:
            (folder / "devices.yaml").write_text(devices_file(self._phones, server))
            Run(folder, self._phones, server, outcome, self._told_to_stop).run()
        except StoppedError:
            shutil.rmtree(folder)
            raise
        finally:
            server.close()
        self._examine(folder, outcome)
        if not outcome.problems:
            shutil.rmtree(folder)
        return outcome

    def _through_server(self, chance: random.Random, strikes: Sequence[Strike]) -> list[Phone]:
        wanted = any(strike.kind == "adb server" for strike in strikes) or chance.random() < 0.25
        return chance.sample(list(self._phones.each.values()), 2) if wanted else []

    def _examine(self, folder: Path, outcome: Outcome) -> None:
        reports = folder / "reports" / "latest"
        outcome.told = told = checks.read(reports)
        found = outcome.problems
        found += checks.wrong_accounts(told, [scenario_id(number) for number in range(TESTS)])
        found += checks.wrong_allure(told, reports / "allure-results")
        expected = checks.expected_exit(told)
        if outcome.exit is not None and outcome.exit != expected:
            found.append(f"exit code {outcome.exit}, not {expected}")
        found += self._unnamed(folder, outcome)
        found += [what for phone in self._phones.each.values() for what in phone.left()]
        if found:
            (folder / "problems.txt").write_text("\n".join([str(outcome), *found]) + "\n")

    def _unnamed(self, folder: Path, outcome: Outcome) -> list[str]:
        _, _, summary = (folder / "out.txt").read_text(errors="replace").rpartition("= Pocketfarm =")
        struck = [each for each in outcome.strikes if each.kind in FOR_GOOD and each.after < NAMED_BEFORE]
        return [f"{each.handset} is not named: {each}" for each in struck if each.handset not in summary]


class Lanes:
    """The runs `numbers`, several at a time; `outcomes` comes by and by, and so do the lines that tell them."""

    def __init__(self, numbers: Sequence[int], seed: int, speed: float, folder: Path, only: Sequence[str]) -> None:
        self._seed, self._speed, self._folder, self._only = seed, speed, folder, only
        self._numbers: SimpleQueue[int] = SimpleQueue()
        for number in numbers:
            self._numbers.put(number)
        self._told_to_stop = threading.Event()
        self._ended: SimpleQueue[Outcome | None] = SimpleQueue()
        self.outcomes: list[Outcome] = []

    def run(self, at_once: int) -> None:
        """Until all are over; when this thread is interrupted, those that are under way are given up first."""
        with ThreadPoolExecutor(at_once, "lane") as pool:
            lanes = [pool.submit(self._lane) for _ in range(at_once)]
            try:
                open_lanes = at_once
                while open_lanes:
                    outcome = self._ended.get()
                    if outcome is None:
                        open_lanes -= 1
                        continue
                    self.outcomes.append(outcome)
                    print(outcome, *outcome.problems, sep="\n  ", flush=True)
            finally:
                self._told_to_stop.set()
        for lane in lanes:
            lane.result()

    def _lane(self) -> None:
        try:
            with Phones(self._speed) as phones:
                lane = Lane(phones, self._seed, self._folder, self._only, self._told_to_stop)
                while not self._told_to_stop.is_set():
                    self._ended.put(lane.run(self._numbers.get_nowait()))
        except (Empty, StoppedError):
            return
        except Exception:
            self._told_to_stop.set()
            traceback.print_exc()
            raise
        finally:
            self._ended.put(None)


def report(outcomes: Sequence[Outcome], seconds: float, at_once: int) -> dict[str, Any]:
    verdicts = Counter(
        verdict
        for each in outcomes
        for found in (each.told.verdicts if each.told else {}).values()
        for verdict in found
    )
    problems = [what for each in outcomes for what in each.problems]

    def count(word: str) -> int:
        return sum(word in what for what in problems)

    figures = {
        "runs": len(outcomes),
        "runs_with_problems": sum(bool(each.problems) for each in outcomes),
        "scenarios": TESTS * len(outcomes),
        "verdicts": dict(verdicts),
        "without_one_verdict": count("verdicts"),
        "wrong_blames": count("wrong blame") + count("has not run"),
        "hangs": count("hangs"),
        "leases_left": count("leased by"),
        "processes_left": count("process"),
        "unnamed_handsets": count("is not named"),
        "wrong_exit_codes": count("exit code"),
        "allure_differs": count("Allure says"),
        "median_s": round(median([each.seconds for each in outcomes] or [0]), 1),
        "worst_s": round(max([each.seconds for each in outcomes] or [0]), 1),
        "wall_s": round(seconds, 1),
        "strikes": dict(Counter(strike.kind for each in outcomes for strike in each.strikes)),
        "at_once": at_once,
    }
    for name, value in figures.items():
        print(f"{name:<20} {value}")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--at-once", type=_count, default=3, metavar="N", help="so many runs at a time (default: 3)")
    parser.add_argument("--first", type=int, default=0, help="number of the first run: one run again, with --runs 1")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", type=float, default=5)
    parser.add_argument("--only", nargs="*", choices=KINDS, default=[], help="what each run begins with")
    parser.add_argument("--keep", type=Path, help="where runs with problems are kept (default: a new folder)")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="pocketfarm-chaos-"))
    began = time.monotonic()
    numbers = range(asked.first, asked.first + asked.runs)
    lanes = Lanes(numbers, asked.seed, asked.speed, folder, asked.only)
    stopped = False
    try:
        lanes.run(min(asked.at_once, len(numbers)))
    except KeyboardInterrupt:
        stopped = True
    figures = report(lanes.outcomes, time.monotonic() - began, asked.at_once)
    if figures["runs_with_problems"]:
        print(f"kept in {folder}")
    if stopped:
        print(f"stopped: {len(numbers) - len(lanes.outcomes)} of {len(numbers)} runs were not over")
    print(json.dumps(figures))
    sys.exit(INTERRUPTED if stopped else 1 if figures["runs_with_problems"] else 0)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


if __name__ == "__main__":
    main()
