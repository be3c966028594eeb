"""Reading a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framework.contract.errors import UsageError
from framework.deploy import load_build

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import MakeBuild


def test_a_folder_stands_for_its_build_yaml(make_build: MakeBuild, tmp_path: Path) -> None:
    """`--build suites/builds/compact` is enough."""
    build = make_build()
    assert load_build(tmp_path) == build


def test_the_artifacts_come_with_their_keys(make_build: MakeBuild) -> None:
    """The APK first, then the weights."""
    assert [(key, artifact.source) for key, artifact in make_build().artifacts()] == [
        (("apk",), "tiny.apk"),
        (("weights", 0), "tiny.gguf"),
    ]


def test_a_fault_names_file_line_and_key(make_build: MakeBuild, tmp_path: Path) -> None:
    """The line is that of the key in the file as it is now."""
    build = make_build()
    lines = (tmp_path / "build.yaml").read_text().splitlines()
    error = build.fault("is wrong", "weights", 0, "sha256", suggestion="x")
    problem = error.problems[0]
    assert problem.line is not None
    assert "sha256" in lines[problem.line - 1]
    assert problem.key == "weights[0].sha256"
    assert str(error).startswith(f"{tmp_path / 'build.yaml'}:{problem.line}: weights[0].sha256: is wrong")


def test_a_file_that_is_missing_is_a_usage_error(tmp_path: Path) -> None:
    """Never a traceback."""
    with pytest.raises(UsageError, match="no such file"):
        load_build(tmp_path / "build.yaml")
