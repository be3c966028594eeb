"""Heat as the handset's services see it."""

from __future__ import annotations

from framework.virtual.physics.body import Body
from framework.virtual.physics.network import AIR, NODES
from framework.virtual.physics.sensors import Distortion, Reading
from framework.virtual.profiles.record import NodeName, Thermal


class ThermalState:
    """Temperatures and thermal status at a moment of device time."""

    def __init__(self, facts: Thermal, body: Body) -> None:
        self.facts = facts
        self.override: int | None = None
        """The status that a tester set (`cmd thermalservice override-status`); the heat stays what it is."""

        self._body = body

    @property
    def ambient_c(self) -> float:
        """The air around the handset."""
        return self._body.settle().network.celsius[AIR]

    @ambient_c.setter
    def ambient_c(self, celsius: float) -> None:
        self._body.settle().network.celsius[AIR] = celsius

    def heat_to(self, celsius: float) -> None:
        """Bring all of the handset to one temperature, as lying in the sun does."""
        self._body.settle().network.celsius.update(dict.fromkeys(NODES, celsius))

    def distort(self, sensor: str, how: Distortion | None) -> None:
        """Make a sensor show `how(°C, now_ns)` instead of what it measures; None makes it honest again.

        KeyError where there is no sensor of that name.
        """
        self._body.settle().sensors.distort(sensor, how)

    def temperature_c(self, node: NodeName, now_ns: int) -> float:
        """The true temperature of a node of the network, without sensor noise."""
        self._body.advance(now_ns)
        return self._body.parts.network.celsius[node]

    def readings(self, now_ns: int) -> tuple[Reading, ...]:
        """What the sensors of the thermal HAL show."""
        self._body.advance(now_ns)
        return self._body.parts.sensors.read(self._body.steps, now_ns)

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
