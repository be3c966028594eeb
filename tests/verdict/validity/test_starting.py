"""The temperature that a measurement begins with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from framework.contract.trace import Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.starting import OVER, RULE

LIMIT = 36.0


@pytest.mark.parametrize(
    ("skin", "found"),
    [
        ([(9, 35.9), (15, 36.7)], False),
        ([(9, LIMIT + OVER.value), (15, 36.6)], False),
        ([(9, LIMIT + OVER.value + 0.1), (15, 30)], True),
        ([(3, 39), (9, 35), (11, 36)], False),
        ([(9, 35), (11, 38)], True),
        ([(9, 35), (30, 37.4)], False),
        ([(11, 38)], True),
        ([], False),
    ],
)
def test_warmer_than_asked(skin: Sequence[tuple[float, float]], found: bool, trace: Callable[..., Trace]) -> None:
    """The readings around the first turn's begin count; the warmth of the work itself does not."""
    recorded = trace({"skin_c": skin} if skin else {})
    assert bool(RULE.doubts(recorded, Circumstances(skin_below_c=LIMIT))) is found


def test_without_a_window_every_temperature_will_do(trace: Callable[..., Trace]) -> None:
    """A scenario that asks for no start temperature gets no doubt about it."""
    assert RULE.doubts(trace({"skin_c": [(9, 44)]}), Circumstances()) == ()


def test_its_evidence(trace: Callable[..., Trace]) -> None:
    """What was found and by how much it is too warm; memory does not depend on it."""
    (doubt,) = RULE.doubts(trace({"skin_c": [(9, 38.2)]}), Circumstances(skin_below_c=LIMIT))
    assert doubt.reason == "the skin had 38.2 °C when the first turn began, 2.2 above 36 °C"
    assert (doubt.concerns("ttft_ms"), doubt.concerns("skin_c"), doubt.concerns("rss_mb")) == (True, True, False)
