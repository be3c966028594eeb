"""The battery as the handset's services see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from framework.virtual.physics.battery import BatteryStatus
from framework.virtual.physics.body import Body


@dataclass(frozen=True, slots=True)
class BatteryReading:
    """What the fuel gauge shows; `current_ua` is positive while charging."""

    status: BatteryStatus
    plugged: bool
    level: int
    charge_uah: int
    capacity_uah: int
    voltage_uv: int
    current_ua: int
    temperature_dc: int
    """Tenths of °C."""
    technology: str
    usb_ua: int
    status_number: int | None = None
    """BatteryManager.BATTERY_STATUS_* where somebody has set another than `status`."""


class Power:
    """Charge and power at a moment of device time."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self.on_plug: Callable[[], None] = lambda: None
        """Called when a charger was put in or taken out."""

    def battery(self, now_ns: int) -> BatteryReading:
        self._body.advance(now_ns)
        battery = self._body.parts.battery
        return BatteryReading(
            status=battery.status,
            plugged=battery.plugged,
            level=battery.level,
            charge_uah=int(battery.charge_mah * 1000),
            capacity_uah=battery.facts.capacity_mah * 1000,
            voltage_uv=int(battery.voltage_mv * 1000),
            current_ua=int(battery.current_ma * 1000),
            temperature_dc=round(self._body.parts.network.celsius["battery"] * 10),
            technology=battery.facts.technology,
            usb_ua=int(battery.supply_ma * 1000) if battery.plugged else 0,
        )

    def plug(self, plugged: bool, supply_ma: float | None = None) -> None:
        """Put a charger in that gives `supply_ma` at 5 V (a computer's USB port by default), or take it out."""
        battery = self._body.settle().battery
        battery.plugged = plugged
        battery.supply_ma = float(battery.facts.usb_ma) if supply_ma is None else supply_ma
        self.on_plug()

    @property
    def supply_ma(self) -> float | None:
        """What the charger gives at most; None without one."""
        battery = self._body.settle().battery
        return battery.supply_ma if battery.plugged else None

    def drawn_w(self, now_ns: int) -> float:
        """The power that the whole handset draws, averaged over the last step."""
        self._body.advance(now_ns)
        return self._body.parts.battery.drawn_w
