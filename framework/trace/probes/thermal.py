"""Temperatures from `dumpsys thermalservice` (Android 10 and later); only what the HAL reports now counts."""

from __future__ import annotations

from collections.abc import Mapping

from framework.dumps.thermalservice import parse_thermalservice
from framework.trace.probes.probe import Probe

SENSORS = {"skin": "skin_c", "cpu": "soc_c", "battery": "battery_c"}


def read(text: str) -> Mapping[str, float]:
    """The hottest sensor of each kind in °C, and the thermal status; sentinels for "absent" are left out."""
    dump = parse_thermalservice(text)
    values: dict[str, float] = {}
    for sensor in dump.temperatures:
        name = SENSORS.get(sensor.kind)
        if name is not None and sensor.celsius is not None:
            values[name] = max(sensor.celsius, values.get(name, sensor.celsius))
    return values if dump.status is None else values | {"thermal_status": float(dump.status)}


PROBE = Probe(
    name="thermal",
    units={"skin_c": "°C", "soc_c": "°C", "battery_c": "°C", "thermal_status": ""},
    available="dumpsys thermalservice >/dev/null 2>&1",
    script="dumpsys thermalservice",
    read=read,
    every=4,
)
