"""`farm parse`."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from framework.cli import main
from framework.dumps.kinds import KINDS

MEMINFO = "MemTotal:        3855796 kB\nMemFree:           79864 kB\n"


@pytest.fixture
def meminfo(tmp_path: Path) -> Path:
    path = tmp_path / "meminfo.txt"
    path.write_text(MEMINFO)
    return path


def test_json_has_null_for_what_is_not_there(meminfo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object with every field of the record; a missing line is null, not 0."""
    assert main(["parse", "proc_meminfo", str(meminfo), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "total_kb": 3855796,
        "free_kb": 79864,
        "available_kb": None,
        "cached_kb": None,
        "swap_total_kb": None,
        "swap_free_kb": None,
    }


@pytest.mark.parametrize("words", [[], ["-"]])
def test_standard_input_is_the_default(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`adb shell … | farm parse KIND`; bytes that are no UTF-8 do not stop it."""
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"[a]: [\xff\xe4\xbd\xa0]\r\n")))
    assert main(["parse", "getprop", *words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"values": {"a": "\ufffd你"}}


def test_without_json_it_is_indented_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nested records are indented below their name."""
    path = tmp_path / "cpu"
    path.write_text("some avg10=30.36 avg60=10.27 avg300=4.81 total=938387423\n")
    assert main(["parse", "psi", str(path)]) == 0
    assert capsys.readouterr().out == (
        "some:\n"
        "  avg10_percent: 30.36\n"
        "  avg60_percent: 10.27\n"
        "  avg300_percent: 4.81\n"
        "  total_us: 938387423\n"
        "full: null\n"
    )


def test_unreadable_input_says_what_was_expected_where(meminfo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, nothing on standard output, and file, line, kind and expectation on standard error."""
    meminfo.write_text(MEMINFO + "SwapFree: 12")
    assert main(["parse", "proc_meminfo", str(meminfo)]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"{meminfo}:3: proc_meminfo: expected SwapFree as a whole number and kB\n")


def test_a_missing_file_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 with the reason."""
    assert main(["parse", "psi", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'none'}: No such file or directory\n"


def test_an_unknown_kind_names_the_kinds(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2."""
    with pytest.raises(SystemExit) as caught:
        main(["parse", "memory"])
    assert caught.value.code == 2
    assert "'proc_meminfo', " in capsys.readouterr().err


def test_help_lists_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    """With examples."""
    with pytest.raises(SystemExit):
        main(["parse", "--help"])
    out = capsys.readouterr().out
    assert [kind for kind in KINDS if kind not in out] == []
    assert "examples:" in out
