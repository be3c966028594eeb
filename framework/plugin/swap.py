"""A worker whose handset is lost is given another one, in the middle of the run.

xdist has no word for it, so the controller writes into the run's folder which handset a worker has from now on, before
it sends the next test; the worker looks there before each test.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from framework.contract.capabilities import Target

FOLDER = "assignments"


def assign(run_folder: Path, worker: str, target: Target) -> None:
    """Whole or not at all."""
    path = _path(run_folder, worker)
    path.parent.mkdir(exist_ok=True)
    part = path.with_name(f".{path.name}-{os.getpid()}")
    part.write_text(target_text(target), encoding="utf-8")
    part.replace(path)


class Swapping:
    """In a worker: `change` is called with each new handset, once."""

    def __init__(self, run_folder: Path, worker: str, change: Callable[[Target], None]) -> None:
        self._path, self._change = _path(run_folder, worker), change
        self._last = _text(self._path)  # of an earlier run with the same folder

    def look(self) -> None:
        """To be called before each test."""
        text = _text(self._path)
        if text and text != self._last:
            self._last = text
            self._change(target_of(text))


def target_text(target: Target) -> str:
    """A target as text, the only kind of value that every execnet channel carries."""
    return json.dumps(asdict(target))


def target_of(text: str) -> Target:
    raw = json.loads(text)
    stated = {name: tuple(value) if isinstance(value, list) else value for name, value in raw["stated"].items()}
    return Target(**raw | {"tags": tuple(raw["tags"]), "stated": stated})


def _path(run_folder: Path, worker: str) -> Path:
    return run_folder / FOLDER / f"{worker}.json"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
