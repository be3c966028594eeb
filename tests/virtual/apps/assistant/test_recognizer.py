"""The recognisers: where they are kept, and that they know every phrase in a voice they were not made from."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from framework.media.noise import add_floor
from framework.media.tts import speak
from framework.media.voices import QUESTION_VOICES
from framework.virtual.apps.assistant import recognizer
from framework.virtual.apps.assistant.dialogue.state import Language
from framework.virtual.apps.assistant.phrases import phrases


@pytest.mark.parametrize("language", get_args(Language))
def test_phrases_are_heard_as_they_were_said(language: Language) -> None:
    """A third of them here; all of them, in noise, in the benchmark."""
    recognizer.warm()
    said = phrases(language)[::3]
    heard = [recognizer.recognize(add_floor(speak(text, QUESTION_VOICES[language]), 1), language) for text in said]
    assert heard == list(said)


def test_templates_are_kept_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the XDG specification says; a second build reads them and gives the same."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = recognizer._templates()
    (kept,) = (tmp_path / "pocketfarm").iterdir()
    written = kept.stat().st_mtime_ns
    second = recognizer._templates()
    assert [template.text for template in second] == [template.text for template in first]
    assert kept.stat().st_mtime_ns == written


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the place of the folder, as a read-only home would be."""
    (tmp_path / "pocketfarm").write_bytes(b"")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert len(recognizer._templates()) >= len(phrases("en")) + len(phrases("zh"))
