"""The samples of a trace as CSV, one row a time, one column a series."""

from __future__ import annotations

import csv
import io

from framework.contract.trace import Trace


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
    return f"{name} [{unit}]" if unit else name
