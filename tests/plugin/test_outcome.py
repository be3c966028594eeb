from __future__ import annotations

import pytest

from framework.contract.errors import AssistantError, HandsetError, UsageError
from framework.contract.verdict import Verdict
from framework.plugin.outcome import exit_status, verdict_of


@pytest.mark.parametrize(
    ("pytest_status", "failed", "lab", "user", "expected"),
    [
        (0, 0, 0, 0, 0),
        (1, 2, 0, 0, 1),
        (1, 2, 1, 0, 1),
        (1, 2, 2, 0, 6),
        (1, 2, 0, 2, 4),
        (1, 2, 1, 1, 4),
        (1, 3, 1, 1, 1),
        (2, 1, 1, 0, 2),
        (5, 0, 0, 0, 5),
    ],
)
def test_the_exit_code_tells_who_must_act(pytest_status: int, failed: int, lab: int, user: int, expected: int) -> None:
    """6 and 4 only where no failure is left for the build; everything else is pytest's own."""
    assert exit_status(pytest_status, failed=failed, lab=lab, user=user) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (AssistantError("compact", "crashed"), Verdict.FAIL),
        (HandsetError("ten", "gone"), Verdict.LAB),
        (UsageError("build.yaml: wrong"), Verdict.NOT_RUN),
        (OSError("disk full"), Verdict.LAB),
    ],
)
def test_a_unit_that_was_not_measured_has_a_verdict(error: Exception, expected: Verdict) -> None:
    """The build is blamed for its own errors only."""
    assert verdict_of(error) is expected
