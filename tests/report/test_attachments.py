from __future__ import annotations

from pathlib import Path, PurePosixPath

import allure_commons
import pytest

from framework.contract.turn import Evidence
from framework.redaction.redactor import Redactor
from framework.report.allure_writer import ResultWriter
from framework.report.attachments import Attachments, Limits

PLACE = PurePosixPath("units/weather/fold/1-1")


@pytest.fixture
def results(tmp_path: Path):  # type: ignore[no-untyped-def]
    """A folder into which attachments are written."""
    writer = ResultWriter(tmp_path / "results", Redactor())
    allure_commons.plugin_manager.register(writer)
    yield tmp_path / "results"
    allure_commons.plugin_manager.unregister(writer)


def test_a_long_log_is_cut_in_its_middle(results: Path) -> None:
    """Whole lines of its beginning and its end, a word on the rest between them, and where the whole lies."""
    lines = "".join(f"{number:06} said\n" for number in range(5000))
    made, notes = Attachments(Limits(one=10_000)).add([Evidence("logcat", "logcat.txt", lines.encode())], PLACE)
    text = (results / made[0].source).read_text()
    assert (made[0].name, made[0].type, len(text) <= 10_000) == ("logcat (cut)", "text/plain", True)
    assert (text.startswith("000000 said\n"), text.endswith("004999 said\n")) == (True, True)
    assert notes == ["logcat: 0.1 MB in its middle left out; units/weather/fold/1-1/logcat.txt in the run's folder"]
    assert notes[0] in text
    assert {len(line) for line in text.splitlines() if line.endswith("said")} == {11}


def test_what_cannot_be_cut_is_named_instead(results: Path) -> None:
    """A film or a page that is too large: not attached, with its size and its place."""
    made, notes = Attachments(Limits(one=100)).add(
        [Evidence("screen recording", "screen.mp4", b"x" * 2_000_000)], PLACE
    )
    assert (made, list(results.iterdir())) == ([], [])
    assert notes == ["screen recording: not attached, 2.0 MB; units/weather/fold/1-1/screen.mp4 in the run's folder"]


def test_a_report_does_not_grow_without_end(results: Path) -> None:
    """After so many bytes nothing more is attached, and each piece is told of."""
    attachments = Attachments(Limits(all=250))
    told = [attachments.add([Evidence("reply", "reply.wav", b"x" * 100)], PLACE) for _ in range(4)]
    assert [len(made) for made, _ in told] == [1, 1, 0, 0]
    assert told[3][1] == [
        "reply: not attached, the report has 0 MB; units/weather/fold/1-1/reply.wav in the run's folder"
    ]
    assert sum(path.stat().st_size for path in results.iterdir()) == 200


def test_archives_are_only_attached_where_nothing_is_redacted(results: Path) -> None:
    """A bugreport holds accounts and numbers, and nothing can be taken out of it."""
    piece = Evidence("bugreport", "bugreport.zip", b"PK")
    made, (note,) = Attachments().add([piece], PLACE)
    assert (made, note) == (
        [],
        "bugreport: not attached, since an archive cannot be redacted; "
        "units/weather/fold/1-1/bugreport.zip in the run's folder",
    )
    made, notes = Attachments(redacted=False).add([piece], PLACE)
    assert (len(made), notes) == (1, [])
