"""Bundles: written whole, read with suspicion, and without what identifies a handset."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import UsageError
from framework.doctor import bundle
from framework.doctor.answers import Answer, Answers

Record = Callable[[str], tuple[Answers, Path]]


def test_there_and_back(tmp_path: Path) -> None:
    """What identifies nobody comes back as it was, times rounded."""
    given = {
        "id": Answer(0, "2000\n", "", 1700000000.0, 0.25, 12.5),
        "battery": Answer(1, "", "no\nsuch ü\n", 1700000000.5, 0.5, None),
        "top": Answer(None, "", "not done within 60 s"),
    }
    path = tmp_path / "it.zip"
    bundle.write(path, Target("it", adbd="127.0.0.1:5555"), Answers(given))
    read = bundle.read(path)
    assert read.answers.given == given
    assert (read.about["format"], read.about["transport"]) == (1, "adbd")
    assert list(tmp_path.iterdir()) == [path]


def test_no_identifier_is_left(recorded: Record, virtual_targets: Mapping[str, Target]) -> None:
    """Serial number, android_id and address of a virtual handset are in no file of its bundle; its build is."""
    answers, path = recorded("xiaomi-mix-fold-3")
    with zipfile.ZipFile(path) as archive:
        everything = "".join(archive.read(name).decode() for name in archive.namelist())
    identity = [answers.property("ro.serialno"), answers.setting("secure/android_id")]
    identity.append(virtual_targets["xiaomi-mix-fold-3"].adbd)
    assert [word for word in identity if word is None or word in everything] == []
    assert answers.property("ro.build.fingerprint") in everything
    assert "Xiaomi MIX Fold 3" in everything


def test_the_same_answers_are_the_same_bytes(tmp_path: Path) -> None:
    """So that a bundle can be told from another by its hash."""
    answers = Answers({"id": Answer(0, "2000\n")})
    paths = [tmp_path / name for name in ("a.zip", "b.zip")]
    for path in paths:
        bundle.write(path, Target("it", serial="X1234"), answers)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (None, "no bundle"),
        ("[]", "no bundle"),
        ("{", "no bundle"),
        (json.dumps({"format": 2, "answers": []}), "a bundle of format 2; this farm reads 1"),
        (json.dumps({"format": 1, "answers": [{"name": "id"}]}), "no bundle"),
        (json.dumps({"format": 1, "answers": [7]}), "no bundle"),
    ],
)
def test_what_is_no_bundle(tmp_path: Path, manifest: str | None, said: str) -> None:
    """A UsageError that names the file, whatever is wrong with it."""
    path = tmp_path / "it.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other", "")
        if manifest is not None:
            archive.writestr("manifest.json", manifest)
    with pytest.raises(UsageError, match=said) as told:
        bundle.read(path)
    assert told.value.problems[0].file == str(path)


def test_files_that_are_none(tmp_path: Path) -> None:
    """Missing, no ZIP, or a place that cannot be written to."""
    (tmp_path / "text.zip").write_text("hello")
    for path in (tmp_path / "missing.zip", tmp_path / "text.zip"):
        with pytest.raises(UsageError):
            bundle.read(path)
    with pytest.raises(UsageError, match="No such file"):
        bundle.write(tmp_path / "missing" / "it.zip", Target("it"), Answers({}))


def test_a_text_that_fills_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small archive may unpack to gigabytes."""
    path = tmp_path / "it.zip"
    bundle.write(path, Target("it"), Answers({"id": Answer(0, "x" * 5000)}))
    monkeypatch.setattr(bundle, "LARGEST", 4000)
    with pytest.raises(UsageError, match="more than 4000 bytes"):
        bundle.read(path)
