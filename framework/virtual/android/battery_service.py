"""What Android says of the battery: the fuel gauge's values, or others that somebody has set in their place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from framework.virtual.physics.power import BatteryReading, Power


class BatteryService:
    """The battery as BatteryService shows it (AOSP BatteryService.java); the kernel's /sys is not touched."""

    def __init__(self, power: Power, now_ns: Callable[[], int]) -> None:
        self._power = power
        self._now_ns = now_ns
        self._frozen: BatteryReading | None = None
        self.plugged_into: str | None = None
        """What it was told to be plugged into: `ac`, `usb` or `wireless`."""

        self.tell: Callable[[bool], None] = lambda _: None
        """Called with whether it is plugged in, as shown, when that has changed."""

        self._shown = power.supply_ma is not None
        power.on_plug = self._look

    @property
    def stopped(self) -> bool:
        """Whether it no longer follows the fuel gauge."""
        return self._frozen is not None

    def reading(self) -> BatteryReading:
        return self._frozen or self._power.battery(self._now_ns())

    def unplug(self) -> None:
        """Show that nothing is plugged in; all else stays as it is now."""
        self._frozen, self.plugged_into = replace(self.reading(), plugged=False, usb_ua=0), None
        self._look()

    def plug(self, into: str) -> None:
        """Show this charger; all else stays as it is now."""
        self._frozen, self.plugged_into = replace(self.reading(), plugged=True), into
        self._look()

    def set_level(self, level: int) -> None:
        self._frozen = replace(self.reading(), level=level)

    def set_temperature(self, tenths_c: int) -> None:
        self._frozen = replace(self.reading(), temperature_dc=tenths_c)

    def set_counter(self, microampere_hours: int) -> None:
        self._frozen = replace(self.reading(), charge_uah=microampere_hours)

    def set_status(self, status: int) -> None:
        """BatteryManager.BATTERY_STATUS_*."""
        self._frozen = replace(self.reading(), status_number=status)

    def reset(self) -> None:
        """Follow the fuel gauge again."""
        self._frozen = self.plugged_into = None
        self._look()

    def _look(self) -> None:
        before, self._shown = self._shown, self.reading().plugged
        if before != self._shown:
            self.tell(self._shown)
