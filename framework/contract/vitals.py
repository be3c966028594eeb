"""How a handset is just now: what decides whether a test may run there, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class AndroidState:
    """Whether Android is up on a handset that answers.

    `boot_id` is another after each restart, and `server` (a pid) after each death of system_server.
    """

    boot_id: str
    server: str
    completed: bool
    missing: tuple[str, ...]
    """Services that are not there."""

    @property
    def state(self) -> Literal["up", "starting", "dead"]:
        """`dead`: it was up, and its services are gone."""
        if not self.missing and self.completed:
            return "up"
        return "dead" if self.completed else "starting"

    def same(self, other: AndroidState) -> bool:
        """Whether apps could have lived from one to the other."""
        return (self.boot_id, self.server) == (other.boot_id, other.server)

    def __str__(self) -> str:
        if self.state == "up":
            return "Android is up"
        what = f"{', '.join(self.missing)} not found" if self.missing else "sys.boot_completed is not 1"
        return f"Android is {'starting' if self.state == 'starting' else 'dead'}: {what}"


@dataclass(frozen=True, slots=True)
class Vitals:
    """One look; None for what the handset does not tell."""

    android: AndroidState
    writable: bool = True
    """Whether a file can be made in /data/local/tmp."""
    free_mb: float | None = None
    """Room on /data, in 10^6 bytes."""
    battery: float | None = None
    """Per cent."""
    charging: bool | None = None
    battery_c: float | None = None
    skin_c: float | None = None
    """The hottest skin sensor."""
    thermal_status: int | None = None
    """Android's, from 0 (none) to 6 (shutdown)."""
    awake: bool | None = None
    locked: bool | None = None
    """Whether the keyguard shows."""

    @property
    def gauges(self) -> dict[str, float]:
        """The numbers by name, those that are known."""
        values = {
            "battery": self.battery,
            "battery_c": self.battery_c,
            "free_mb": self.free_mb,
            "skin_c": self.skin_c,
            "thermal_status": self.thermal_status,
        }
        return {name: float(value) for name, value in values.items() if value is not None}
