"""The display's beat: when the app is woken to draw, and when what it drew is on the glass."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from framework.virtual.physics.variation import uniform

OFF_NOMINAL = 40e-6
"""How far a panel's crystal is from its nominal rate."""

APP_NS = 16_000_000
"""Time that an app is given at least for one frame, in whole periods (SurfaceFlinger's debug.sf.*.app.duration)."""


@dataclass(frozen=True, slots=True)
class Vsync:
    """The vertical sync of one panel, in ns of CLOCK_MONOTONIC.

    `nominal_ns` is the period that Android reports, `period_ns` the real one.
    """

    nominal_ns: int
    period_ns: int
    phase_ns: int

    @property
    def app_ns(self) -> int:
        """From the vsync that wakes the app to the one at which the compositor takes its buffer."""
        return ceil(APP_NS / self.nominal_ns) * self.period_ns

    def after(self, ns: int) -> int:
        """The first vsync after `ns`."""
        return self.phase_ns + ((ns - self.phase_ns) // self.period_ns + 1) * self.period_ns

    def from_(self, ns: int) -> int:
        """The first vsync at `ns` or after it."""
        return self.after(ns - 1)


def panel_vsync(refresh_hz: float, *identity: object) -> Vsync:
    """The beat of the panel that `identity` names."""
    nominal_ns = int(1e9 / refresh_hz)
    period_ns = round(1e9 / refresh_hz * (1 + OFF_NOMINAL * (2 * uniform(*identity, "rate") - 1)))
    return Vsync(nominal_ns, period_ns, int(period_ns * uniform(*identity, "phase")))
