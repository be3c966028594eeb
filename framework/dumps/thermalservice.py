"""`dumpsys thermalservice` (Android 10 and later, AOSP ThermalManagerService.java).

`temperatures` are those that the thermal HAL reports now; `cached` ones are what listeners were told last, stale on
some handsets and never to be taken for current. Types are those of AOSP's TemperatureType, but a vendor shifts them
by one, so that a telling name wins over the number. Types 6, 7 and 8 are volts, amperes and percent, no temperatures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, numbered

KIND = "thermalservice"
KINDS = {0: "cpu", 1: "gpu", 2: "battery", 3: "skin", 4: "usb", 5: "power_amplifier", 9: "npu", 10: "tpu"}
ELECTRICAL = {6: "voltage", 7: "current", 8: "percentage"}
NAMED = (
    (re.compile(r"^(sub)?bat(tery)?$", re.I), "battery"),
    (re.compile(r"^(.*[-_])?skin([-_].*)?$", re.I), "skin"),
    (re.compile(r"^(ap|cpu[\d-].*|cpu)$", re.I), "cpu"),
    (re.compile(r"^gpu.*$", re.I), "gpu"),
    (re.compile(r"^usb$", re.I), "usb"),
)
COLDEST, HOTTEST = -50.0, 150.0
LEVELS = ("none", "light", "moderate", "severe", "critical", "emergency", "shutdown")
"""Thermal statuses 0 to 6; a threshold is the temperature at which one begins."""

_NUMBER = r"-?\d{1,12}(?:\.\d{1,12})?"
_READING = re.compile(
    rf"Temperature\{{mValue=(?P<value>NaN|{_NUMBER}), mType=(?P<type>-?\d{{1,3}}), mName=(?P<name>.*), "
    r"mStatus=(?P<status>\d{1,3})\}",
    re.ASCII,
)
_COOLING = re.compile(r"CoolingDevice\{mValue=(?P<value>\d{1,12}), mType=\d{1,3}, mName=(?P<name>.*)\}", re.ASCII)
_THRESHOLD = re.compile(r"m?name ?= ?(?P<name>.*?), \.?m?hotThrottlingThresholds ?= ?\[(?P<hot>[^\]]*)\]", re.I)
_SECTIONS = {
    "Cached temperatures:": "cached",
    "Current temperatures from HAL:": "current",
    "Current cooling devices from HAL:": "cooling",
    "Temperature static thresholds from HAL:": "thresholds",
}


@dataclass(frozen=True, slots=True)
class Temperature:
    """One sensor: `temperature_c` is None where the HAL says "absent" (-99.9, NaN, 0.0 of a battery or a plug)."""

    name: str
    kind: str
    temperature_c: float | None
    status: int


@dataclass(frozen=True, slots=True)
class Electrical:
    """What a battery limiter reports as `kind` voltage, current or percentage: as printed, vendors' units differ.

    None where it says NaN.
    """

    name: str
    kind: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Cooling:
    """A cooling device; `level` 0 does nothing, the scale is the device's own."""

    name: str
    level: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where each status of a sensor begins, by the names of LEVELS; a status without one is left out."""

    name: str
    hot_c: dict[str, float]


@dataclass(frozen=True, slots=True)
class ThermalDump:
    """`status` is Android's thermal status, 0 (none) to 6 (shutdown); `hal` is the connected one ("2.0", "AIDL 1").

    Both, and `hal_ready`, are None where they are not printed.
    """

    status: int | None
    hal_ready: bool | None
    hal: str | None
    temperatures: tuple[Temperature, ...] = ()
    cached: tuple[Temperature, ...] = ()
    electrical: tuple[Electrical, ...] = ()
    cooling: tuple[Cooling, ...] = ()
    thresholds: tuple[Threshold, ...] = ()


def parse(text: str) -> ThermalDump:
    """A HAL that is not ready, or a dump cut before its temperatures, gives none; DumpError for another text."""
    status = re.search(r"^\s*Thermal Status: (\d{1,3})\s*$", text, re.M | re.A)
    ready = re.search(r"^\s*HAL Ready: (true|false)\s*$", text, re.M)
    hal = re.search(r"^\s*ThermalHAL (\S.*?)\s+connected: yes\s*$", text, re.M)
    if status is None and ready is None:
        raise DumpError(KIND, after_last(text), "`Thermal Status: N` or `HAL Ready: true`")
    sections = _sections(text)
    current = sections["current"] if ready is not None and ready[1] == "true" else []
    readings = [match for line in current if (match := _READING.search(line))]
    return ThermalDump(
        status=int(status[1]) if status else None,
        hal_ready=ready[1] == "true" if ready else None,
        hal=hal[1] if hal else None,
        temperatures=_temperatures(readings),
        cached=_temperatures([match for line in sections["cached"] if (match := _READING.search(line))]),
        electrical=tuple(
            Electrical(match["name"], ELECTRICAL[int(match["type"])], _number(match["value"]))
            for match in readings
            if int(match["type"]) in ELECTRICAL
        ),
        cooling=tuple(
            Cooling(match["name"], int(match["value"]))
            for line in sections["cooling"]
            if (match := _COOLING.search(line))
        ),
        thresholds=tuple(_threshold(match) for line in sections["thresholds"] if (match := _THRESHOLD.search(line))),
    )


def _sections(text: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {name: [] for name in _SECTIONS.values()}
    inside: list[str] = []
    for _, line in numbered(text):
        if line.endswith(":"):
            inside = sections.get(_SECTIONS.get(line.strip(), ""), [])
        else:
            inside.append(line)
    return sections


def _temperatures(readings: list[re.Match[str]]) -> tuple[Temperature, ...]:
    return tuple(
        _temperature(_number(match["value"]), int(match["type"]), match["name"], int(match["status"]))
        for match in readings
        if int(match["type"]) not in ELECTRICAL
    )


def _temperature(value: float | None, number: int, name: str, status: int) -> Temperature:
    kind = _kind(name, number)
    absent = value is None or not COLDEST < value < HOTTEST or (value == 0.0 and kind in ("battery", "usb"))
    return Temperature(name, kind, None if absent else value, status)


def _number(text: str) -> float | None:
    return None if text == "NaN" else float(text)


def _kind(name: str, number: int) -> str:
    for pattern, kind in NAMED:
        if pattern.match(name):
            return kind
    return KINDS.get(number, "other")


def _threshold(match: re.Match[str]) -> Threshold:
    values = zip(LEVELS, match["hot"].split(","), strict=False)
    hot_c = {level: float(value) for level, value in values if re.fullmatch(_NUMBER, value.strip(), re.ASCII)}
    return Threshold(match["name"], hot_c)
