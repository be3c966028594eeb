from __future__ import annotations

from dataclasses import replace

from framework.contract.run import Repetition, Unit
from framework.report.documents import Documents


def test_documents_are_made_once(unit: Unit, repetition: Repetition) -> None:
    """Observers that are told of the same repetition share them; another repetition has its own."""
    documents = Documents()
    made = documents.make(unit, repetition)
    assert documents.of(unit, replace(repetition, trace=None)) is made
    assert [piece.file_name for piece in made] == ["transcript.html", "trace.html", "samples.csv", "trace.pftrace"]
    again = documents.of(unit, replace(repetition, attempt=2))
    assert again[1] != made[1]


def test_only_what_was_recorded_has_samples(unit: Unit, repetition: Repetition) -> None:
    """A repetition without a trace leaves its pages."""
    made = Documents().of(unit, replace(repetition, trace=None))
    assert [piece.file_name for piece in made] == ["transcript.html", "trace.html"]


def test_a_repetition_that_is_told_again_is_made_again(unit: Unit, repetition: Repetition) -> None:
    """As when a handset that was lost has come back."""
    documents = Documents()
    made = documents.make(unit, repetition)
    assert documents.make(unit, replace(repetition, trace=None)) != made


def test_half_a_character_breaks_no_document(unit: Unit, repetition: Repetition) -> None:
    """What a handset cut in the middle of a surrogate pair is shown as a character that could not be read."""
    made = Documents().of(replace(unit, scenario="x\ud800"), repetition)
    assert "<h1>x\ufffd</h1>" in made[1].content.decode()
