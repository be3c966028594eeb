"""`dumpsys battery`: charging, level, temperature (AOSP BatteryService.dumpInternal).

The first line of a key counts: makers add lines of their own after it that repeat a key in other words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError

KIND = "battery"
STATUSES = {1: "unknown", 2: "charging", 3: "discharging", 4: "not_charging", 5: "full"}
"""BatteryManager.BATTERY_STATUS_*."""
HEALTHS = {1: "unknown", 2: "good", 3: "overheat", 4: "dead", 5: "over_voltage", 6: "failure", 7: "cold"}
"""BatteryManager.BATTERY_HEALTH_*."""

_FIELD = re.compile(r"^[ \t]*(?P<key>[A-Za-z][A-Za-z ]*?)[ \t]*:[ \t]*(?P<value>\S[^\r\n]*?)[ \t\r]*$", re.MULTILINE)
_NUMBER = re.compile(r"-?[0-9]{1,15}")
_TELLING = ("level", "status", "temperature", "voltage", "AC powered", "USB powered")
_FULL_UAH = (200_000, 50_000_000)
_MILLIVOLTS = (500, 30_000)
_TENTHS_C = (-500, 1500)


@dataclass(frozen=True, slots=True)
class BatteryDump:
    """None: not printed, or a value that no battery has (the sensor's word for "absent", a wrong unit).

    `charge_counter_uah` is None where the full charge it implies lies outside 200 to 50 000 mAh, as on handsets that
    print mAh; `charge_counter_raw` is the number as printed. `updates_stopped` tells that somebody set the values by
    hand with `dumpsys battery set`: they are frozen.
    """

    ac_powered: bool | None
    usb_powered: bool | None
    wireless_powered: bool | None
    dock_powered: bool | None
    max_charging_current_ua: int | None
    max_charging_voltage_uv: int | None
    charge_counter_uah: int | None
    charge_counter_raw: int | None
    status: str | None
    health: str | None
    present: bool | None
    level: int | None
    scale: int | None
    voltage_mv: int | None
    temperature_c: float | None
    technology: str | None
    updates_stopped: bool


def parse(text: str) -> BatteryDump:
    """DumpError for a text that holds none of the keys that tell a battery's state."""
    fields: dict[str, str] = {}
    for match in _FIELD.finditer(text):
        fields.setdefault(match["key"], match["value"])
    if not any(key in fields for key in _TELLING):
        raise DumpError(KIND, 1, "lines such as `level: 80` and `temperature: 285`")
    raw = _integer(fields, "Charge counter")
    return BatteryDump(
        ac_powered=_truth(fields, "AC powered"),
        usb_powered=_truth(fields, "USB powered"),
        wireless_powered=_truth(fields, "Wireless powered"),
        dock_powered=_truth(fields, "Dock powered"),
        max_charging_current_ua=_integer(fields, "Max charging current"),
        max_charging_voltage_uv=_integer(fields, "Max charging voltage"),
        charge_counter_uah=_charge(raw, _integer(fields, "level"), _integer(fields, "scale") or 100),
        charge_counter_raw=raw,
        status=_word(STATUSES, _integer(fields, "status")),
        health=_word(HEALTHS, _integer(fields, "health")),
        present=_truth(fields, "present"),
        level=_integer(fields, "level"),
        scale=_integer(fields, "scale"),
        voltage_mv=_within(_MILLIVOLTS, _integer(fields, "voltage")),
        temperature_c=_celsius(_integer(fields, "temperature")),
        technology=fields.get("technology"),
        updates_stopped="UPDATES STOPPED" in text,
    )


def _integer(fields: dict[str, str], key: str) -> int | None:
    value = fields.get(key, "")
    return int(value) if _NUMBER.fullmatch(value) else None


def _truth(fields: dict[str, str], key: str) -> bool | None:
    return {"true": True, "false": False}.get(fields.get(key, ""))


def _word(words: dict[int, str], number: int | None) -> str | None:
    return None if number is None else words.get(number, f"code_{number}")


def _within(bounds: tuple[int, int], value: int | None) -> int | None:
    return value if value is not None and bounds[0] <= value <= bounds[1] else None


def _celsius(tenths: int | None) -> float | None:
    """-999 (-99.9 °C) and the like mean that there is no sensor."""
    plausible = _within(_TENTHS_C, tenths)
    return None if plausible is None else plausible / 10


def _charge(raw: int | None, level: int | None, scale: int) -> int | None:
    if raw is None:
        return None
    full = raw * scale // level if level else raw
    return raw if _within(_FULL_UAH, full) is not None else None
