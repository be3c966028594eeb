"""Files with the mistakes that people make: one line for each, with file, line, key and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.cli import main


def test_every_fault_is_told_in_one_line(
    wrong_file: Path, expected_lines: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`farm check` exits with 2 and says exactly what the head of the file promises, once."""
    monkeypatch.chdir(wrong_file.parent)
    assert main(["check", wrong_file.name]) == 2
    out, err = capsys.readouterr()
    assert (err.splitlines(), out) == (expected_lines, "")


def test_no_message_is_pydantics_own(
    wrong_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What people read holds no jargon of the library, no address of its pages and no traceback."""
    monkeypatch.chdir(wrong_file.parent)
    main(["check", wrong_file.name])
    said = capsys.readouterr().err
    jargon = ("Input should", "Extra inputs", "Field required", "pydantic", "https://errors", "Traceback", "union_tag")
    assert [word for word in jargon if word in said] == []


def test_there_are_at_least_thirty() -> None:
    """The collection covers all three kinds of files."""
    kinds = [file.stem.partition("-")[0] for file in (Path(__file__).parent / "wrong").glob("*.yaml")]
    assert len(kinds) >= 30
    assert set(kinds) == {"devices", "build", "scenario"}
