"""What the assistant may know of its handset, read at the moment of asking, and what its own APK says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from framework.formats.demonstration import PACKAGE, RETAINED_KB_PER_TOKEN
from framework.virtual.apps.assistant.dialogue.state import Facts

if TYPE_CHECKING:
    from framework.virtual.device import Device

_FLAT_DEG = 150
"""A hinge opened at least this far counts as open."""


def read_facts(device: Device, model: str, now_ns: int) -> Facts:
    battery = device.physics.power.battery(now_ns)
    return Facts(
        now_ns=now_ns,
        wall_ns=now_ns + device.clock.wall_offset_ns,
        battery_percent=battery.level,
        charging=battery.status == "charging",
        fold=_fold(device),
        skin_c=device.physics.thermal.temperature_c("skin", now_ns),
        handset=device.profile.identity.market_name,
        model=model,
    )


def retained_bytes(device: Device) -> int:
    """What the version that is installed never gives back, for each token of a reply: 0 of one that does not leak."""
    package = device.packages.get(PACKAGE)
    kilobytes = package.metadata.get(RETAINED_KB_PER_TOKEN) if package is not None else None
    return kilobytes << 10 if isinstance(kilobytes, int) and kilobytes > 0 else 0


def _fold(device: Device) -> Literal["closed", "half_open", "open"] | None:
    if not device.profile.foldable:
        return None
    hinge = device.posture.current.hinge_deg or 0
    return "closed" if hinge == 0 else "open" if hinge >= _FLAT_DEG else "half_open"
