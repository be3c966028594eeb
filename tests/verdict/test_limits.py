"""One value against one limit."""

from __future__ import annotations

import pytest

from framework.contract.metrics import metric
from framework.contract.verdict import Verdict
from framework.verdict.limits import amount, limit_check


@pytest.mark.parametrize(
    ("name", "value", "verdict"),
    [
        ("ttft_ms", 899.0, Verdict.PASS),
        ("ttft_ms", 900.0, Verdict.PASS),
        ("ttft_ms", 900.1, Verdict.FAIL),
        ("decode_tps", 900.1, Verdict.PASS),
        ("decode_tps", 899.0, Verdict.FAIL),
        ("ttft_ms", None, Verdict.UNMEASURED),
    ],
)
def test_the_direction_is_the_metrics(name: str, value: float | None, verdict: Verdict) -> None:
    """At most for latencies, at least for rates; the limit itself passes; no value is not a pass."""
    assert limit_check("x", metric(name), value, 900).verdict is verdict


def test_a_check_says_what_was_expected_and_found() -> None:
    """With units, as it stands in reports."""
    assert (
        str(limit_check("ttft_ms", metric("ttft_ms"), 1234.5, 900)) == "ttft_ms: expected at most 900 ms, found 1234 ms"
    )
    assert (
        str(limit_check("tps", metric("decode_tps"), None, 12)) == "tps: expected at least 12 tokens/s, found no data"
    )


@pytest.mark.parametrize(
    ("value", "name", "shown"),
    [
        (412.34, "ttft_ms", "412.3 ms"),
        (2871.6, "rss_mb", "2872 MB"),
        (0.25, "throttle", "0.25"),
        (43, "skin_c", "43 °C"),
    ],
)
def test_amounts_are_short(value: float, name: str, shown: str) -> None:
    """Four digits are more than any of these metrics means."""
    assert amount(value, metric(name)) == shown
