"""Many attempts at few handsets by many processes, over both transports, while processes, lines and hosts fail.

`leases.py [--attempts N] [--processes N] [--handsets N] [--heartbeat S] [--seed N]` (1000, 8, 2, 4, 1). Half of the
processes reach adbd straight, the others through an adb server of our own; all through a proxy that cuts their lines.
One attempt in four fails: its process is killed (-9) or frozen (SIGSTOP, for up to two heartbeats and a half), its
line is cut or falls silent, while it waits or while it holds.

Whether two ever held one handset at one time is told by witnesses that know nothing of leases (`lease_worker.py`):
what the processes wrote while they held, in the order of the clock of the one machine that they run on, must not be
interleaved; and a file that can be made once only may be found only when its maker had failed. A process that froze
for longer than the heartbeat has lost the handset, and must notice before it claims anything.

How long a handset is stuck is told by a witness, too (`lease_watch.py`): from the fault, until which its holder lived,
to the moment when somebody else could take it, which is when the handset itself no longer says that it is the
holder's. The witness looks every 20 ms of the handset's time, and what it sees is counted when this process hears of
it: both can only make it longer, and nothing is taken off for them. A heartbeat is the most it may take.

Beside it stands what that means for who waits: from the fault (or from when they came) to their own lease. This may
take a heartbeat and the turns of those before them who froze while they waited: a fifth of a heartbeat each.

Last line: one line of JSON. `holds`: never two holders, nobody refused and no lease lost without a fault, every lease
numbered anew, in the order of arrival, no handset stuck for more than a heartbeat, nothing left.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import lease_worker
from lease_stories import Story, judged, late, quantile, stuck, waited
from lease_watch import Watch, watched
from lease_worker import Fault, Plan, Site, Word, now_s
from leftovers import left_on
from support.cut_lines import Lines, lines

from framework.contract.capabilities import Target
from framework.handset.adb_server import connect_handset
from framework.handset.handset import open_handset
from framework.handset.own_server import own_server
from framework.handset.turn_script import QUEUE, TURN
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

FAULTS: tuple[tuple[Fault, float], ...] = (("kill", 0.1), ("cut", 0.06), ("silence", 0.03), ("freeze", 0.06))
"""Of all attempts."""
SPEED = 1.0
SLACK_S = 1.0
HOLD_S = 0.03
TELL_S = 10.0
GIVE_UP_S = 120.0
"""Without any word from any process."""


class Process:
    """One that makes attempts; another takes its place when it was killed."""

    def __init__(self, context: Any, site: Site, routes: Sequence[tuple[Target, str]]) -> None:
        self._context, self._site, self.routes = context, site, routes
        self.story: Story | None = None
        self.due: list[tuple[float, str]] = []
        self._start()

    def _start(self) -> None:
        self.conn, theirs = self._context.Pipe()
        self._process = self._context.Process(target=lease_worker.serve, args=(theirs, self._site), daemon=True)
        self._process.start()
        theirs.close()

    def begin(self, plan: Plan) -> Story:
        self.story, self.due = Story(plan), []
        self.conn.send(plan)
        return self.story

    def heard(self) -> None:
        """One word, and what follows from it."""
        story = self.story
        assert story is not None
        word: Word = self.conn.recv()
        story.words.append(word)
        plan = story.plan
        unhurt = plan.fault != "none" and story.struck_s is None and not self.due
        if unhurt and word.what in ("held", plan.while_):
            self.due = [(now_s() + plan.after_s, plan.fault)]
        if word.what in ("released", "lost", "refused"):
            self.story, self.due = None, []

    def strike(self, cutter: Lines) -> None:
        """Do what is due."""
        story = self.story
        assert story is not None
        _, what = self.due.pop(0)
        if what == "thaw":
            os.kill(self._process.pid, signal.SIGCONT)
            return
        route = next(route for target, route in self.routes if target == story.plan.target)
        self._heard_all(story)
        if story.over:
            self.story, self.due = None, []
            return
        story.struck_s, story.held_then = now_s(), story.held is not None
        if what == "cut":
            cutter.cut(route)
        elif what == "silence":
            cutter.silence(route)
        elif what == "freeze":
            self._freeze(story)
        else:
            self._kill(story)

    def _freeze(self, story: Story) -> None:
        os.kill(self._process.pid, signal.SIGSTOP)
        self._heard_all(story)
        self.due = [(now_s() + story.plan.freeze_s, "thaw")]
        if story.over:  # it had just ended
            os.kill(self._process.pid, signal.SIGCONT)
            self.story, self.due, story.struck_s = None, [], None

    def _kill(self, story: Story) -> None:
        self._process.kill()
        self._process.join()
        self._heard_all(story)
        story.held_then = story.held is not None
        if story.over:
            story.struck_s = None
        self.conn.close()
        self.story, self.due = None, []
        self._start()

    def _heard_all(self, story: Story) -> None:
        """What it had said before it was struck."""
        with suppress(EOFError):
            while self.conn.poll():
                story.words.append(self.conn.recv())

    def end(self) -> None:
        with suppress(OSError):
            os.kill(self._process.pid, signal.SIGCONT)
        self._process.kill()
        self._process.join()
        self.conn.close()


def plans(attempts: int, targets: int, heartbeat_s: float, seed: int) -> Iterator[tuple[int, Plan]]:
    """(handset, plan whose target is still to be put in)."""
    rng = random.Random(seed)
    nowhere = Target("")
    for number in range(attempts):
        draw, fault = rng.random(), Fault.__args__[0]  # type: ignore[attr-defined]
        for kind, share in FAULTS:
            if draw < share:
                fault = kind
                break
            draw -= share
        freeze_s = rng.uniform(0.3, 2.5) * heartbeat_s
        after_s = rng.uniform(0, 0.05)
        hold_s = rng.uniform(0, HOLD_S)
        if fault in ("kill", "silence"):
            hold_s = 3 * heartbeat_s  # until it is struck, and notices
        elif fault in ("cut", "freeze"):
            hold_s = after_s + 0.3
        while_ = "waits" if rng.random() < 0.4 and fault != "silence" else "holds"
        yield rng.randrange(targets), Plan(number, nowhere, hold_s, fault, while_, after_s, freeze_s)  # type: ignore[arg-type]


def run(processes: Sequence[Process], wanted: Iterator[tuple[int, Plan]], cutter: Lines) -> list[Story]:
    """All attempts to their ends."""
    stories: list[Story] = []
    more, told_s = True, now_s()
    while True:
        for process in processes:
            if process.story is None and more:
                nxt = next(wanted, None)
                more = nxt is not None
                if nxt is not None:
                    handset, plan = nxt
                    stories.append(process.begin(replace(plan, target=process.routes[handset][0])))
        busy = [process for process in processes if process.story is not None]
        if not busy:
            return stories
        told_s = _progress(stories, len(busy), told_s)
        dues = [process.due[0][0] for process in busy if process.due]
        timeout_s = max(0.0, min([due - now_s() for due in dues], default=GIVE_UP_S))
        ready = wait([process.conn for process in busy], timeout_s)
        assert ready or dues, f"no word for {GIVE_UP_S:g} s: {[process.story for process in busy]}"
        for process in busy:
            if process.conn in ready:
                process.heard()
        for process in busy:
            if process.story is not None and process.due and process.due[0][0] <= now_s():
                process.strike(cutter)


def _progress(stories: Sequence[Story], busy: int, told_s: float) -> float:
    """When it was told last how far it is."""
    if now_s() < told_s + TELL_S:
        return told_s
    print(f"{len(stories) - busy} attempts are over", file=sys.stderr, flush=True)
    return now_s()


def left(handset: Target, within_s: float) -> list[str]:
    """What is left on a handset some time after all have ended, and one more lease as anybody takes it."""
    with open_handset(handset) as opened:
        opened.lease("benchmark", "the last one", timeout_s=within_s).release()
        ends_s = now_s() + within_s
        while True:
            queue = opened.shell.script(f"ls {QUEUE}").text.split()
            found = [*left_on(opened), *(f"a place in the queue: {name}" for name in queue if name.isdecimal())]
            if not found or now_s() > ends_s:
                return found
            time.sleep(0.1)


def main(argv: Sequence[str] | None = None) -> int:
    args = _arguments(argv)
    names = [f"rack-{number}" for number in range(1, args.handsets + 1)]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["lease_worker"])
    with ExitStack() as stack:
        requests = [VirtualRequest(name, "xiaomi-12", speed=SPEED) for name in names]
        started = stack.enter_context(virtual_handsets(requests))
        adbd = {name: started.endpoint(name).adb for name in names}
        server = stack.enter_context(own_server(usb=False))
        for name in names:
            connect_handset(name, server, adbd[name])
        cutter = stack.enter_context(lines())
        site = Site(Path(stack.enter_context(tempfile.TemporaryDirectory())), args.heartbeat, SPEED)
        processes = []
        for number in range(args.processes):
            routes = [_route(cutter, name, adbd[name], server if number % 2 else None) for name in names]
            processes.append(Process(context, site, routes))
            stack.callback(processes[-1].end)
        began = time.monotonic()
        with watched([Target(name, adbd[name]) for name in names]) as watch:
            stories = run(processes, plans(args.attempts, len(names), args.heartbeat, args.seed), cutter)
            watch.await_free(2 * args.heartbeat)
        wall_s = time.monotonic() - began
        for process in processes:
            process.end()
        figures = judged(stories, site) | {
            "left": [thing for name in names for thing in left(Target(name, adbd[name]), args.heartbeat + SLACK_S)]
        }
    return _told(args, figures, stories, watch, wall_s)


def _route(cutter: Lines, name: str, adbd: str, server: str | None) -> tuple[Target, str]:
    """A way of its own to a handset, and the line that can be cut."""
    if server is None:
        route = cutter.route(adbd)
        return Target(name, adbd=route), route
    route = cutter.route(server)
    return Target(name, serial=adbd, adb_server=route), route


def _told(
    args: argparse.Namespace, figures: dict[str, Any], stories: Sequence[Story], watch: Watch, wall_s: float
) -> int:
    faults = Counter(
        f"{story.plan.fault} {'held' if story.held_then else 'waiting'}" for story in stories if story.struck_s
    )
    over, waits = stuck(stories, watch.ended), waited(stories)
    figures["late"] = late(waits, args.heartbeat, args.heartbeat * TURN)
    print(f"{len(stories)} attempts by {args.processes} processes at {args.handsets} handsets in {wall_s:.0f} s")
    print(f"  granted {figures['granted']}, claims {figures['claims']}")
    print(f"  lost {figures['lost_noticed']}, of which {figures['taken_over']} lived on when the next had the handset")
    print(f"  faults: {', '.join(f'{count} {what}' for what, count in sorted(faults.items()))}")
    for kind, times in sorted(over.items()):
        print(f"  after a holder's {kind}: free after {statistics.median(times):.3f} s, {max(times):.3f} s at most")
    for kind, found in sorted(waits.items()):
        print(f"  after a holder's {kind}: the next after {max(wait.seconds for wait in found):.3f} s at most")
    print(f"  lost without a fault: {figures['lost_without_fault']}; later than they should: {figures['late']}")
    print(f"  two holders at a time: {figures['two_holders']}; overtaken in the queue: {figures['overtaken']}")
    print(f"  left: {', '.join(figures['left']) or 'nothing'}")
    worst = max((max(times) for times in over.values()), default=0.0)
    bad = ("two_holders", "numbers_twice_or_back", "overtaken", "refused_without_fault", "lost_without_fault", "late")

    figures |= {
        "benchmark": "leases",
        "attempts": len(stories),
        "seconds": round(wall_s, 1),
        "faults": dict(faults),
        "heartbeat_s": args.heartbeat,
        "stuck_p50_s": {kind: quantile(times, 0.5) for kind, times in over.items()},
        "stuck_worst_s": {kind: quantile(times, 1) for kind, times in over.items()},
        "next_worst_s": {kind: quantile([wait.seconds for wait in found], 1) for kind, found in waits.items()},
        "holds": not any(figures[name] for name in bad) and not figures["left"] and worst <= args.heartbeat,
    }
    print(json.dumps(figures))
    return 0 if figures["holds"] else 1


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attempts", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--handsets", type=int, default=2)
    parser.add_argument("--heartbeat", type=float, default=4.0)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
