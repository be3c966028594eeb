"""Heat as the handset's services see it."""

from __future__ import annotations

from framework.virtual.physics.body import Body
from framework.virtual.physics.sensors import Reading
from framework.virtual.profiles.record import NodeName, Thermal


class ThermalState:
    """Temperatures and thermal status at a moment of device time."""

    def __init__(self, facts: Thermal, body: Body) -> None:
        self.facts = facts
        self.override: int | None = None
        """The status that a tester set (`cmd thermalservice override-status`); the heat stays what it is."""

        self._body = body

    def temperature_c(self, node: NodeName, now_ns: int) -> float:
        """The true temperature of a node of the network, without sensor noise."""
        self._body.advance(now_ns)
        return self._body.parts.network.celsius[node]

    def readings(self, now_ns: int) -> tuple[Reading, ...]:
        """What the sensors of the thermal HAL show."""
        self._body.advance(now_ns)
        return self._body.parts.sensors.read(self._body.steps)

    def notified(self, now_ns: int) -> tuple[Reading, ...]:
        """What the framework last heard of each sensor: stale until a severity changes."""
        self._body.advance(now_ns)
        return tuple(self._body.parts.sensors.notified.values())

    def status(self, now_ns: int) -> int:
        """PowerManager's thermal status, 0 (none) to 6 (shutdown)."""
        self._body.advance(now_ns)
        return self._body.parts.sensors.status if self.override is None else self.override

    def throttling_level(self, now_ns: int) -> int:
        """The step of the thermal engine that limits the clocks; 0 is none."""
        self._body.advance(now_ns)
        return self._body.parts.engine.level
