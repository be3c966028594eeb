"""The temperatures that the handset reports: sensors on the network's nodes, and the status they mean."""

from __future__ import annotations

from dataclasses import dataclass

from framework.virtual.physics.network import ThermalNetwork
from framework.virtual.physics.variation import uniform
from framework.virtual.profiles.record import Sensor, Thermal

NOISE_STEPS = 2.0
"""Readings lie within this many of the sensor's steps around the true temperature."""

NOISE_C = 0.15
"""… and within this, for sensors of fine steps."""

SEVERITY_HYSTERESIS_C = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of the thermal HAL; `severity` is its ThrottlingSeverity, 0 (none) to 6 (shutdown)."""

    sensor: Sensor
    celsius: float
    severity: int


class Sensors:
    """All sensors. `notified` holds the values last sent to listeners: those of the last change of severity."""

    def __init__(self, thermal: Thermal, seed: int, network: ThermalNetwork) -> None:
        self._sensors = thermal.sensors
        self._seed = seed
        self._network = network
        self._severity = dict.fromkeys((sensor.name for sensor in thermal.sensors), 0)
        self.notified = {reading.sensor.name: reading for reading in self.read(0)}

    def read(self, moment: int) -> tuple[Reading, ...]:
        """What each sensor shows; `moment` tells one sample's noise from the next's."""
        return tuple(self._read(sensor, moment) for sensor in self._sensors)

    def update(self, moment: int) -> None:
        for sensor in self._sensors:
            severity = self._judge(sensor)
            if severity != self._severity[sensor.name]:
                self._severity[sensor.name] = severity
                self.notified[sensor.name] = self._read(sensor, moment)

    @property
    def status(self) -> int:
        """Android's thermal status: the worst severity of a skin sensor."""
        return max((self._severity[sensor.name] for sensor in self._sensors if sensor.node == "skin"), default=0)

    def _read(self, sensor: Sensor, moment: int) -> Reading:
        spread = min(sensor.step_c * NOISE_STEPS, NOISE_C)
        noise = spread * (2 * uniform(self._seed, sensor.name, moment) - 1)
        celsius = self._network.celsius[sensor.node] + sensor.offset_c + noise
        steps = round(celsius / sensor.step_c)
        return Reading(sensor, round(steps * sensor.step_c, 3), self._severity[sensor.name])

    def _judge(self, sensor: Sensor) -> int:
        """The severity now: up at a threshold, down only below it by the hysteresis."""
        celsius, before = self._network.celsius[sensor.node] + sensor.offset_c, self._severity[sensor.name]
        severity = 0
        for level, threshold in enumerate(sensor.hot_c):
            margin = SEVERITY_HYSTERESIS_C if level <= before else 0.0
            if threshold is not None and celsius >= threshold - margin:
                severity = level
        return severity
