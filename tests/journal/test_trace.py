"""A recording on disk: what was written is what is read, whatever happened to the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from framework.contract.errors import UsageError
from framework.contract.events import AssistantEvent
from framework.contract.run import BuildIdentity, HandsetIdentity, Repetition, TraceBegan, Unit
from framework.contract.trace import ClockFit, Instant, Sample, Series, Span, Trace, TracePiece
from framework.contract.turn import TurnRecord
from framework.contract.verdict import Verdict
from framework.journal.trace import BROKEN_OFF, Recording, TraceWriter, read_trace

HANDSET = HandsetIdentity("fold", "F1", "Xiaomi", "MIX Fold 3", "SM8550", "14", 34, 16, True, True, "fp", ("flagship",))
UNIT = Unit("a.yaml::天气", "天气", "a.yaml", HANDSET, BuildIdentity("compact", "1.0", "p", "m", {"a.apk": "00"}))
CLOCK = ClockFit(5, 6, 20.0, 1.5, 7)
BEGAN = TraceBegan(UNIT, 2, 1, CLOCK, 100)
PIECES = (
    TracePiece((Sample("memory", 110, {"rss_mb": 1.5}), Sample("thermal", 111, {"skin_c": 31.0})), {"rss_mb": "MB"}),
    TracePiece(
        (Sample("memory", 310, {"rss_mb": 2.5}),), {}, (AssistantEvent(1, "request", 320, {"n": 1}),),
        (Instant("clock_step", "wall clock set 5 s ahead", 330, 2),), ("thermal: refused",),
    ),
)  # fmt: skip
TURN = TurnRecord(1, "q\ud800", "en", "ui", None, "a", 305, 340)
SERIES = {"rss_mb": Series("rss_mb", "MB", ((110, 1.5), (310, 2.5))), "skin_c": Series("skin_c", "", ((111, 31.0),))}
TRACE = Trace(
    CLOCK, 100, 340, SERIES, PIECES[1].events, (Span("turn", "1: q\ud800", 305, 340),), ("thermal: refused",),
    PIECES[1].instants,
)  # fmt: skip


def write(path: Path, repetition: Repetition | None = None) -> None:
    writer = TraceWriter(path, UNIT, 2, 1, BEGAN)
    writer.piece(PIECES[0])
    writer.turn(TURN)
    writer.piece(PIECES[1])
    if repetition is None:
        writer.close()
    else:
        writer.end(repetition)


def test_a_recording_without_its_end_holds_all_that_was_told(tmp_path: Path) -> None:
    """Killed before the verdict: series, turns, events and instants so far, up to the last known time; LAB."""
    write(tmp_path / "t")
    broken_off = Repetition(2, 1, (TURN,), TRACE, Verdict.LAB, (BROKEN_OFF,))
    assert read_trace(tmp_path / "t") == Recording(UNIT, broken_off, False)


def test_a_torn_last_line_is_passed_over(tmp_path: Path) -> None:
    """Cut at any byte behind its first line, the file gives all whole records; the end makes it finished."""
    path = tmp_path / "t"
    write(path, Repetition(2, 1, (TURN,), TRACE, Verdict.PASS))
    content = path.read_bytes()
    begin = content.index(b"\n")
    seen = set()
    for kept in range(begin, len(content)):
        path.write_bytes(content[:kept])
        recording = read_trace(path)
        samples = sum(len(series.points) for series in _trace(recording).series.values())
        seen.add((samples, len(recording.repetition.turns), recording.finished))
    assert seen == {(0, 0, False), (2, 0, False), (2, 1, False), (3, 1, False), (3, 1, True)}


def _trace(recording: Recording) -> Trace:
    assert recording.repetition.trace is not None
    return recording.repetition.trace


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda lines: [], 1),
        (lambda lines: lines[1:], 1),
        (lambda lines: [b"PNG\x00\x01\n"], 1),
        (lambda lines: [lines[0], lines[1][:20] + b"\n", *lines[2:]], 2),
        (lambda lines: [*lines[:3], b'{"v":1,"kind":"turn","turn":{"number":"x"}}\n'], 4),
        (lambda lines: [*lines[:3], b'{"v":1,"kind":"piece","samples":[7]}\n'], 4),
        (lambda lines: [*lines[:3], b'{"v":1,"kind":"end","repetition":{"trace":[]}}\n'], 4),
        (lambda lines: [*lines[:3], b'{"v":1,"kind":"end","repetition":[]}\n'], 4),
        (lambda lines: [lines[0].replace(b'"scale":20.0', b'"scale":"1"'), *lines[1:]], 1),
    ],
)
def test_what_is_no_recording_is_refused_with_the_place(tmp_path: Path, damage: Any, line: int) -> None:
    """Empty, without its beginning, foreign, torn in the middle, of wrong types: file, line and what was expected."""
    path = tmp_path / "t"
    write(path)
    path.write_bytes(b"".join(damage(path.read_bytes().splitlines(keepends=True))))
    with pytest.raises(UsageError, match="expected") as caught:
        read_trace(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (str(path), line)


def test_a_missing_file_is_the_callers_error(tmp_path: Path) -> None:
    """With the system's reason."""
    with pytest.raises(UsageError, match="No such file"):
        read_trace(tmp_path / "none")


def test_a_repetition_that_was_not_recorded_has_a_file_too(tmp_path: Path) -> None:
    """Such as one whose handset was too warm: its verdict and reason are there."""
    unfit = Repetition(1, 3, (), None, Verdict.INVALID, ("skin 45 °C",))
    TraceWriter(tmp_path / "t", UNIT, 1, 3).end(unfit)
    assert read_trace(tmp_path / "t") == Recording(UNIT, unfit, True)


def test_a_lost_handset_leaves_what_was_recorded(tmp_path: Path) -> None:
    """A repetition that ends as LAB, without a trace, keeps the turns and samples that were told before."""
    lost = Repetition(2, 1, (), None, Verdict.LAB, ("fold: gone",))
    write(tmp_path / "t", lost)
    kept = replace(lost, turns=(TURN,), trace=TRACE)
    assert read_trace(tmp_path / "t") == Recording(UNIT, kept, True)


def test_what_is_judged_at_the_end_counts(tmp_path: Path) -> None:
    """A turn that the end knows otherwise, and a series that only the end has, replace what was told before."""
    judged = replace(TURN, metrics={"ttft_ms": 12.5})
    series = {"rss_mb": SERIES["rss_mb"], "jank": Series("jank", "share", ((200, 0.5),))}
    repetition = Repetition(2, 1, (judged,), replace(TRACE, series=series, notes=()), Verdict.PASS)
    write(tmp_path / "t", repetition)
    assert read_trace(tmp_path / "t") == Recording(UNIT, repetition, True)


KILLED = """
import sys
from pathlib import Path
from framework.contract.run import BuildIdentity, HandsetIdentity, TraceBegan, Unit
from framework.contract.trace import ClockFit, Sample, TracePiece
from framework.journal.trace import TraceWriter
handset = HandsetIdentity("fold", "F1", "Xiaomi", "MIX Fold 3", "SM8550", "14", 34, 16, True, True, "fp")
unit = Unit("a", "a", "a.yaml", handset, BuildIdentity("compact", "1.0", "p", "m"))
writer = TraceWriter(Path(sys.argv[1]), unit, 2, 1, TraceBegan(unit, 2, 1, ClockFit(5, 6), 0))
for number in range(1000000):
    writer.piece(TracePiece((Sample("memory", number, {"rss_mb": float(number)}),)))
    if number == 20:
        print("ready", flush=True)
"""


def test_kill_9_takes_nothing_that_was_told(tmp_path: Path) -> None:
    """Every piece before the kill is read, without a gap."""
    path = tmp_path / "t"
    command = [sys.executable, "-c", KILLED, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGKILL)
    points = _trace(read_trace(path)).series["rss_mb"].points
    assert len(points) > 20
    assert [value for _, value in points] == [float(number) for number in range(len(points))]
