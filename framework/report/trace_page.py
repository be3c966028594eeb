"""The trace page: one static HTML page a repetition, inline SVG, no scripts, so that it shows in every report."""

from __future__ import annotations

from framework.contract.metrics import TURN_METRICS
from framework.contract.run import Repetition, Unit
from framework.report import chart
from framework.report.pages import render


def trace_page(unit: Unit, repetition: Repetition) -> str:
    """The page as text; everything that came from a handset or a file is escaped."""
    measured = {name for turn in repetition.turns for name in turn.metrics}
    return render(
        "trace.html",
        unit=unit,
        repetition=repetition,
        trace=repetition.trace,
        charts=chart.charts(repetition.trace) if repetition.trace is not None else (),
        metrics=[name for name in TURN_METRICS if name in measured],
        instants=", ".join(chart.INSTANTS),
        width=chart.WIDTH,
        height=chart.HEIGHT,
        left=chart.LEFT,
        right=chart.RIGHT,
        top=chart.TOP,
        bottom=chart.BOTTOM,
    )
