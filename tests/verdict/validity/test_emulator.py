"""An emulator that gives up device time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from framework.contract.trace import Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.emulator import RULE

HELD_BACK = "emulator late: it was held back by 70 ms in turn 1"


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


@pytest.mark.parametrize(
    ("points", "lacking", "reasons"),
    [
        ([(9, 90), (15, 70), (21, 40)], {"1": {"ttft_ms"}}, [f"{HELD_BACK}: ttft_ms not known"]),
        ([(9, 90), (21, 70), (29, 90)], {"1": {"ttft_ms"}}, [f"{HELD_BACK}: ttft_ms not known"]),
        ([(9, 90), (21, 30)], {"1": {"ttft_ms"}}, []),
        ([(9, 0), (21, 70)], {"1": {"pss_mb"}}, []),
        ([(9, 0), (21, 70)], {"2": {"ttft_ms"}}, []),
        ([(9, 0), (21, 70)], {}, []),
        ([], {"1": {"ttft_ms"}}, []),
    ],
)
def test_an_emulator_that_was_seen_too_late(
    points: Sequence[tuple[float, float]],
    lacking: Mapping[str, set[str]],
    reasons: list[str],
    trace: Callable[..., Trace],
) -> None:
    """It counts in the turn itself, for limited latencies that nothing but looks tells of."""
    circumstances = Circumstances(lacking={turn: frozenset(names) for turn, names in lacking.items()})
    found = RULE.doubts(trace({"emulator_late_ms": points} if points else {}), circumstances)
    assert [doubt.reason for doubt in found] == reasons
    assert all(doubt.metrics == {"ttft_ms"} for doubt in found)
