"""Temperatures from `dumpsys thermalservice` (Android 10 and later); only what the HAL reports now counts."""

from __future__ import annotations

from collections.abc import Mapping

from framework.dumps import thermalservice
from framework.trace.probes.probe import Probe, plain

SENSORS = {"skin": "skin_c", "cpu": "soc_c", "battery": "battery_c"}


def read(text: str) -> Mapping[str, float]:
    """The hottest sensor of each kind in °C, and the thermal status; sentinels for "absent" are left out."""
    dump = thermalservice.parse(text)
    values: dict[str, float] = {}
    for sensor in dump.temperatures:
        name = SENSORS.get(sensor.kind)
        if name is not None and sensor.temperature_c is not None:
            values[name] = max(sensor.temperature_c, values.get(name, sensor.temperature_c))
    return values if dump.status is None else values | {"thermal_status": float(dump.status)}


PROBE = Probe(
    name="thermal",
    units={"skin_c": "°C", "soc_c": "°C", "battery_c": "°C", "thermal_status": ""},
    available="dumpsys thermalservice >/dev/null 2>&1",
    script="text=$(dumpsys thermalservice)",
    reader=plain(read),
    period_s=2.5,
    commands=1,
)
