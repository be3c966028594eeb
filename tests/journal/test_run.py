"""The journal: what was told stands on disk, whatever happened to the process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from framework.contract.run import (
    BuildIdentity,
    HandsetIdentity,
    Repetition,
    RepetitionFinished,
    TurnFinished,
    Unit,
    UnitFinished,
    UnitResult,
    UnitStarted,
)
from framework.contract.trace import ClockFit, Series, Trace
from framework.contract.turn import Evidence, TurnRecord
from framework.contract.verdict import Check, Verdict
from framework.journal.run import Journal, read_journal

HANDSET = HandsetIdentity("fold", "F1", "Xiaomi", "MIX Fold 3", "SM8550", "14", 34, 16, True, True, "fp", ("flagship",))
UNIT = Unit("a.yaml::天气", "天气", "a.yaml", HANDSET, BuildIdentity("compact", "1.0", "p", "m", {"a.apk": "00"}))
CHECK = Check("ttft_ms", Verdict.FAIL, "at most 300 ms", "412 ms", 1, measured=True)
TURN = TurnRecord(
    1, "q\n", "en", "ui", None, "a\ud800", 1, 2, (), {"ttft_ms": 412.0}, (CHECK,), (Evidence("x", "x.png", b"12"),)
)
TRACE = Trace(ClockFit(5, 6), 0, 9, {"rss_mb": Series("rss_mb", "MB", ((1, 2.5), (3, 4.5)))})
REPETITION = Repetition(1, 1, (TURN,), TRACE, Verdict.FAIL, ("late",))


def kinds(path: Path) -> list[str]:
    return [record["kind"] for record in read_journal(path)]


def test_events_are_kept_in_full(tmp_path: Path) -> None:
    """Verdicts by name, checks as they are, evidence by name and size; repetitions only once, samples elsewhere."""
    path = tmp_path / "runs" / "journal.jsonl"
    with Journal(path) as journal:
        journal.notify(UnitStarted(UNIT))
        journal.notify(TurnFinished(UNIT, 1, TURN, {"rss_mb": 1310.0}))
        journal.notify(RepetitionFinished(UNIT, REPETITION))
        journal.notify(UnitFinished(UnitResult(UNIT, Verdict.FAIL, ("late",), (REPETITION,), (CHECK,), 1.5)))
    started, turn, repetition, unit = read_journal(path)
    assert started["unit"]["handset"]["tags"] == ["flagship"]
    assert (turn["turn"]["reply"], turn["gauges"]) == ("a\ud800", {"rss_mb": 1310.0})
    assert turn["turn"]["evidence"] == [{"name": "x", "file_name": "x.png", "bytes": 2}]
    trace = repetition["repetition"]["trace"]
    assert (trace["clock"]["bound_ns"], trace["end_ns"], trace["series"], trace["events"]) == (6, 9, {}, [])
    assert (unit["result"]["verdict"], unit["result"]["checks"][0]["verdict"]) == ("FAIL", "FAIL")
    assert "repetitions" not in unit["result"]


def test_a_torn_end_costs_one_record_only(tmp_path: Path) -> None:
    """Cut at any byte, the journal gives every record before; the next process appends whole ones after it."""
    path = tmp_path / "j"
    path.write_text('{"v":1,"kind":"a","n":0,"text":"天气"}\n' * 2)
    content = path.read_bytes()
    for kept in range(len(content) + 1):
        path.write_bytes(content[:kept])
        whole = content[:kept].count(b"\n") + (content[kept : kept + 1] == b"\n")
        assert kinds(path) == ["a"] * whole
        with Journal(path) as journal:
            journal.record("b", {})
        assert kinds(path) == ["a"] * whole + ["b"]


def test_foreign_lines_are_passed_over(tmp_path: Path) -> None:
    """Other formats, other JSON and no JSON at all are not records."""
    path = tmp_path / "j"
    path.write_text('{"v":2,"kind":"x"}\n[1]\n"v"\nnonsense\n{"v":1}\n\n{"v":1,"kind":"y"}\n')
    assert kinds(path) == ["y"]


KILLED = """
import sys
from pathlib import Path
from framework.journal.run import Journal
with Journal(Path(sys.argv[1])) as journal:
    for number in range(1000000):
        journal.record("sample", {"number": number, "filling": "x" * 200})
        if number == 20:
            print("ready", flush=True)
"""


def test_kill_9_leaves_what_was_written(tmp_path: Path) -> None:
    """Whatever the killed process had recorded is read, without a gap."""
    path = tmp_path / "j"
    with subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGKILL)
    numbers = [record["number"] for record in read_journal(path)]
    assert len(numbers) > 20
    assert numbers == list(range(len(numbers)))


def test_processes_share_a_journal(tmp_path: Path) -> None:
    """xdist's workers append to one file; no record is mixed with another one."""
    path = tmp_path / "j"
    code = (
        "import sys; from pathlib import Path; from framework.journal.run import Journal\n"
        "with Journal(Path(sys.argv[1])) as journal:\n"
        "    for number in range(300): journal.record('sample', {'who': sys.argv[2], 'number': number, 'x': 'y' * 900})"
    )
    workers = [subprocess.Popen([sys.executable, "-c", code, str(path), who]) for who in "ab"]
    assert [worker.wait(timeout=30) for worker in workers] == [0, 0]
    lines = path.read_text().splitlines()
    records = [json.loads(line) for line in lines]
    assert {who: [record["number"] for record in records if record["who"] == who] for who in "ab"} == {
        "a": list(range(300)),
        "b": list(range(300)),
    }
