"""A worker whose handset is not fit takes no test: it runs nothing, reports nothing, and leaves word of the cause.

xdist takes no events of others', and a test that was not begun has no report; so the cause is a file in the run's
folder, one a handset, which is there when the controller hears that the test was not run.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from framework.plugin.lab import Lab

FOLDER = "unfit"
DECLINING = "pocketfarm-declining"
"""Name of the plugin."""


class Declining:
    """In each worker: whether a test may begin, to be asked before anything of it is done."""

    def __init__(self, lab: Lab, run_folder: Path, handset: str) -> None:
        """`handset`: the name of the worker's."""
        self._lab, self._run_folder, self.handset = lab, run_folder, handset

    def declines(self) -> bool:
        """Looks at the handset, opening the session if none is open yet; mends what can be mended."""
        cause = self._lab.unfit()
        if cause is not None:
            tell_unfit(self._run_folder, self.handset, cause)
        return cause is not None


def tell_unfit(run_folder: Path, handset: str, cause: str) -> None:
    """Whole or not at all."""
    path = _path(run_folder, handset)
    path.parent.mkdir(exist_ok=True)
    part = path.with_name(f".{path.name}-{os.getpid()}")
    part.write_text(cause, encoding="utf-8")
    part.replace(path)


def read_unfit(run_folder: Path, handset: str) -> str | None:
    """Why a handset's worker took no test; None where it has not said so."""
    try:
        return _path(run_folder, handset).read_text(encoding="utf-8").removeprefix(f"{handset}: ")
    except OSError:
        return None


def declines(config: pytest.Config) -> bool:
    """Whether this worker takes no test just now; one without a farm takes all."""
    declining = config.pluginmanager.getplugin(DECLINING)
    return isinstance(declining, Declining) and declining.declines()


def _path(run_folder: Path, handset: str) -> Path:
    """Names of handsets are those of files, but for letters that a disk does not tell apart."""
    return run_folder / FOLDER / f"{sha256(handset.encode()).hexdigest()[:16]}.txt"
