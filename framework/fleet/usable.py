"""Whether a run may use a handset, before it waits for its lease."""

from __future__ import annotations

from dataclasses import dataclass

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.marks import Marks
from framework.contract.run import HandsetIdentity
from framework.fleet.person import me


@dataclass(frozen=True, slots=True)
class Found:
    """Who a handset is, whether nobody has it now, and which one it is however it is reached (`handset.identity`)."""

    identity: HandsetIdentity
    free: bool
    unit: str


def identify(where: Target, lease_timeout_s: float) -> Found:
    """Ask a handset.

    HandsetError where it does not answer, or where a run of ours is not to use it: another may do.
    """
    from framework.handset.handset import open_handset
    from framework.handset.turn import another_hold

    with open_handset(where) as opened:
        found = opened.marks()
        refused = kept_from(where.name, found, me(), lease_timeout_s)
        if refused is not None:
            raise refused
        free = found.lease is None and another_hold(found, me()) is None
        return Found(opened.identity, free, opened.unit())


def same_as(handset: str, other: str) -> HandsetError:
    """Why a handset is not used that is another one of the run, reached another way."""
    what = f"it is the same handset as {other}, reached another way; it is used once, as {other}"
    return HandsetError(handset, what, "take one of the two out of devices.yaml, or unplug it")


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
