"""Templates and the file they are kept in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from framework.contract.scenario import Language
from framework.media.recognize import Template
from framework.media.templates import cached_templates, load_templates, make_templates, save_templates

PHRASES: dict[Language, tuple[str, ...]] = {"en": ("Hello there.", "Good night."), "zh": ("你好。",)}
VOICES: dict[Language, tuple[str, ...]] = {"en": ("en-us", "en-us+f3"), "zh": ("cmn",)}


def content(templates: tuple[Template, ...]) -> list[tuple[str, str, bytes]]:
    return [(template.text, template.language, np.float64(template.power).tobytes()) for template in templates]


def test_one_template_for_each_phrase_and_voice() -> None:
    """In their own language, as power in mel bands."""
    templates = make_templates(PHRASES, VOICES)
    assert sorted((template.text, template.language) for template in templates) == [
        ("Good night.", "en"),
        ("Good night.", "en"),
        ("Hello there.", "en"),
        ("Hello there.", "en"),
        ("你好。", "zh"),
    ]
    assert all((template.power > 0).all() for template in templates)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    """Texts, languages and every number; nothing else is left in the folder."""
    templates = make_templates(PHRASES, VOICES)
    path = tmp_path / "deep" / "templates.npz"
    save_templates(path, templates)
    assert content(load_templates(path)) == content(templates)
    assert [entry.name for entry in path.parent.iterdir()] == ["templates.npz"]


def test_the_cache_is_used_and_mended(tmp_path: Path) -> None:
    """A second call reads the file, a broken file is made anew, and other phrases have a file of their own."""
    made = cached_templates(tmp_path, PHRASES, VOICES)
    (path,) = tmp_path.iterdir()
    written_ns = path.stat().st_mtime_ns
    assert content(cached_templates(tmp_path, PHRASES, VOICES)) == content(made)
    assert path.stat().st_mtime_ns == written_ns
    path.write_bytes(path.read_bytes()[:100])
    assert content(cached_templates(tmp_path, PHRASES, VOICES)) == content(made)
    assert content(load_templates(path)) == content(made)
    cached_templates(tmp_path, {"en": ("Hello there.",)}, VOICES)
    assert len(list(tmp_path.iterdir())) == 2


def test_an_empty_list_has_no_file_to_load(tmp_path: Path) -> None:
    """A missing file is an OSError."""
    with pytest.raises(FileNotFoundError):
        load_templates(tmp_path / "none.npz")
