"""The folder that a run writes into."""

from __future__ import annotations

import os
import time
from pathlib import Path


def new_run_folder(reports: Path) -> Path:
    """`reports/<local time>-<pid>`, and `reports/latest` pointing at it."""
    folder = reports / f"{time.strftime('%Y-%m-%dT%H-%M-%S')}-{os.getpid()}"
    folder.mkdir(parents=True)
    link = reports / f".latest-{os.getpid()}"
    link.symlink_to(folder.name)
    link.replace(reports / "latest")
    return folder
