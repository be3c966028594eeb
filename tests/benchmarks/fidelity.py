"""How well latencies, clocks, temperatures and memory are measured, against the truth of virtual handsets.

`fidelity.py [TURNS]`: so many turns at speed 1 and at speed 20, over several handsets at once, with two busy
processes beside. Of every ten turns one part is asked undisturbed, the others while the log loses, doubles and
reorders lines, while the connection is cut, and while the wall clock is set. Each turn is measured by every method.
Last line: one line of JSON; errors and bounds in ms, coverage as shares.
"""

from __future__ import annotations

import itertools
import json
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

from framework.contract.capabilities import Target
from framework.contract.errors import AssistantError, FarmError, HandsetError
from framework.contract.trace import ClockFit, Trace
from framework.deploy import Build, deploy, load_build
from framework.handset.handset import OpenHandset, open_handset
from framework.scenario.conversation import Conversation
from framework.scenario.feed import EventFeed
from framework.trace.methods import Clocks, measure, read_frames
from framework.trace.recorder import Recorder
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

BUILD = Path(__file__).resolve().parents[2] / "suites" / "builds" / "compact" / "build.yaml"
PROFILES = ("xiaomi-mix-fold-3", "xiaomi-13", "xiaomi-12", "xiaomi-11")
QUESTIONS = (
    "What is twelve times seven?",
    "My name is Anna.",
    "What is my name?",
    "How many minutes are in three hours?",
    "Convert five miles to kilometers.",
)
CHUNK = 10
CONDITIONS = ("clean", "log_loss", "log_double and log_reorder", "adbd_restart", "clock_step")
HANDSETS = {1: 4, 20: 2}
METRICS = ("ttft_ms", "tpot_ms", "first_text_ms")
METHODS = ("events", "log", "frames", "screen")
WITHIN_S = 60.0
MS = 1_000_000
TRUE_STEP_NS = 250 * MS
"""The truth is sampled itself."""

NO_EVENTS = 2**62
"""Since when nothing has happened: the truth is then that of the clock alone."""
SENSOR_C = 0.3
"""What a sensor's steps and noise are apart from its node's temperature."""


@dataclass
class Found:
    """What one handset's turns gave; one row is (condition, metric, method, value, bound, truth)."""

    rows: list[tuple[str, str, str, float, float, float]] = field(default_factory=list)
    turns: int = 0
    failed: list[str] = field(default_factory=list)
    fits: list[tuple[float, float]] = field(default_factory=list)
    """Error and stated bound of the clock, ms."""
    samples: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    steps: list[bool] = field(default_factory=list)
    """Whether each step of the wall clock was noticed."""
    reconnects: list[bool] = field(default_factory=list)


class Watched(Conversation):
    """Looks at the screen in each turn, whatever the log tells."""

    def _looks_needed(self) -> bool:
        return True


# -- one handset -----------------------------------------------------------------------------------------------------


def measured(name: str, profile: str, seed: int, speed: float, turns: int) -> Found:
    """So many turns of a virtual handset of its own, in chunks with a fresh conversation each."""
    found, build = Found(), load_build(BUILD)
    with virtual_handsets([VirtualRequest(name, profile, seed, speed)]) as started:
        endpoint = started.endpoint(name)
        control, target = Control(endpoint.control, name), Target(name, adbd=endpoint.adb, appium_url=endpoint.appium)
        with open_handset(target) as handset, handset.lease("fidelity", "a benchmark") as lease:
            deploy(build, handset)
            with EventFeed(handset.log, build.spec) as feed:
                conversation = Watched(handset, build.spec, feed)
                conversation.start()
                for chunk in range(turns // CHUNK):
                    Chunk(handset, build, feed, conversation, control, found, seed * 1000 + chunk).play()
            if not lease.held:
                found.failed.append("the lease was lost")
    return found


class Chunk:
    """Ten turns under one condition, with one recording."""

    def __init__(
        self,
        handset: OpenHandset,
        build: Build,
        feed: EventFeed,
        conversation: Conversation,
        control: Control,
        found: Found,
        number: int,
    ) -> None:
        self._handset, self._build, self._feed, self._conversation = handset, build, feed, conversation
        self._control, self._found = control, found
        self._condition = CONDITIONS[number % len(CONDITIONS)]
        self._random = Random(number)
        self._faults = 0

    def play(self) -> None:
        self._conversation.fresh()
        began_ns = self._now_ns()
        with Recorder(self._handset, self._build.spec.package) as recorder:
            self._begin_faults()
            for turn in range(CHUNK):
                self._found.turns += 1
                try:
                    self._turn(turn, recorder)
                except (AssistantError, HandsetError) as error:
                    self._found.failed.append(f"{self._condition}: {error}")
            self._control.clear()
            trace = recorder.finish((), ())
        self._check_trace(trace, self._control.truth(began_ns))

    def _begin_faults(self) -> None:
        if self._condition == "log_loss":
            self._control.fault("log_loss", 0.05)
        elif self._condition == "log_double and log_reorder":
            self._control.fault("log_double", 0.2)
            self._control.fault("log_reorder", 4)

    def _turn(self, turn: int, recorder: Recorder) -> None:
        began_ns = self._now_ns()
        with self._in_the_middle(turn):
            answer = self._conversation.write(self._random.choice(QUESTIONS), "intent", WITHIN_S)
        recorder.await_samples()
        clocks = Clocks(recorder.clock, recorder.clocks())
        frames = read_frames(self._handset, self._build.spec.package, clocks.device.monotonic)
        truth = true_turn(self._control.truth(began_ns), self._conversation.turn)
        for one in measure(answer.observed, clocks, frames):
            if one.metric in truth and one.metric in METRICS:
                row = (self._condition, one.metric, one.method, one.value, one.bound, truth[one.metric])
                self._found.rows.append(row)

    def _now_ns(self) -> int:
        now_ns: int = self._control.truth(NO_EVENTS)["clock"]["device_ns"]
        return now_ns

    @contextmanager
    def _in_the_middle(self, turn: int) -> Iterator[None]:
        """The faults of a moment, once the turn was begun."""
        size: float | None = None
        kind = self._condition
        if kind not in ("adbd_restart", "clock_step") or turn % 3 != 1:
            yield
            return
        if kind == "clock_step":
            size = self._random.choice((-1, 1)) * self._random.uniform(300, 5000)
        mark, number = self._feed.mark(), self._conversation.turn + 1

        def act() -> None:
            self._feed.wait(("request",), since=mark, turn=number, timeout_s=WITHIN_S)
            with suppress(FarmError):
                self._control.fault(kind, size)
                self._faults += 1

        thread = threading.Thread(target=act)
        thread.start()
        try:
            yield
        finally:
            thread.join()

    def _check_trace(self, trace: Trace, truth: dict[str, Any]) -> None:
        lines = truth["clock"]["lines"]
        for share in (0.02, 0.25, 0.5, 0.75, 0.98):
            self._found.fits.append(clock_error(trace, lines, share))
        noticed = [instant.kind for instant in trace.instants]
        if self._condition == "clock_step":
            self._found.steps += [number < noticed.count("clock_step") for number in range(self._faults)]
        if self._condition == "adbd_restart":
            self._found.reconnects += [number < noticed.count("reconnect") for number in range(self._faults)]
        process = next((name for name in truth["samples"] if name.startswith(self._build.spec.package)), "")
        process = process.rpartition(":")[0]
        pairs = {f"{process}:rss_mb": ("rss_mb", 0.01), f"{process}:swap_mb": ("swap_mb", 0.01)}
        pairs |= {"skin_c": ("skin_c", SENSOR_C), "battery_c": ("battery_c", SENSOR_C)}
        for true_name, (name, tolerance) in pairs.items():
            points = trace.series[name].points if name in trace.series else ()
            self._found.samples[name] += within_a_step(points, truth["samples"].get(true_name, []), tolerance)


# -- the truth ---------------------------------------------------------------------------------------------------------


def true_turn(truth: dict[str, Any], number: int) -> dict[str, float]:
    """The latencies of a turn; none of one that never came to an answer."""
    events = [event for event in truth["events"] if event.get("turn") == number]
    at = {event["kind"]: event["ns"] for event in reversed(events)}
    tokens = [event["ns"] for event in events if event["kind"] == "token"]
    if not {"request", "first_token"} <= at.keys():
        return {}
    values = {"ttft_ms": (at["first_token"] - at["request"]) / MS}
    if len(tokens) > 1:
        values["tpot_ms"] = (tokens[-1] - tokens[0]) / (len(tokens) - 1) / MS
    frames = sorted(
        (one["vsync_ns"], one["ns"], one["text_length"]) for one in truth["events"] if one["kind"] == "frame"
    )
    before = next((text for vsync, _, text in reversed(frames) if vsync < at["first_token"]), None)
    shown = next((ns for vsync, ns, text in frames if vsync >= at["first_token"] and text != before), None)
    if shown is not None:
        values["first_text_ms"] = (shown - at["request"]) / MS
    return values


def clock_error(trace: Trace, lines: Sequence[dict[str, int]], share: float) -> tuple[float, float]:
    """Of the mapping of host time, some way through the recording."""
    fit: ClockFit = trace.clock
    host_ns = fit.since_host_ns + int((trace.end_ns - trace.start_ns) / fit.scale * share)
    line = [one for one in lines if one["host_ns"] <= host_ns][-1]
    true_ns = line["device_ns"] + (host_ns - line["host_ns"]) * fit.scale
    return abs(fit.device_ns(host_ns) - true_ns) / MS, fit.bound_ns / MS


def within_a_step(
    points: Sequence[tuple[int, float]], truth: Sequence[tuple[int, float]], tolerance: float
) -> list[bool]:
    """Whether each sample lies among what was true within one sampling step of it."""
    if len(points) < 2:
        return []
    step_ns = statistics.median(b[0] - a[0] for a, b in itertools.pairwise(points))
    held = []
    for at, value in points:
        near = [true for ns, true in truth if abs(ns - at) <= step_ns + TRUE_STEP_NS]
        if near:
            held.append(min(near) - tolerance <= value <= max(near) + tolerance)
    return held


# -- all of them -------------------------------------------------------------------------------------------------------


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Processes beside that want a core each."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def at_speed(speed: int, turns: int) -> Found:
    handsets = HANDSETS[speed]
    each = max(CHUNK, turns // handsets)
    whole = Found()
    with busy(2), ProcessPoolExecutor(handsets, mp_context=get_context("spawn")) as pool:
        begun = [
            pool.submit(measured, f"{PROFILES[n]}-{speed}x", PROFILES[n], n, float(speed), each)
            for n in range(handsets)
        ]
        for one in begun:
            merge(whole, one.result())
    return whole


def merge(whole: Found, part: Found) -> None:
    whole.turns += part.turns
    for name in ("rows", "failed", "fits", "steps", "reconnects"):
        getattr(whole, name).extend(getattr(part, name))
    for series, held in part.samples.items():
        whole.samples[series] += held


def table(found: Found) -> dict[str, dict[str, float]]:
    """One line a metric and method."""
    figures: dict[str, dict[str, float]] = {}
    print(f"{'metric':14} {'method':7} {'n':>5} {'coverage':>9} {'|error| ms':>11} {'bound ms':>9}  worst condition")
    for metric in METRICS:
        for method in METHODS:
            rows = [row for row in found.rows if row[1:3] == (metric, method)]
            if not rows:
                continue
            worst = min(CONDITIONS, key=lambda name: coverage([row for row in rows if row[0] == name]))
            error = statistics.median(abs(row[3] - row[5]) for row in rows)
            bound = statistics.median(row[4] for row in rows)
            held = coverage(rows)
            print(
                f"{metric:14} {method:7} {len(rows):5} {held:9.3f} {error:11.4f} {bound:9.3f}  {worst}: "
                f"{coverage([row for row in rows if row[0] == worst]):.3f}"
            )
            figures[f"{metric}.{method}"] = {
                "n": len(rows),
                "coverage": round(held, 4),
                "error_ms": round(error, 4),
                "bound_ms": round(bound, 3),
            }
    return figures


def coverage(rows: Sequence[tuple[str, str, str, float, float, float]]) -> float:
    return sum(abs(row[3] - row[5]) <= row[4] + 1e-6 for row in rows) / len(rows) if rows else 1.0


def share(held: Sequence[bool]) -> float:
    return sum(held) / len(held) if held else 1.0


def report(speed: int, turns: int) -> dict[str, Any]:
    began = time.monotonic()
    found = at_speed(speed, turns)
    print(
        f"\nspeed {speed}: {found.turns} turns in {time.monotonic() - began:.0f} s, {len(found.failed)} without answer"
    )
    for reason in found.failed:
        print(f"  {reason}")
    figures: dict[str, Any] = table(found)
    exact = [abs(row[3] - row[5]) for row in found.rows if row[2] == "events" and row[4] < 1]
    clock = [error <= bound for error, bound in found.fits]
    figures |= {
        "turns": found.turns,
        "unanswered": len(found.failed),
        "events_worst_ms": round(max(exact, default=0), 6),
        "clock_coverage": round(share(clock), 4),
        "clock_error_ms": round(statistics.median(error for error, _ in found.fits), 4),
        "clock_bound_ms": round(statistics.median(bound for _, bound in found.fits), 4),
        "clock_steps_noticed": round(share(found.steps), 3),
        "reconnects_noticed": round(share(found.reconnects), 3),
        "samples_within_a_step": {name: round(share(held), 4) for name, held in found.samples.items()},
    }
    for name in ("events_worst_ms", "clock_coverage", "clock_error_ms", "clock_bound_ms"):
        print(f"{name}: {figures[name]}")
    print(f"steps noticed: {sum(found.steps)} of {len(found.steps)}, ", end="")
    print(f"reconnects noticed: {sum(found.reconnects)} of {len(found.reconnects)}")
    print(f"samples within one step: {figures['samples_within_a_step']}")
    figures["holds"] = holds(figures)
    return figures


def holds(figures: dict[str, Any]) -> bool:
    by_method = [value for name, value in figures.items() if "." in name]
    return (
        all(value["coverage"] >= 0.95 for value in by_method)
        and figures["events_worst_ms"] <= 1
        and figures["clock_coverage"] >= 0.99
        and all(value >= 0.99 for value in figures["samples_within_a_step"].values())
    )


def main(turns: int = 200) -> None:
    load_build(BUILD)  # made once, not by every process
    figures = {f"speed_{speed}": report(speed, turns) for speed in HANDSETS}
    print(json.dumps({"benchmark": "fidelity", **figures, "holds": all(one["holds"] for one in figures.values())}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
