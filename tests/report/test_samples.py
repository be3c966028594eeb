from __future__ import annotations

import csv
import io

import pytest
from hostile import HOSTILE, MISLEADING

from framework.contract.trace import ClockFit, Series, Trace
from framework.report.samples import samples_csv


@pytest.mark.parametrize("name", HOSTILE)
def test_no_sensor_is_a_formula(name: str) -> None:
    """However a handset calls it: one column of figures, with a heading that a spreadsheet shows as it is."""
    text = HOSTILE[name]
    trace = Trace(ClockFit(0, 1), 0, 9, {text: Series(text, "", ((1, -2.5), (2, 3.0)))})
    heading, *rows = csv.reader(io.StringIO(samples_csv(trace)))
    assert (len(heading), rows) == (2, [["1", "-2.5"], ["2", "3"]])
    assert heading[1].lstrip()[0] not in "=+-@"
    assert set(heading[1]) & set(MISLEADING) == set()
