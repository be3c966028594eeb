"""Charging while energy is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from framework.contract.trace import Trace
from framework.verdict.validity.charging import RULE
from framework.verdict.validity.circumstances import Circumstances


@pytest.mark.parametrize(
    ("charging", "reasons"),
    [
        ([(9, 0), (15, 0), (21, 0)], []),
        ([(5, 1), (12, 0), (25, 1)], []),
        (
            [(12, 0), (14, 1), (16, 0)],
            ["a charger was plugged in during turn 1, 1 of 3 samples, +350 mA at the battery"],
        ),
        ([(9, 1), (21, 1)], ["a charger was plugged in during turn 1, 2 of 2 samples, +350 mA at the battery"]),
    ],
)
def test_a_charger_in_a_turn(
    charging: Sequence[tuple[float, float]], reasons: list[str], trace: Callable[..., Trace]
) -> None:
    """Only in a turn, whatever it gives; energy cannot be trusted then, latencies can."""
    recorded = trace({"charging": charging, "battery_ma": [(11, 300), (19, 400)]})
    doubts = RULE.doubts(recorded, Circumstances())
    assert [doubt.reason for doubt in doubts] == reasons
    assert all(doubt.concerns("mj_per_token") and not doubt.concerns("ttft_ms") for doubt in doubts)


def test_a_handset_that_does_not_tell_is_not_doubted(trace: Callable[..., Trace]) -> None:
    """No reading is no charger; the lack of the figure itself is UNMEASURED, not INVALID."""
    assert RULE.doubts(trace({}), Circumstances()) == ()
