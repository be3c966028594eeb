"""What is asked of, and announced by, the process of the virtual handsets: one JSON object a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from framework.contract.handsets import VirtualHandset


@dataclass(frozen=True, slots=True)
class VirtualRequest:
    """A handset to emulate; `speed` is device time over host time, `plugged` whether it is on a USB port.

    `auth` is whom its adbd lets in: `open` everybody, `accept` every computer that shows a key, which it remembers,
    `ask` those that somebody accepted, `tls` those that speak TLS (`virtual.adb.authority.Policy`).
    """

    name: str
    profile: str
    seed: int = 0
    speed: float = 1.0
    plugged: bool = True
    auth: Literal["open", "accept", "ask", "tls"] = "open"

    @classmethod
    def of(cls, handset: VirtualHandset, speed: float) -> VirtualRequest:
        """What `devices.yaml` says of a virtual handset."""
        return cls(handset.name, handset.profile, handset.seed, speed, handset.plugged, handset.auth)


@dataclass(frozen=True, slots=True)
class VirtualEndpoint:
    """Where an emulated handset answers: `adb` is HOST:PORT of its adbd, `appium` the URL of its W3C endpoint.

    `control` is a URL with a secret in it, for `virtual.control.client.Control`.
    """

    name: str
    profile: str
    speed: float
    adb: str
    appium: str
    control: str
