"""One measured value against one limit, in the direction of its metric."""

from __future__ import annotations

from framework.contract.metrics import Metric
from framework.contract.verdict import Check, Verdict

NO_DATA = "no data"


def limit_check(name: str, metric: Metric, value: float | None, limit: float, *, turn: int | None = None) -> Check:
    """PASS within the limit (and on it), FAIL beyond, UNMEASURED without a value."""
    words = f"at {'most' if metric.better == 'lower' else 'least'} {amount(limit, metric)}"
    if value is None:
        return Check(name, Verdict.UNMEASURED, words, NO_DATA, turn, measured=True)
    within = value <= limit if metric.better == "lower" else value >= limit
    verdict = Verdict.PASS if within else Verdict.FAIL
    return Check(name, verdict, words, amount(value, metric), turn, measured=True)


def amount(value: float, metric: Metric) -> str:
    """`412.3 ms`; four significant digits, whole numbers above."""
    number = f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"
    return number if metric.unit == "share" else f"{number} {metric.unit}"
