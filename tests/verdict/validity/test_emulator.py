"""An emulator that gives up device time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from framework.contract.trace import Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.emulator import RULE


@pytest.mark.parametrize(
    ("points", "reasons"),
    [
        ([(0, 5), (9, 5), (21, 5)], []),
        ([(0, 0), (5, 80), (9, 80), (21, 80), (29, 90)], []),
        ([(0, 0), (9, 80), (21, 380)], ["emulator late: it gave up 300 ms in turn 1"]),
        ([(0, 0), (12, 0), (14, 40)], ["emulator late: it gave up 40 ms in turn 1"]),
        ([], []),
    ],
)
def test_a_late_emulator(
    points: Sequence[tuple[float, float]], reasons: list[str], trace: Callable[..., Trace]
) -> None:
    """Only what is given up in a turn counts; phones have no such series; memory does not depend on it."""
    found = RULE.doubts(trace({"emulator_slipped_ms": points} if points else {}), Circumstances())
    assert [doubt.reason for doubt in found] == reasons
    assert all(doubt.concerns("ttft_ms") and not doubt.concerns("rss_mb") for doubt in found)
