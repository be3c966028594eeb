from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from framework.plugin.run_folder import new_run_folder


def test_latest_points_at_the_new_folder(tmp_path: Path) -> None:
    """Each run has a folder of its own; `latest` moves on to the newest."""
    reports = tmp_path / "reports"
    folder = new_run_folder(reports)
    assert (reports / "latest").resolve() == folder.resolve()
    assert sorted(path.name for path in reports.iterdir()) == sorted([folder.name, "latest"])


def test_a_full_disk_is_told_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that could not keep its results does not begin."""
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=3_000_000))
    with pytest.raises(pytest.UsageError, match="only 3 MB are free there"):
        new_run_folder(tmp_path / "reports")
