"""The folder that a run writes into."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest


def new_run_folder(reports: Path) -> Path:
    """`reports/<local time>-<pid>`, and `reports/latest` pointing at it; pytest.UsageError if it cannot be made."""
    folder = reports / f"{time.strftime('%Y-%m-%dT%H-%M-%S')}-{os.getpid()}"
    link = reports / f".latest-{os.getpid()}"
    try:
        folder.mkdir(parents=True)
        link.symlink_to(folder.name)
        link.replace(reports / "latest")
    except OSError as error:
        message = f"no run folder in {reports}: {error.strerror}; free or unlock it, or take another one"
        raise pytest.UsageError(f"{message} (ini option pocketfarm_reports)") from None
    return folder
