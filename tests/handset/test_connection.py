"""Deadlines tell what has taken too long."""

from __future__ import annotations

import pytest

from framework.contract.errors import DeadlineError
from framework.handset.connection import Deadline


def wait_in_vain(deadline: Deadline, seconds: float) -> None:
    with deadline:
        raise DeadlineError("ten", f"says nothing within {seconds:g} s")


@pytest.mark.parametrize(
    ("within_s", "expected"), [(0.01, "`logcat`: not done within 0.01 s"), (60, "says nothing within 3 s")]
)
def test_whose_time_was_up(within_s: float, expected: str) -> None:
    """The whole operation's, or that of a wait within it, such as for an answer when connecting again."""
    with pytest.raises(DeadlineError) as caught:
        wait_in_vain(Deadline(within_s, "ten", "`logcat`"), 3)
    assert caught.value.what == expected
