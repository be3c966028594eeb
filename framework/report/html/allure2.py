"""Allure 2: its trend comes from the report of the run before."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

PAGE: Final = "classic"
HISTORY: Final = "history"
"""Folder that Allure 2 writes into its report, and looks for among the results."""


def arguments(results: Path, before: Path, out: Path, title: str, language: str, *, single_file: bool) -> list[str]:
    """`before`: a folder of results that has only the history, so that the run's own stay as they are."""
    options = ["--output", str(out), "--name", title, "--lang", language, *(["--single-file"] if single_file else [])]
    return ["generate", str(results), str(before), *options]


def bring_history(runs: Path, run: str, before: Path, page: str) -> None:
    """Copy what the last run before `run` that has a report by Allure 2 has left; `page` is where in a run it lies."""
    before.mkdir()
    earlier = (folder for folder in runs.iterdir() if folder.name < run and not folder.is_symlink())
    for folder in sorted(earlier, reverse=True):
        if (folder / page / HISTORY).is_dir():
            shutil.copytree(folder / page / HISTORY, before / HISTORY)
            return
