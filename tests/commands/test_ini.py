"""Commands find the folder of runs and the history where pytest does."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.commands.ini import history_of, ini_options, reports_of
from framework.history.address import HISTORY

URL = "postgresql://qa@lab/farm"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", f"[pytest]\npocketfarm_history = {URL}\n"),
        ("pyproject.toml", f'[tool.pytest.ini_options]\npocketfarm_history = "{URL}"\n'),
        ("tox.ini", f"[tox]\nx = 1\n[pytest]\npocketfarm_history = {URL}\n"),
        ("setup.cfg", f"[tool:pytest]\npocketfarm_history = {URL}\n"),
    ],
)
def test_ini_files(name: str, text: str, tmp_path: Path) -> None:
    """Of the nearest folder above that has one; what is no file of pytest's is passed over."""
    below = tmp_path / "suites" / "voice"
    below.mkdir(parents=True)
    (tmp_path / name).write_text(text)
    (below / "pyproject.toml").write_text("[tool.ruff]\n")
    assert ini_options(below) == (tmp_path, {"pocketfarm_history": URL})


def test_what_goes_before_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option, the variable, the reports that were named, the ini file, the folder of runs."""
    monkeypatch.delenv(HISTORY, raising=False)
    reports = tmp_path / "reports"
    assert history_of(None, reports, tmp_path) == str(reports / "history.db")
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npocketfarm_history = {URL}\npocketfarm_reports = out/runs\n")
    assert history_of(None, reports, tmp_path) == URL
    assert history_of(None, Path("/srv"), tmp_path, named=True) == "/srv/history.db"
    monkeypatch.setenv(HISTORY, "mine.db")
    assert history_of(None, reports, tmp_path) == str(tmp_path / "mine.db")
    assert history_of("own.db", reports, tmp_path) == str(tmp_path / "own.db")
    assert (reports_of(None, tmp_path), reports_of("x", tmp_path)) == (Path("out/runs"), Path("x"))
