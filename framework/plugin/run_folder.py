"""The folder that a run writes into."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

LEAST_FREE_BYTES = 50_000_000
"""A repetition writes about half a megabyte; with less space a run would break off in the middle."""


def new_run_folder(reports: Path) -> Path:
    """`reports/<local time>-<pid>`, and `reports/latest` pointing at it; pytest.UsageError if it cannot be made."""
    folder = reports / f"{time.strftime('%Y-%m-%dT%H-%M-%S')}-{os.getpid()}"
    link = reports / f".latest-{os.getpid()}"
    try:
        folder.mkdir(parents=True)
        link.symlink_to(folder.name)
        link.replace(reports / "latest")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise _unusable(reports, str(error.strerror)) from None
    if free < LEAST_FREE_BYTES:
        raise _unusable(reports, f"only {free / 1e6:.0f} MB are free there")
    return folder


def _unusable(reports: Path, why: str) -> pytest.UsageError:
    return pytest.UsageError(
        f"no run folder in {reports}: {why}; make room or take another place (ini option pocketfarm_reports)"
    )
