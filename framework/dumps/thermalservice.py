"""`dumpsys thermalservice` (Android 10 and later) → temperatures that the thermal HAL reports now.

The "Cached" section is stale on some handsets and is not read. Types are those of AOSP's TemperatureType, but a
vendor shifts them by one, so that a telling name wins over the number. Types 6, 7 and 8 are volts, amperes and
percent, not temperatures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = {0: "cpu", 1: "gpu", 2: "battery", 3: "skin", 4: "usb", 5: "power_amplifier", 9: "npu", 10: "tpu"}
ELECTRICAL = (6, 7, 8)
NAMED = (
    (re.compile(r"^(sub)?bat(tery)?$", re.I), "battery"),
    (re.compile(r"^(.*[-_])?skin([-_].*)?$", re.I), "skin"),
    (re.compile(r"^(ap|cpu[\d-].*|cpu)$", re.I), "cpu"),
    (re.compile(r"^gpu.*$", re.I), "gpu"),
    (re.compile(r"^usb$", re.I), "usb"),
)
TEMPERATURE = re.compile(r"Temperature\{mValue=(-?[\d.]+), mType=(-?\d+), mName=(.*), mStatus=(\d+)\}")
COLDEST, HOTTEST = -50.0, 150.0


@dataclass(frozen=True, slots=True)
class Temperature:
    """One sensor: `celsius` is None where the HAL says "absent" (-99.9, or 0.0 of a battery that is not there)."""

    name: str
    kind: str
    celsius: float | None
    status: int


@dataclass(frozen=True, slots=True)
class ThermalDump:
    """`status` is Android's thermal status, 0 (none) to 6 (shutdown), None where it is not printed."""

    status: int | None
    hal_ready: bool
    temperatures: tuple[Temperature, ...]


def parse_thermalservice(text: str) -> ThermalDump:
    """Current temperatures; a HAL that is not ready, or a dump cut before them, gives none."""
    status = re.search(r"^Thermal Status: (\d+)", text, re.M)
    ready = re.search(r"^HAL Ready: true", text, re.M) is not None
    _, _, current = text.partition("Current temperatures from HAL:")
    current, _, _ = current.partition("Current cooling devices from HAL:")
    found = TEMPERATURE.findall(current) if ready else []
    return ThermalDump(
        status=int(status[1]) if status else None,
        hal_ready=ready,
        temperatures=tuple(
            _temperature(float(value), int(kind), name, int(level))
            for value, kind, name, level in found
            if int(kind) not in ELECTRICAL
        ),
    )


def _temperature(value: float, kind: int, name: str, status: int) -> Temperature:
    absent = not COLDEST < value < HOTTEST or (value == 0.0 and kind in (2, 4))
    return Temperature(name, _kind(name, kind), None if absent else value, status)


def _kind(name: str, number: int) -> str:
    for pattern, kind in NAMED:
        if pattern.match(name):
            return kind
    return KINDS.get(number, "other")
