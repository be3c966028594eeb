"""Where the files of a run lie, and names of files out of what people and handsets write."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from framework.contract.run import Unit

UNITS, RECORDING = "units", "trace.jsonl"
RESULTS = "allure-results"
LOCK = ".running"
"""A file of each run's folder, locked by the run's controller; it says who that is."""
LONGEST_NAME = 80


def safe_name(text: str) -> str:
    """A file name that stays in its folder, whatever `text` is."""
    name = re.sub(r"[^\w.-]+", "-", text).strip(".-")
    return name[:LONGEST_NAME] or "unnamed"


def repetition_place(unit: Unit, number: int, attempt: int) -> PurePosixPath:
    """Below the run's folder: `units/SCENARIO/HANDSET/REPETITION-ATTEMPT`."""
    scenario = safe_name(str(Path(unit.file).with_suffix("")))
    return PurePosixPath(UNITS, scenario, safe_name(unit.handset.name), f"{number}-{attempt}")
