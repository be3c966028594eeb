"""Budgets over all turns and samples of several repetitions."""

from __future__ import annotations

from collections.abc import Callable

from framework.contract.run import Repetition
from framework.contract.trace import Doubt, Trace
from framework.contract.verdict import Verdict
from framework.verdict.budgets import judge_budget


def test_turns_of_all_repetitions_are_pooled(repetition: Callable[..., Repetition]) -> None:
    """The statistic is taken once, over every turn that has the metric."""
    runs = [repetition(1, [{"ttft_ms": 100.0}, {"ttft_ms": 300.0}]), repetition(2, [{"ttft_ms": 200.0}, {}])]
    (largest, median) = judge_budget({"ttft_ms": {"max": 250, "p50": 250}}, runs)
    assert (largest.name, largest.verdict, largest.found) == ("budget ttft_ms max", Verdict.FAIL, "300 ms")
    assert (median.name, median.verdict, median.found) == ("budget ttft_ms p50", Verdict.PASS, "200 ms")


def test_samples_count_from_the_first_turn_on(
    repetition: Callable[..., Repetition], trace: Callable[..., Trace]
) -> None:
    """What the handset did before it was asked anything is not the assistant's; the sample after the turn is."""
    recorded = trace({"rss_mb": [(5, 9000), (12, 1000), (25, 2000)]})
    (check,) = judge_budget({"rss_mb": {"max": 2500}}, [repetition(1, trace=recorded)])
    assert (check.verdict, check.found) == (Verdict.PASS, "2000 MB")


def test_rates_are_limited_from_below(repetition: Callable[..., Repetition]) -> None:
    """A p90 of a rate is what nine of ten turns reach."""
    runs = [repetition(1, [{"decode_tps": float(rate)} for rate in range(10, 21)])]
    (check,) = judge_budget({"decode_tps": {"p90": 12}}, runs)
    assert (check.verdict, check.expected, check.found) == (Verdict.FAIL, "at least 12 tokens/s", "11 tokens/s")


def test_no_data_at_all_is_unmeasured(repetition: Callable[..., Repetition]) -> None:
    """Neither turns nor a series: never a pass."""
    checks = judge_budget({"ttft_ms": {"max": 1}, "rss_mb": {"max": 1}}, [repetition()])
    assert [(check.verdict, check.found) for check in checks] == [(Verdict.UNMEASURED, "no data")] * 2


def test_a_repetition_without_data_is_told(repetition: Callable[..., Repetition]) -> None:
    """Good values of one repetition do not stand for another one that gave none; a limit already broken stays so."""
    runs = [repetition(1, [{"ttft_ms": 100.0}]), repetition(2)]
    within, beyond = judge_budget({"ttft_ms": {"max": 250, "min": 50}}, runs)
    assert (within.verdict, within.found) == (Verdict.UNMEASURED, "no data in repetition 2")
    assert (beyond.verdict, beyond.found) == (Verdict.FAIL, "100 ms")


SPOILT = Doubt("charging", "a charger was plugged in", 0, 1, frozenset({"mj_per_token"}))


def test_a_doubted_metric_is_left_out_and_told(repetition: Callable[..., Repetition]) -> None:
    """Its other metrics count; where no repetition is left, the check is INVALID and not UNMEASURED."""
    figures = [{"mj_per_token": 300.0, "ttft_ms": 400.0}]
    runs = [repetition(1, figures, doubts=[SPOILT]), repetition(2, [{"mj_per_token": 90.0, "ttft_ms": 500.0}])]
    energy, latency = judge_budget({"mj_per_token": {"max": 100.0}, "ttft_ms": {"max": 450.0}}, runs)
    assert (energy.verdict, energy.found) == (Verdict.PASS, "90 mJ, without repetition 1, which cannot be trusted")
    assert (latency.verdict, latency.found) == (Verdict.FAIL, "500 ms")
    (alone,) = judge_budget({"mj_per_token": {"max": 100.0}}, runs[:1])
    assert (alone.verdict, alone.found) == (Verdict.INVALID, "no value that can be trusted")
