"""`/sys/class/thermal/thermal_zone*/{type,temp}`, with the paths: as `grep .`, `tail -n +1` or a terminal shows them.

Read are `…/thermal_zone3/type:skin`, and a line that ends with such a path (a prompt, `==> … <==`) followed by the
value. Numbers of zones move between handsets of one SoC: choose by type.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, numbered

KIND = "thermal_zone"
_PATH = re.compile(r".*thermal_zone(?P<zone>\d{1,4})/(?P<file>type|temp)(?::(?P<value>.*)| <==)?", re.ASCII)
_MILLI = 1000
"""The kernel's ABI says millidegrees; zones of some vendors print whole degrees."""
COLDEST_C, HOTTEST_C = -50.0, 150.0


@dataclass(frozen=True, slots=True)
class ThermalZone:
    """`raw` is the number as printed; `temperature_c` is None where it is none that a handset can have."""

    zone: int
    type: str | None
    raw: int | None
    temperature_c: float | None


@dataclass(frozen=True, slots=True)
class ThermalZones:
    zones: tuple[ThermalZone, ...]


def parse(text: str) -> ThermalZones:
    """Zones by number; DumpError where none is told, or where a temperature is no whole number.

    A file that could not be read (`cat: …/temp: Permission denied`) is passed over.
    """
    types: dict[int, str] = {}
    raws: dict[int, int] = {}
    zone, file = 0, ""
    for number, line in numbered(text):
        match = _PATH.fullmatch(line)
        if match is not None:
            zone, file = int(match["zone"]), match["file"]
        value = (match["value"] or "" if match else line).strip()
        if not file or not value:
            continue
        if not _is_refusal(value):
            if file == "type":
                types[zone] = value
            else:
                raws[zone] = _raw(number, value)
        file = ""
    if not types and not raws:
        raise DumpError(KIND, after_last(text), "`…/thermal_zoneN/type` or `…/temp` with its value")
    zones = (ThermalZone(n, types.get(n), raws.get(n), _celsius(raws.get(n))) for n in sorted({*types, *raws}))
    return ThermalZones(tuple(zones))


def _is_refusal(value: str) -> bool:
    return value.endswith(("Permission denied", "No such file or directory", "Invalid argument", "I/O error"))


def _raw(number: int, value: str) -> int:
    if re.fullmatch(r"-?\d{1,12}", value, re.ASCII) is None:
        raise DumpError(KIND, number, "a temperature as a whole number of millidegrees")
    return int(value)


def _celsius(raw: int | None) -> float | None:
    """Between the largest number of degrees and the smallest of millidegrees the unit cannot be told."""
    if raw is None:
        return None
    degrees = raw / _MILLI if abs(raw) >= _MILLI else float(raw)
    return degrees if COLDEST_C < degrees < HOTTEST_C else None
