"""The samples of a trace as CSV, one row a time, one column a series."""

from __future__ import annotations

import csv
import io

from framework.contract.trace import Trace
from framework.report.legible import legible

FORMULA = ("=", "+", "-", "@")
"""With what spreadsheets begin a formula (OWASP, CSV injection)."""


def samples_csv(trace: Trace) -> str:
    """Columns `device_ns` and `NAME [UNIT]`; an empty cell where a series was not sampled at that time."""
    names = sorted(trace.series)
    rows: dict[int, dict[str, float]] = {}
    for name in names:
        for at, value in trace.series[name].points:
            rows.setdefault(at, {})[name] = value
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["device_ns", *(_heading(name, trace.series[name].unit) for name in names)])
    for at in sorted(rows):
        writer.writerow([at, *(f"{rows[at][name]:.6g}" if name in rows[at] else "" for name in names)])
    return text.getvalue()


def _heading(name: str, unit: str) -> str:
    """Some series are called as the handset calls its sensors: no spreadsheet is to take that for a formula."""
    text = legible(f"{name} [{unit}]" if unit else name)
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text
