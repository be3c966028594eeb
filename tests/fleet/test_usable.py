"""Which handsets a run passes over, before it waits for any."""

from __future__ import annotations

import pytest

from framework.contract.marks import LeaseHolder, Mark, Marks
from framework.fleet.usable import kept_from

LEASE = LeaseHolder("ci@host", "pytest", 1000, 7)


def hold(who: str, left_s: float | None) -> Mark:
    return Mark("hold", who, "heat", 1000, left_s)


@pytest.mark.parametrize(
    "found",
    [
        Marks(),
        Marks(lease=LEASE),  # it may end soon
        Marks(hold=hold("me@here", 7200)),
        Marks(hold=hold("mai@there", 60)),  # it ends while one would wait
    ],
)
def test_what_may_be_used_or_waited_for(found: Marks) -> None:
    """A lease, one's own hold, and another's that is nearly over."""
    assert kept_from("rack-7", found, "me@here", 60) is None


@pytest.mark.parametrize(
    ("found", "what"),
    [
        (Marks(hold=hold("mai@there", 61)), "held by mai@there since 1970-01-01 00:16:40 UTC for heat, 1 min left"),
        (Marks(hold=hold("someone", None)), "held by someone since 1970-01-01 00:16:40 UTC for heat"),
        (
            Marks(quarantine=Mark("quarantine", "me@here", "swollen", 1000, None), hold=hold("me@here", 60)),
            "quarantined by me@here since 1970-01-01 00:16:40 UTC for swollen",
        ),
    ],
)
def test_what_is_passed_over(found: Marks, what: str) -> None:
    """With who, since when, for what, and what to do; a quarantine is no less one for who holds the handset."""
    refused = kept_from("rack-7", found, "me@here", 60)
    assert refused is not None
    assert refused.what == what
    assert "rack-7`" in refused.mend
