"""What a 30-minute recording costs on disk: 20 series at 5 Hz, 100 turns by three methods, written piece by piece.

Sizes, host seconds, and whether the Perfetto file parses back with exactly the counted packets, monotonic per track.
Last line: one line of JSON.
"""

from __future__ import annotations

import json
import math
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from framework.contract.events import AssistantEvent
from framework.contract.run import BuildIdentity, HandsetIdentity, Repetition, TraceBegan, Unit
from framework.contract.trace import ClockFit, Sample, Series, Span, Trace, TracePiece
from framework.contract.turn import Estimate, Method, TurnRecord
from framework.contract.verdict import Verdict
from framework.journal.trace import TraceWriter, read_trace
from framework.report.perfetto import perfetto_trace
from framework.report.samples import samples_csv
from framework.report.trace_page import LARGEST, trace_page

S = 1_000_000_000
SECONDS, RATE, TURNS = 1800, 5, 100
SERIES: tuple[str, ...] = (
    *("rss_mb", "rss_anon_mb", "rss_file_mb", "swap_mb", "skin_c", "soc_c", "battery_c", "power_mw", "battery_ma"),
    *(f"cpu{policy}{limit}_mhz" for policy in (0, 4, 7) for limit in ("", "_limit")),
    *("cpu_app_cores", "cpu_other_cores", "cpu_busy_cores", "mem_available_mb", "battery_level_pct"),
)
METHODS: tuple[tuple[Method, float], ...] = (("events", 0.1), ("log", 4.0), ("frames", 9.0))
HANDSET = HandsetIdentity("fold", "s", "Xiaomi", "MIX Fold 3", "SM8550", "14", 34, 16, True, True, "f")
UNIT = Unit("soak", "soak", "soak.yaml", HANDSET, BuildIdentity("b", "1", "p", "m"))


def pieces() -> list[TracePiece]:
    """One a second, with all samples of that second."""
    made = []
    for second in range(SECONDS):
        times = [second * S + part * S // RATE for part in range(RATE)]
        samples = tuple(
            Sample("all", at, {name: 100 * (n + 1) + math.sin(at / S + n) for n, name in enumerate(SERIES)})
            for at in times
        )
        made.append(TracePiece(samples, dict.fromkeys(SERIES, "u") if second == 0 else {}))
    return made


def turns() -> tuple[TurnRecord, ...]:
    length = SECONDS * S // TURNS
    metrics = {"ttft_ms": 412.3, "tpot_ms": 61.2, "decode_tps": 16.3, "total_ms": 4100.0}
    estimates = tuple(
        Estimate(name, value, bound, method) for name, value in metrics.items() for method, bound in METHODS
    )
    return tuple(
        TurnRecord(
            n + 1, "What is the weather in Hanoi tomorrow?", "en", "ui", None, "Light rain, 24 to 29 degrees.",
            n * length, n * length + length // 2, (), metrics, (), (), estimates,
        )
        for n in range(TURNS)
    )  # fmt: skip


def timed(what: str, make: Callable[[], Any], seconds: dict[str, float]) -> Any:
    began = time.perf_counter()
    made = make()
    seconds[what] = round(time.perf_counter() - began, 3)
    return made


def write(path: Path, told: list[TracePiece], repetition: Repetition) -> None:
    writer = TraceWriter(path, UNIT, 1, 1, TraceBegan(UNIT, 1, 1, ClockFit(0, 1), 0))
    for piece in told:
        writer.piece(piece)
    for turn in repetition.turns:
        writer.turn(turn)
    writer.end(repetition)


def parsed(content: bytes, count: int) -> bool:
    from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as protos

    trace = protos.Trace()
    trace.ParseFromString(content)
    times: dict[int, list[int]] = defaultdict(list)
    for packet in trace.packet:
        if packet.HasField("track_event"):
            times[packet.track_event.track_uuid].append(packet.timestamp)
    return len(trace.packet) == count and all(found == sorted(found) for found in times.values())


def main() -> None:
    told, asked, seconds = pieces(), turns(), dict[str, float]()
    points = {name: tuple((s.device_ns, s.values[name]) for piece in told for s in piece.samples) for name in SERIES}
    series = {name: Series(name, "u", found) for name, found in points.items()}
    spans = tuple(Span("turn", f"{turn.number}: {turn.asked}", turn.start_ns, turn.end_ns) for turn in asked)
    events = tuple(AssistantEvent(turn.number, "first_token", turn.start_ns + S) for turn in asked)
    repetition = Repetition(1, 1, asked, Trace(ClockFit(0, 1), 0, SECONDS * S, series, events, spans), Verdict.PASS)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "trace.jsonl"
        timed("write", lambda: write(path, told, repetition), seconds)
        recording = timed("read", lambda: read_trace(path), seconds)
        sizes = {"recording": path.stat().st_size}
    page = timed("page", lambda: trace_page(UNIT, repetition), seconds)
    packets = timed("perfetto", lambda: perfetto_trace(UNIT, repetition), seconds)
    samples = timed("csv", lambda: samples_csv(repetition.trace or recording.repetition.trace), seconds)
    sizes |= {"page": len(page.encode()), "perfetto": len(packets.content), "csv": len(samples)}
    holds = {
        "read back": recording.repetition == repetition,
        "packets": parsed(packets.content, packets.count),
        "page": sizes["page"] < LARGEST,
    }
    for name, size in sizes.items():
        print(f"{name:10} {size:>10} bytes")
    print(f"seconds: {seconds}; {packets.count} packets; holds: {holds}")
    print(json.dumps({"bytes": sizes, "seconds": seconds, "packets": packets.count, "holds": all(holds.values())}))


if __name__ == "__main__":
    main()
