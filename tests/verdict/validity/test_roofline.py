"""Rates that no memory delivers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.contract.events import AssistantEvent
from framework.contract.trace import Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.roofline import RULE

MS = 1_000_000
FOLD = Circumstances(weight_bytes=1_340_000_000, soc="SM8550")
"""67 GB/s over 1.34 GB: 50 tokens/s, and no first token before 20 ms."""


def told(first_ms: float, last_ms: float, count: int) -> list[AssistantEvent]:
    return [
        AssistantEvent(1, "request", 0, {}),
        AssistantEvent(1, "first_token", int(first_ms * MS), {"n": 1}),
        AssistantEvent(1, "token", int(last_ms * MS), {"n": count}),
    ]


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        (told(100, 1100, 50), None),
        (
            told(100, 1100, 52),
            "impossible rate in turn 1: 51 tokens/s, where 1.34 GB of weights at 67 GB/s allow 50",
        ),
        (told(100, 100, 2), "impossible rate in turn 1: inf tokens/s, where 1.34 GB of weights at 67 GB/s allow 50"),
        (told(100, 100, 1), None),
        (told(21, 1021, 20), None),
        (
            told(12, 1012, 20),
            "impossible first token in turn 1: after 12 ms, where 1.34 GB of weights at 67 GB/s allow 50 tokens/s",
        ),
        ([], None),
    ],
)
def test_beyond_the_roofline(events: list[AssistantEvent], reason: str | None, trace: Callable[..., Trace]) -> None:
    """Faster than the memory reads the weights, down to tokens at the same instant; one token has no rate."""
    found = [doubt.reason for doubt in RULE.doubts(trace(events=events), FOLD)]
    assert found == ([] if reason is None else [reason])


@pytest.mark.parametrize(("soc", "rate", "found"), [("SM8250", 40, True), ("kalama", 40, False), ("new", 70, False)])
def test_each_soc_has_its_own(soc: str, rate: int, found: bool, trace: Callable[..., Trace]) -> None:
    """By the model or the platform of the SoC; one that is not known is allowed the most."""
    recorded = trace(events=told(100, 1100, rate + 1))
    assert bool(RULE.doubts(recorded, Circumstances(weight_bytes=1_340_000_000, soc=soc))) is found


def test_a_model_of_unknown_size_still_has_a_limit(trace: Callable[..., Trace]) -> None:
    """Nothing decodes a thousand tokens a second."""
    assert RULE.doubts(trace(events=told(100, 1100, 900)), Circumstances()) == ()
    assert len(RULE.doubts(trace(events=told(100, 1100, 1100)), Circumstances())) == 1
