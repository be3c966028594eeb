"""The handset has forgotten whom it lets in: "Revoke USB debugging authorizations", and nobody at its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.adbd import adbd_of
from framework.virtual.faults.fault import End, Fault, FaultError

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    adbd = adbd_of(device)
    authority = adbd.authority
    if authority is None:
        raise FaultError("this handset lets everybody in")
    policy, remembered = authority.policy, authority.remembered()
    authority.policy = "ask"
    authority.revoke()
    adbd.drop()

    def end() -> None:
        authority.policy = policy
        authority.remember(remembered)
        for request in authority.requests:
            authority.answer(allow=True, fingerprint=request.key.fingerprint)

    return end


UNAUTHORIZED = Fault(
    "unauthorized",
    "every key is forgotten and every connection ends: no computer is let in until this is over, then those who ask",
    _begin,
    several=False,
)
