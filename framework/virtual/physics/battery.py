"""The battery: charge, voltage and current, on a computer's USB port unless unplugged."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt
from typing import Literal

from framework.virtual.physics.variation import uniform
from framework.virtual.profiles.record import Battery as BatteryFacts

USB_VOLTS = 5.0
CHARGING_LOSS = 0.08
"""Share of the charging power that warms the battery."""

OPEN_CIRCUIT_V = ((0.0, 3.3), (0.1, 3.62), (0.3, 3.75), (0.5, 3.85), (0.7, 4.0), (0.9, 4.22), (1.0, 4.43))
"""Rest voltage over the state of charge, of a 4.45 V lithium cell."""

BatteryStatus = Literal["charging", "discharging", "not charging", "full"]


class Battery:
    """State of charge, advanced by the power that the handset draws."""

    def __init__(self, facts: BatteryFacts, seed: int, drawn_w: float) -> None:
        self.facts = facts
        self.plugged = True
        self.supply_ma = float(facts.usb_ma)
        """What the charger gives at most, at 5 V, while it is plugged in."""

        self.charge_mah = facts.capacity_mah * (0.62 + 0.3 * uniform(seed, "charge"))
        self.drawn_w = drawn_w

    @property
    def share(self) -> float:
        return self.charge_mah / self.facts.capacity_mah

    @property
    def level(self) -> int:
        """Percent, as Android shows it."""
        return round(self.share * 100)

    @property
    def current_ma(self) -> float:
        """Into the battery; negative while it is drawn from (Linux's sysfs-class-power).

        At the terminals, behind the cell's resistance, voltage times current is the power that is missing or left.
        """
        supplied = USB_VOLTS * self.supply_ma / 1000 if self.plugged else 0.0
        left_w, rest_v = supplied - self.drawn_w, _rest_voltage(self.share)
        root = sqrt(max(0.0, rest_v * rest_v + 4 * self.facts.resistance_ohm * left_w))
        current = 2 * left_w / (rest_v + root) * 1000
        return min(current, 0.0) if self.share >= 1 else current

    @property
    def voltage_mv(self) -> float:
        return 1000 * _rest_voltage(self.share) + self.current_ma * self.facts.resistance_ohm

    @property
    def status(self) -> BatteryStatus:
        if not self.plugged:
            return "discharging"
        if self.share >= 1:
            return "full"
        return "charging" if self.current_ma > 0 else "discharging"

    def heat_w(self) -> float:
        """Power that warms the battery: its resistance, and what charging loses."""
        amperes = self.current_ma / 1000
        charging = max(0.0, amperes) * _rest_voltage(self.share) * CHARGING_LOSS
        return amperes * amperes * self.facts.resistance_ohm + charging

    def step(self, seconds: float) -> None:
        moved = self.current_ma * seconds / 3600
        self.charge_mah = min(max(0.0, self.charge_mah + moved), float(self.facts.capacity_mah))


def _rest_voltage(share: float) -> float:
    for (low, low_v), (high, high_v) in pairwise(OPEN_CIRCUIT_V):
        if share <= high:
            return low_v + (high_v - low_v) * (share - low) / (high - low)
    return OPEN_CIRCUIT_V[-1][1]
