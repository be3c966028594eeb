"""Whether a run may use a handset, before it waits for its lease."""

from __future__ import annotations

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.marks import Marks
from framework.contract.run import HandsetIdentity
from framework.fleet.person import me


def identify(where: Target, lease_timeout_s: float) -> tuple[HandsetIdentity, bool]:
    """Who a handset is, and whether nobody has it now.

    HandsetError where it does not answer, or where a run of ours is not to use it: another may do.
    """
    from framework.handset.handset import open_handset
    from framework.handset.turn import another_hold

    with open_handset(where) as opened:
        found = opened.marks()
        refused = kept_from(where.name, found, me(), lease_timeout_s)
        if refused is not None:
            raise refused
        return opened.identity, found.lease is None and another_hold(found, me()) is None


def kept_from(handset: str, found: Marks, who: str, lease_timeout_s: float) -> HandsetError | None:
    """Quarantined, or held by somebody else for longer than one would wait. For a lease one waits: it may end soon."""
    from framework.handset.marks import told
    from framework.handset.turn import another_hold, quarantined

    if found.quarantine is not None:
        return quarantined(handset, found.quarantine)
    hold = another_hold(found, who)
    if hold is None or (hold.left_s is not None and hold.left_s <= lease_timeout_s):
        return None
    return HandsetError(handset, told(hold), f"ask for it, wait (--lease-timeout), or `farm release --force {handset}`")
