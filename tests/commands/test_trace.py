"""`farm trace`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from framework.cli import main
from framework.contract.run import BuildIdentity, HandsetIdentity, Repetition, TraceBegan, Unit
from framework.contract.trace import ClockFit, Doubt, Instant, Sample, Series, Span, Trace, TracePiece
from framework.contract.turn import Estimate, TurnRecord
from framework.contract.verdict import Verdict
from framework.journal.trace import TraceWriter, read_trace
from framework.report.samples import samples_csv

S = 1_000_000_000
HANDSET = HandsetIdentity("fold", "F1", "Xiaomi", "MIX Fold 3", "SM8550", "14", 34, 16, True, True, "fp")
UNIT = Unit("a.yaml::天气", "天气", "a.yaml", HANDSET, BuildIdentity("compact", "1.0", "p", "m"))
ESTIMATES = (Estimate("ttft_ms", 412.34, 0.12, "events"), Estimate("ttft_ms", 418, 9, "frames"))
TURN = TurnRecord(
    1,
    "后天呢？",
    "zh",
    "ui",
    None,
    "晴\x1b[31m",
    2 * S,
    3 * S,
    (),
    {"ttft_ms": 412.34, "total_ms": 900.0},
    (),
    (),
    ESTIMATES,
)
PIECE = TracePiece(
    (Sample("memory", 2 * S, {"rss_mb": 1000.0}), Sample("memory", 4 * S, {"rss_mb": 1310.0})), {"rss_mb": "MB"}
)
SERIES = {"rss_mb": Series("rss_mb", "MB", ((2 * S, 1000.0), (4 * S, 1310.0)))}
TRACE = Trace(
    ClockFit(0, 1_500_000), S, 9 * S, SERIES, (), (Span("turn", "1: 后天呢？", 2 * S, 3 * S),), ("zones: refused",),
    (Instant("clock_step", "5 s ahead", 5 * S, 1_200_000),),
)  # fmt: skip
DOUBTS = (Doubt("clock_limit", "capped at 60 %", 2 * S, 4 * S, frozenset({"ttft_ms"})),)
TEXT = """\
天气 · fold (emulated) · compact 1.0
INVALID · repetition 1, attempt 2 · 8 s, 2 samples in 1 series · clock ± 1.5 ms
  capped

turns
  1   PASS       1 s  后天呢？
                    → 晴�[31m
                     ttft_ms        412.3 ± 0.1 by events; 418 ± 9 frames  (clock_limit objects)
                     total_ms       900

series
                                           min      mean       max      last  samples
  rss_mb MB                               1000      1155      1310      1310  2

doubts
  1 s to 3 s  clock_limit: capped at 60 % (ttft_ms)

incidents
  4 s ± 1.2 ms  clock_step: 5 s ahead

not recorded
  zones: refused
"""


def finished(folder: Path, verdict: Verdict = Verdict.INVALID) -> Path:
    """A recording in its folder, as a run leaves it."""
    folder.mkdir(parents=True)
    writer = TraceWriter(folder / "trace.jsonl", UNIT, 1, 2, TraceBegan(UNIT, 1, 2, TRACE.clock, S))
    writer.piece(PIECE)
    writer.turn(TURN)
    writer.end(Repetition(1, 2, (TURN,), TRACE, verdict, ("capped",), (), DOUBTS))
    return folder / "trace.jsonl"


def unfinished(folder: Path) -> Path:
    folder.mkdir(parents=True)
    writer = TraceWriter(folder / "trace.jsonl", UNIT, 1, 1, TraceBegan(UNIT, 1, 1, TRACE.clock, S))
    writer.piece(PIECE)
    writer.close()
    return folder / "trace.jsonl"


def test_a_recording_is_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Verdict, turns with bounds by method and objections, series, doubts, incidents, notes; no control characters."""
    path = finished(tmp_path / "1-2")
    assert main(["trace", str(path)]) == 0
    assert capsys.readouterr().out == TEXT
    assert main(["trace", str(path.parent)]) == 0
    assert capsys.readouterr().out == TEXT


def test_a_recording_that_broke_off_is_told_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Even with a torn last line; it is said to be unfinished."""
    path = unfinished(tmp_path / "1-1")
    path.write_bytes(path.read_bytes() + b'{"v":1,"kind":"pie')
    assert main(["trace", str(path)]) == 0
    out = capsys.readouterr().out
    assert "unfinished · repetition 1 · 3 s, 2 samples in 1 series" in out
    assert "the recording broke off before its end" in out


def test_json_holds_the_records_and_the_statistics_of_each_series(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stable names: those of the contract."""
    assert main(["trace", str(finished(tmp_path / "1-2")), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["finished"], found["unit"]["scenario"], found["repetition"]["verdict"]) == (True, "天气", "INVALID")
    assert found["repetition"]["doubts"][0]["metrics"] == ["ttft_ms"]
    assert found["repetition"]["turns"][0]["estimates"][1] == {
        "metric": "ttft_ms", "value": 418, "bound": 9, "method": "frames",
    }  # fmt: skip
    assert found["repetition"]["trace"]["series"] == [
        {"name": "rss_mb", "unit": "MB", "samples": 2, "min": 1000.0, "mean": 1155.0, "max": 1310.0, "last": 1310.0}
    ]


def test_a_runs_folder_lists_its_recordings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line each: how it ended, how long it is, where it lies; one that cannot be read says why."""
    finished(tmp_path / "units/a/fold/1-2", Verdict.PASS)
    unfinished(tmp_path / "units/b/fold/1-1")
    (tmp_path / "units/c").mkdir()
    (tmp_path / "units/c/trace.jsonl").write_text("nonsense\n")
    assert main(["trace", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:4] for line in lines[:2]] == [["PASS", "8", "s", "1"], ["unfinished", "3", "s", "0"]]
    assert lines[0].endswith("units/a/fold/1-2")
    assert lines[2].startswith(f"unreadable  {tmp_path / 'units/c/trace.jsonl'}:1: expected")
    assert main(["trace", str(tmp_path), "--json"]) == 0
    assert [one["finished"] for one in json.loads(capsys.readouterr().out)] == [True, False]


def test_page_perfetto_and_samples_are_made_anew(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Beside the recording, elsewhere, or on standard output."""
    path = finished(tmp_path / "1-2")
    other = tmp_path / "other.pftrace"
    assert main(["trace", str(path), "--page", "--perfetto", str(other)]) == 0
    assert capfdbinary.readouterr().out.decode() == f"{path.parent / 'trace.html'}\n{other}\n"
    assert "412.3 ± 0.1" in (path.parent / "trace.html").read_text()
    assert other.stat().st_size > 100
    assert main(["trace", str(path), "--csv", "-"]) == 0
    assert capfdbinary.readouterr().out.decode() == samples_csv(TRACE)


def test_a_page_is_the_same_as_that_of_the_run(tmp_path: Path) -> None:
    """Nothing that the page shows is lost on the disk."""
    from framework.report.trace_page import trace_page

    path = finished(tmp_path / "1-2")
    assert main(["trace", str(path), "--page"]) == 0
    repetition = Repetition(1, 2, (TURN,), TRACE, Verdict.INVALID, ("capped",), (), DOUBTS)
    assert (path.parent / "trace.html").read_text() == trace_page(UNIT, repetition)
    assert read_trace(path).repetition == repetition


def test_several_recordings_make_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One has to be named."""
    finished(tmp_path / "a/1-2")
    finished(tmp_path / "b/1-2")
    assert main(["trace", str(tmp_path), "--page"]) == 2
    assert capsys.readouterr().err == f"{tmp_path}: name one of 2 recordings, such as {tmp_path / 'a/1-2'}\n"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ":1: expected the beginning of a recording"),
        (b"\x89PNG\r\n", ":1: expected the beginning of a recording"),
        (b'{"v":1,"at":1,"kind":"UnitStarted"}\n', ":1: expected the beginning of a recording"),
        (b'{"v":1,"kind":"begin","unit":{}}\n', ":1: expected the record `begin` of a recording (Unit lacks id"),
    ],
)
def test_foreign_files_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, problem: str
) -> None:
    """Exit code 2, nothing on standard output, and what was expected where."""
    path = tmp_path / "trace.jsonl"
    path.write_bytes(content)
    assert main(["trace", str(path)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.startswith(f"{path}{problem}")) == ("", True), err


def test_missing_places_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No file, a folder without a recording, a place where nothing can be written, samples of nothing."""
    path = finished(tmp_path / "x" / "1-2")
    (tmp_path / "empty").mkdir()
    nothing = tmp_path / "nothing.jsonl"
    TraceWriter(nothing, UNIT, 1, 1).end(Repetition(1, 1, (), None, Verdict.LAB))
    for words, expected in (
        ([str(tmp_path / "none")], "No such file or directory"),
        ([str(tmp_path / "empty")], "expected a trace.jsonl, or a folder that holds any"),
        ([str(path), "--page", str(tmp_path / "no/where.html")], "No such file or directory"),
        ([str(nothing), "--csv"], "nothing was recorded"),
    ):
        assert main(["trace", *words]) == 2
        assert expected in capsys.readouterr().err


def test_a_repetition_that_was_not_recorded_has_its_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Such as a handset that stayed too warm."""
    TraceWriter(tmp_path / "t", UNIT, 1, 1).end(Repetition(1, 1, (), None, Verdict.INVALID, ("skin 45 °C",)))
    assert main(["trace", str(tmp_path / "t")]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "INVALID · repetition 1", "  skin 45 °C", "", "nothing was recorded",
    ]  # fmt: skip


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """For each thing that can be asked."""
    with pytest.raises(SystemExit):
        main(["trace", "--help"])
    out = capsys.readouterr().out
    assert [
        word for word in ("examples:", "--page", "--perfetto", "--csv", "--json", "ui.perfetto.dev") if word not in out
    ] == []
