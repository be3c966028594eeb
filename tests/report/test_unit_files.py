from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from framework.contract.run import (
    BuildIdentity,
    HandsetIdentity,
    Repetition,
    RepetitionFinished,
    TraceBegan,
    TraceGrew,
    TurnFinished,
    Unit,
)
from framework.contract.trace import ClockFit, Sample, Series, Trace, TracePiece
from framework.contract.turn import Evidence, TurnRecord
from framework.contract.verdict import Verdict
from framework.journal.places import safe_name
from framework.journal.trace import Recording, read_trace
from framework.report.documents import Documents
from framework.report.samples import samples_csv
from framework.report.unit_files import UnitFiles


@given(st.text())
def test_no_name_leaves_its_folder(text: str) -> None:
    """Whatever a handset calls a file, its name is one plain path component."""
    name = safe_name(text)
    assert (Path(name).name, name.startswith(".")) == (name, False)


def test_a_repetition_leaves_its_evidence(tmp_path: Path) -> None:
    """Trace page, samples and every piece of evidence lie in the repetition's own folder."""
    handset = HandsetIdentity("../fold", "s", "Xiaomi", "MIX", "SM8550", "14", 34, 16, True, True, "f")
    unit = Unit("i", "Weather", "suites/smoke/weather.yaml", handset, BuildIdentity("b", "1", "p", "m"))
    trace = Trace(ClockFit(0, 1), 0, 10, {"rss_mb": Series("rss_mb", "MB", ((1, 2.5),))})
    repetition = Repetition(
        1, 2, (), trace, Verdict.INVALID, evidence=(Evidence("logcat", "../../logcat.txt", b"line"),)
    )
    UnitFiles(tmp_path, Documents()).notify(RepetitionFinished(unit, repetition))
    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    folder = "units/suites-smoke-weather/fold/1-2/"
    assert files == [
        folder + "logcat.txt",
        folder + "samples.csv",
        folder + "trace.html",
        folder + "trace.jsonl",
        folder + "trace.pftrace",
        folder + "transcript.html",
    ]


def test_samples_are_one_row_a_time() -> None:
    """Series that were not sampled at a time have an empty cell there; units are in the heading."""
    series = {"skin_c": Series("skin_c", "°C", ((5, 31.25),)), "pid": Series("pid", "", ((1, 4711.0), (5, 4711.0)))}
    assert samples_csv(Trace(ClockFit(0, 1), 0, 10, series)) == "device_ns,pid,skin_c [°C]\n1,4711,\n5,4711,31.25\n"


def test_a_recording_stands_on_disk_before_its_repetition_ends(tmp_path: Path) -> None:
    """What is told while a repetition is recorded is in its file at once; the end makes it whole."""
    handset = HandsetIdentity("fold", "s", "Xiaomi", "MIX", "SM8550", "14", 34, 16, True, True, "f")
    unit = Unit("i", "Weather", "suites/smoke/weather.yaml", handset, BuildIdentity("b", "1", "p", "m"))
    turn = TurnRecord(1, "q", "en", "ui", None, "a", 2, 5)
    files = UnitFiles(tmp_path, Documents())
    files.notify(TraceBegan(unit, 1, 1, ClockFit(0, 1), 0))
    files.notify(TraceGrew(unit, 1, 1, TracePiece((Sample("memory", 1, {"rss_mb": 2.5}),), {"rss_mb": "MB"})))
    files.notify(TurnFinished(unit, 1, turn, {}))
    path = tmp_path / "units/suites-smoke-weather/fold/1-1/trace.jsonl"
    told = read_trace(path)
    trace = Trace(ClockFit(0, 1), 0, 9, {"rss_mb": Series("rss_mb", "MB", ((1, 2.5),))})
    files.notify(RepetitionFinished(unit, Repetition(1, 1, (turn,), trace, Verdict.PASS)))
    assert (told.finished, told.repetition.turns, told.repetition.trace and told.repetition.trace.series) == (
        False, (turn,), trace.series,
    )  # fmt: skip
    assert read_trace(path) == Recording(unit, Repetition(1, 1, (turn,), trace, Verdict.PASS), True)


def test_a_lost_handset_leaves_its_recording_to_other_observers(tmp_path: Path) -> None:
    """Its repetition comes without a trace; the documents have the samples that were told before."""
    handset = HandsetIdentity("fold", "s", "Xiaomi", "MIX", "SM8550", "14", 34, 16, True, True, "f")
    unit = Unit("i", "Weather", "suites/smoke/weather.yaml", handset, BuildIdentity("b", "1", "p", "m"))
    documents = Documents()
    files = UnitFiles(tmp_path, documents)
    lost = Repetition(1, 1, (), None, Verdict.LAB, ("fold: gone",))
    files.notify(TraceBegan(unit, 1, 1, ClockFit(0, 1), 0))
    files.notify(TraceGrew(unit, 1, 1, TracePiece((Sample("memory", 1, {"rss_mb": 2.5}),), {"rss_mb": "MB"})))
    files.notify(RepetitionFinished(unit, lost))
    (samples,) = [piece for piece in documents.of(unit, lost) if piece.name == "samples"]
    assert samples.content == b"device_ns,rss_mb [MB]\n1,2.5\n"
