"""`farm check`: which files it reads, and what it prints for people and for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from framework.cli import main

GOOD = "scenario: Greeting\nsteps:\n  - text: hello\n"
WRONG = "scenario: Greeting\nstep:\n  - text: hello\n"
DEVICES = "handsets:\n  - {name: fold, kind: virtual, profile: xiaomi-13}\n"


@pytest.fixture
def farm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an inventory and a suite, in which the command is called."""
    (tmp_path / "suites/smoke").mkdir(parents=True)
    (tmp_path / "devices.yaml").write_text(DEVICES)
    (tmp_path / "suites/smoke/greeting.yaml").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_files_everything_here_is_checked(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """devices.yaml and suites/**, but not what builds have generated."""
    (farm / "suites/builds/out").mkdir(parents=True)
    (farm / "suites/builds/out/dump.yaml").write_text(WRONG)
    (farm / "suites/smoke/other.yml").write_text(GOOD)
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "no faults in 3 files (1 devices, 2 scenario)\n"


def test_faults_of_several_files_are_told_on_standard_error(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line each, in the order of the files; nothing on standard output; exit code 2."""
    (farm / "suites/smoke/greeting.yaml").write_text(WRONG)
    assert main(["check", "suites", "gone.yaml", "suites/smoke/greeting.yaml"]) == 2
    captured = capsys.readouterr()
    assert captured.err.splitlines() == [
        'suites/smoke/greeting.yaml:2: step: unknown key (did you mean "steps"?)',
        "gone.yaml: no such file",
    ]
    assert captured.out == ""


def test_json_has_an_object_for_each_file(farm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same facts as fields, with the same exit code."""
    (farm / "suites/smoke/greeting.yaml").write_text(WRONG)
    assert main(["check", "--json"]) == 2
    assert json.loads(capsys.readouterr().out) == [
        {"file": "devices.yaml", "kind": "devices", "problems": []},
        {
            "file": "suites/smoke/greeting.yaml",
            "kind": "scenario",
            "problems": [
                {
                    "file": "suites/smoke/greeting.yaml",
                    "line": 2,
                    "key": "step",
                    "message": "unknown key",
                    "suggestion": "steps",
                }
            ],
        },
    ]


def test_nothing_to_check_is_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty folder must not look like success."""
    monkeypatch.chdir(tmp_path)
    assert (main(["check"]), main(["check", "."])) == (2, 2)
    assert capsys.readouterr().err.splitlines() == [
        "nothing to check: no devices.yaml and no suites/ in this folder",
        "nothing to check: .",
    ]
