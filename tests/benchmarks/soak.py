"""Half an hour of device time at speed 60: does a virtual handset throttle as phones do, and does anything get lost?

A folded handset in continuous conversation for 24 minutes, then at rest for 6, recorded by the farm's own recorder
over the wire. It must take under 45 s of host time without the emulator falling behind, throttle within minutes, go
on at a rate 3 to 40 % below the first minute's with its skin between 25 and 45 °C, and recover within minutes. The
Perfetto file must hold exactly the packets that were counted, in order on every track. CPU seconds of both sides are
told beside: without a core to spare for each of them, device time falls behind. Last line: one line of JSON.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from framework.contract.errors import AssistantError
from framework.contract.run import BuildIdentity, Repetition, Unit
from framework.contract.trace import Span, Trace
from framework.contract.verdict import Verdict
from framework.deploy import deploy, load_build
from framework.fleet.inventory import read_inventory
from framework.handset.handset import open_handset
from framework.plugin.virtual_fleet import VirtualFleet
from framework.report.perfetto import Packets, perfetto_trace
from framework.scenario.conversation import Conversation
from framework.scenario.feed import EventFeed
from framework.trace.recorder import Recorder, ask_offer

if TYPE_CHECKING:
    from framework.contract.build import BuildSpec, IntentCall
    from framework.contract.capabilities import Handset
    from framework.contract.events import AssistantEvent
    from framework.contract.run import HandsetIdentity

SPEED = 60.0
LOAD_S, REST_S = 24 * 60, 6 * 60
HOST_LIMIT_S = 45.0
SECOND = 1_000_000_000
QUESTION = "Tell me a story."
TURNS = 8
"""… of one conversation."""

PATIENCE_S = 30.0

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer: when its first token came, and tokens a second after it."""

    at_ns: int
    decode_tps: float


@dataclass(frozen=True, slots=True)
class Soak:
    """What was recorded, and how long it took on the host."""

    identity: HandsetIdentity
    build: BuildIdentity
    trace: Trace
    turns: tuple[Turn, ...]
    load_end_ns: int
    host_s: float


def turn_of(events: Sequence[AssistantEvent]) -> Turn:
    times = [event.device_ns for event in events if event.event == "token"]
    return Turn(times[0], (len(times) - 1) * SECOND / (times[-1] - times[0]))


class Load:
    """Conversations one after the other; each question is there before the answer before it has ended."""

    def __init__(self, handset: Handset, build: BuildSpec, feed: EventFeed) -> None:
        self._handset, self._build, self._feed = handset, build, feed

    def until(self, end_ns: int) -> tuple[Turn, ...]:
        """Talk until that device time."""
        turns: list[Turn] = []
        while not turns or turns[-1].at_ns < end_ns:
            turns += self._conversation()
        return tuple(turns)

    def _conversation(self) -> list[Turn]:
        """A fresh one, so that rates are compared at caches of the same length."""
        begin = before = self._feed.mark()
        self._send(self._build.start.reset)
        self._await("reset", None, begin)
        self._ask(1)
        for number in range(1, TURNS + 1):
            if number < TURNS:
                self._ask(number + 1)
            here = self._feed.mark()
            self._await("reply", number, before)
            before = here
        events = self._feed.since(begin)
        return [turn_of([event for event in events if event.turn == number]) for number in range(1, TURNS + 1)]

    def _await(self, name: str, turn: int | None, since: int) -> None:
        if self._feed.wait((name,), since=since, turn=turn, timeout_s=PATIENCE_S) is None:
            raise AssistantError(self._build.label, f"no {name} event of turn {turn}")

    def _ask(self, number: int) -> None:
        self._send(self._build.text.intent, text=QUESTION, turn=number)

    def _send(self, call: IntentCall | None, **extras: str | int) -> None:
        assert call is not None
        self._handset.packages.start(self._build.component, action=call.action, extras=extras)


def rest(recorder: Recorder, until_ns: int) -> None:
    """Wait until the sampler has shown that device time."""
    deadline = time.monotonic() + 3 * REST_S / SPEED + 60
    while recorder.points("throttle")[-1][0] < until_ns and time.monotonic() < deadline:
        time.sleep(0.02)


def soak(name: str) -> Soak:
    with ExitStack() as stack:
        fleet = VirtualFleet(read_inventory(ROOT / "devices.yaml"), SPEED)
        stack.callback(fleet.close)
        build = load_build(ROOT / "suites" / "builds" / "compact" / "build.yaml")
        handset = stack.enter_context(open_handset(fleet.target(name)))
        stack.enter_context(handset.lease("benchmark", "soak", timeout_s=30))
        receipt = deploy(build, handset, None)
        feed = stack.enter_context(EventFeed(handset.log, build.spec))
        if handset.posture.foldable:
            handset.posture.fold("closed")
            stack.callback(handset.posture.reset)
        Conversation(handset, build.spec, feed).start()
        offer, mark, began = ask_offer(handset, build.spec.package), feed.mark(), time.monotonic()
        with Recorder(handset, build.spec.package, offer=offer) as recorder:
            load_end_ns = recorder.start_ns + LOAD_S * SECOND
            turns = Load(handset, build.spec, feed).until(load_end_ns)
            load_end_ns = max(load_end_ns, turns[-1].at_ns)
            rest(recorder, recorder.start_ns + (LOAD_S + REST_S) * SECOND)
            spans = (Span("scenario", "soak", recorder.start_ns, load_end_ns + REST_S * SECOND),)
            trace = recorder.finish(feed.since(mark), spans)
            host_s = time.monotonic() - began
        return Soak(handset.identity, receipt.identity, trace, turns, load_end_ns, host_s)


def figures(done: Soak) -> dict[str, object]:
    start_ns, series = done.trace.start_ns, done.trace.series
    throttled = [at for at, share in series["throttle"].points if share]
    skin = [value for _, value in series["skin_c"].points]
    first = statistics.median(turn.decode_tps for turn in done.turns if turn.at_ns < start_ns + 60 * SECOND)
    last = statistics.median(turn.decode_tps for turn in done.turns if turn.at_ns > done.load_end_ns - 300 * SECOND)
    return {
        "host_s": round(done.host_s, 1),
        "device_s": round((done.trace.end_ns - start_ns) / SECOND, 1),
        "slipped_ms": max(value for _, value in series["emulator_slipped_ms"].points),
        "turns": len(done.turns),
        "samples": sum(len(each.points) for each in series.values()),
        "onset_s": round((throttled[0] - start_ns) / SECOND, 1) if throttled else None,
        "first_minute_tps": round(first, 2),
        "sustained_tps": round(last, 2),
        "loss_pct": round(100 * (1 - last / first), 1),
        "recovery_s": round(max(0, throttled[-1] - done.load_end_ns) / SECOND, 1) if throttled else None,
        "skin_c": [round(min(skin), 1), round(max(skin), 1)],
    }


def perfetto(done: Soak) -> dict[str, object]:
    """The file, written as reports do and parsed back with Perfetto's own classes."""
    from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as protos

    unit = Unit("soak", "Soak", "soak.py", done.identity, done.build)
    packets: Packets = perfetto_trace(unit, Repetition(1, 1, (), done.trace, Verdict.PASS))
    parsed = protos.Trace()
    parsed.ParseFromString(packets.content)
    tracks: dict[int, list[int]] = defaultdict(list)
    for packet in parsed.packet:
        if packet.HasField("track_event"):
            tracks[packet.track_event.track_uuid].append(packet.timestamp)
    return {
        "packets_counted": packets.count,
        "packets_parsed": len(parsed.packet),
        "tracks": len(tracks),
        "monotonic": all(times == sorted(times) for times in tracks.values()),
    }


def cpu() -> dict[str, object]:
    """CPU seconds since this began: of the emulated handset's process, which has ended, and of the farm's."""
    child, own = resource.getrusage(resource.RUSAGE_CHILDREN), resource.getrusage(resource.RUSAGE_SELF)
    return {
        "cpu_emulator_s": round(child.ru_utime + child.ru_stime, 1),
        "cpu_host_s": round(own.ru_utime + own.ru_stime, 1),
    }


def holds(found: dict[str, object]) -> bool:
    onset, recovery, loss, skin = (found[name] for name in ("onset_s", "recovery_s", "loss_pct", "skin_c"))
    assert isinstance(loss, float)
    assert isinstance(skin, list)
    return (
        isinstance(found["host_s"], float)
        and found["host_s"] < HOST_LIMIT_S
        and found["slipped_ms"] == 0
        and isinstance(onset, float)
        and 60 <= onset <= 1200
        and isinstance(recovery, float)
        and 10 <= recovery < REST_S
        and 3 <= loss <= 40
        and 25 <= skin[0] <= skin[1] <= 45
        and found["packets_counted"] == found["packets_parsed"]
        and bool(found["monotonic"])
    )


def main() -> None:
    done = soak(sys.argv[1] if len(sys.argv) > 1 else "mix-fold-3")
    found = figures(done) | perfetto(done) | cpu()
    for name, value in found.items():
        print(f"{name:<18} {value}")
    print(json.dumps(found | {"holds": holds(found)}))


if __name__ == "__main__":
    main()
