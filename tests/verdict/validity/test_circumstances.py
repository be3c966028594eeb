"""Which doubts count."""

from __future__ import annotations

import pytest

from framework.contract.run import Unit
from framework.contract.scenario import Scenario
from framework.contract.trace import Doubt
from framework.verdict.validity.circumstances import Circumstances, asked_metrics


def scenario(**more: object) -> Scenario:
    steps = [{"text": "a", "expect": {"ttft_ms": 900}}, {"fold": "closed"}, {"text": "b"}]
    return Scenario.model_validate({"scenario": "x", "needs": {"foldable": True}, "steps": steps, **more})


def test_what_a_scenario_asks_for() -> None:
    """The metrics of its budget and of its turns."""
    assert asked_metrics(scenario(budget={"skin_c": {"max": 43}})) == {"ttft_ms", "skin_c"}


def test_from_scenario_build_and_handset(unit: Unit) -> None:
    """All that the rules need to know, in one record."""
    asked = scenario(start={"skin_below_c": 36})
    assert Circumstances.of(asked, unit.build, unit.handset) == Circumstances(
        frozenset({"ttft_ms"}), 36, None, "8 Gen 2", "org.example.assistant"
    )


@pytest.mark.parametrize(
    ("asked", "metrics", "counts"),
    [
        ({"ttft_ms"}, {"ttft_ms", "total_ms"}, True),
        ({"ttft_ms"}, {"power_mw"}, False),
        ({"ttft_ms"}, set(), True),
        (set(), {"power_mw"}, False),
        (set(), set(), True),
    ],
)
def test_a_doubt_counts(asked: set[str], metrics: set[str], counts: bool) -> None:
    """If it is about everything or about something that is asked for; charging does not spoil a latency."""
    doubt = Doubt("rule", "reason", 0, 1, frozenset(metrics))
    assert Circumstances(frozenset(asked)).count(doubt) is counts
