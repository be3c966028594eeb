from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from framework.plugin.run_folder import RunFolder


def test_latest_points_at_the_new_folder(tmp_path: Path) -> None:
    """Each run has a folder of its own; `latest` moves on to the newest."""
    reports = tmp_path / "reports"
    with RunFolder(reports) as run:
        assert (reports / "latest").resolve() == run.path.resolve()
        assert sorted(path.name for path in reports.iterdir()) == sorted([run.path.name, "latest"])


def test_older_runs_make_room(tmp_path: Path) -> None:
    """With `keep`, the last runs are left, the new one among them."""
    for day in range(1, 6):
        (tmp_path / f"2020-01-0{day}T08-00-00-77" / "units").mkdir(parents=True)
    with RunFolder(tmp_path, 3) as run:
        left = sorted(path.name for path in tmp_path.iterdir())
        assert (run.removed, left) == (
            3,
            sorted(["2020-01-04T08-00-00-77", "2020-01-05T08-00-00-77", run.path.name, "latest"]),
        )


def test_a_full_disk_is_told_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that could not keep its results does not begin."""
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=3_000_000))
    with pytest.raises(pytest.UsageError, match="only 3 MB are free there"):
        RunFolder(tmp_path / "reports")
