from __future__ import annotations

from framework.contract.trace import Instant
from framework.trace.clocks import ClockWatch
from framework.trace.probes.probe import Scene
from framework.trace.probes.process import ProcessReader


def stat(pid: int, started: int) -> str:
    return f"{pid} (app) S 1 1 0 0 -1 0 0 0 0 0 1 0 0 0 20 0 9 0 {started} 1000 10 0 1 1 0"


def test_another_process_is_noticed_by_its_start_time() -> None:
    """Gone, then another one, then one that has got the same number; what did not change is not told."""
    read = ProcessReader(Scene("app", ClockWatch()))
    texts = ["", stat(7, 1), stat(7, 1), "", "", stat(9, 5), stat(9, 8)]
    told = [instant for at, text in enumerate(texts, 1) for instant in read(at * 100, text).instants]
    assert told == [
        Instant("process", "app: process 7 is gone", 350, 50),
        Instant("process", "app: process 7 was followed by 9", 550, 50),
        Instant("process", "app: process 9 was followed by 9", 650, 50),
    ]
