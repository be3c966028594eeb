"""The temperatures that the handset reports: sensors on the network's nodes, and the status they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from framework.virtual.physics.network import ThermalNetwork
from framework.virtual.physics.variation import uniform
from framework.virtual.profiles.record import Sensor, Thermal

NOISE_STEPS = 2.0
"""Readings lie within this many of the sensor's steps around the true temperature."""

NOISE_C = 0.15
"""… and within this, for sensors of fine steps."""

SEVERITY_HYSTERESIS_C = 1.0


Distortion = Callable[[float, int], float]
"""What a broken sensor shows instead of (°C, boot time in ns)."""


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
        self._distorted: dict[str, Distortion] = {}
        self.notified = {reading.sensor.name: reading for reading in self.read(0, 0)}

    def distort(self, name: str, how: Distortion | None) -> None:
        """Show `how` of the value; None shows the value. KeyError where there is no such sensor."""
        if name not in self._severity:
            raise KeyError(name)
        self._distorted.pop(name, None)
        if how is not None:
            self._distorted[name] = how

    def read(self, moment: int, now_ns: int) -> tuple[Reading, ...]:
        """What each sensor shows; `moment` tells one sample's noise from the next's."""
        return tuple(self._read(sensor, moment, now_ns) for sensor in self._sensors)

    def update(self, moment: int, now_ns: int) -> None:
        """Judge the severities anew; the thermal HAL knows no more than its sensors show."""
        for sensor in self._sensors:
            severity = self._judge(sensor, now_ns)
            if severity != self._severity[sensor.name]:
                self._severity[sensor.name] = severity
                self.notified[sensor.name] = self._read(sensor, moment, now_ns)

    @property
    def status(self) -> int:
        """Android's thermal status: the worst severity of a skin sensor."""
        return max((self._severity[sensor.name] for sensor in self._sensors if sensor.node == "skin"), default=0)

    def _read(self, sensor: Sensor, moment: int, now_ns: int) -> Reading:
        spread = min(sensor.step_c * NOISE_STEPS, NOISE_C)
        noise = spread * (2 * uniform(self._seed, sensor.name, moment) - 1)
        steps = round(self._shown(sensor, noise, now_ns) / sensor.step_c)
        return Reading(sensor, round(steps * sensor.step_c, 3), self._severity[sensor.name])

    def _shown(self, sensor: Sensor, noise: float, now_ns: int) -> float:
        if sensor.absent is not None:
            return sensor.absent
        celsius = self._network.celsius[sensor.node] + sensor.offset_c + noise
        how = self._distorted.get(sensor.name)
        return celsius if how is None else how(celsius, now_ns)

    def _judge(self, sensor: Sensor, now_ns: int) -> int:
        """The severity now: up at a threshold, down only below it by the hysteresis."""
        celsius, before = self._shown(sensor, 0.0, now_ns), self._severity[sensor.name]
        severity = 0
        for level, threshold in enumerate(sensor.hot_c):
            margin = SEVERITY_HYSTERESIS_C if level <= before else 0.0
            if threshold is not None and celsius >= threshold - margin:
                severity = level
        return severity
