"""Who an emulated handset is, without starting it: what a client will read of it once it runs."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from framework.contract.run import HandsetIdentity
from framework.virtual.profiles import load_profile
from framework.virtual.profiles.record import Profile

if TYPE_CHECKING:
    from framework.contract.handsets import VirtualHandset

FOLD_STATES: tuple[tuple[str, str], ...] = (("CLOSED", "closed"), ("HALF_OPENED", "half_open"), ("OPENED", "open"))
"""Name of a device state → the posture that it is, from closed to open."""


def identity_of(handset: VirtualHandset) -> HandsetIdentity:
    """UsageError for an unknown profile; `free_gb` is the whole size of its storage, the rest as it will be read."""
    facts = _profile(handset.profile)
    names = {posture.name for posture in facts.postures} if facts.foldable else set()
    return HandsetIdentity(
        name=handset.name,
        serial=serial_number(handset.name, handset.profile, handset.seed),
        manufacturer=facts.identity.manufacturer,
        model=facts.identity.market_name,
        soc=facts.soc.model,
        android=facts.build.release,
        sdk=facts.build.sdk,
        ram_gb=float(facts.memory.sold_gb),
        foldable=facts.foldable,
        emulated=True,
        fingerprint=facts.build.fingerprint(facts.identity),
        tags=handset.tags,
        system=facts.build.system,
        fold_states=tuple(fold for name, fold in FOLD_STATES if name in names),
        free_gb=float(facts.memory.storage_gb),
    )


def serial_number(name: str, profile: str, seed: int) -> str:
    return sha256(repr((name, profile, seed)).encode()).hexdigest()[:8]


@cache
def _profile(name: str) -> Profile:
    return load_profile(name)
