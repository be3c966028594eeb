"""The battery: level, charging, current and the power drawn from it.

From Linux's power_supply class where shell may read it (AOSP grants sysfs_batteryinfo), without a fork; charging from
`dumpsys battery` where the kernel does not tell which chargers are plugged in.

Vendors disagree on the sign of `current_now`, so that the status decides it, and some print mA where Linux's ABI says
µA: a handset that is in use draws at least some 10 mA, and none is charged with more than 10 A.
"""

from __future__ import annotations

from collections.abc import Mapping

from framework.dumps import battery
from framework.trace.probes.probe import Probe, Reader, Reading, Scene

UNITS = {"battery_level_pct": "%", "battery_ma": "mA", "battery_mv": "mV", "power_mw": "mW", "charging": ""}
LEAST_UA = 10_000
"""Below that a current is not in µA, but in mA."""

MOST_MA = 15_000
CELL_UV = (2_000_000, 20_000_000)
CELL_MV = (2_000, 20_000)


class BatteryReader:
    """Remembers whether this handset has shown currents that can only be µA."""

    def __init__(self) -> None:
        self._in_micro = False

    def __call__(self, device_ns: int, text: str) -> Reading:
        fields = dict(line.split(" ", 1) for line in text.splitlines() if " " in line)
        values = self._values(fields)
        return Reading(((device_ns, values),)) if values else Reading()

    def _values(self, fields: Mapping[str, str]) -> dict[str, float]:
        values: dict[str, float] = {}
        status, plugged = fields.get("status", ""), fields.get("plugged")
        if (level := _number(fields.get("level"))) is not None and 0 <= level <= 100:
            values["battery_level_pct"] = float(level)
        if plugged is not None or status == "Charging":
            values["charging"] = float(plugged == "1" or status == "Charging")
        millivolts = _millivolts(_number(fields.get("voltage")))
        if millivolts is not None:
            values["battery_mv"] = millivolts
        current = self._milliamperes(_number(fields.get("current")))
        if current is None:
            return values
        values["battery_ma"] = {"Charging": abs(current), "Discharging": -abs(current)}.get(status, current)
        if status == "Discharging" and plugged != "1" and millivolts is not None:
            values["power_mw"] = abs(current) * millivolts / 1000
        return values

    def _milliamperes(self, raw: int | None) -> float | None:
        if raw is None:
            return None
        self._in_micro = self._in_micro or abs(raw) >= LEAST_UA
        current = raw / 1000 if self._in_micro else float(raw)
        return current if abs(current) <= MOST_MA else None


def read_dump(scene: Scene) -> Reader:
    """Reader of `dumpsys battery`; values that somebody has set by hand are frozen and refused."""

    def at(device_ns: int, text: str) -> Reading:
        dump = battery.parse(text)
        if dump.updates_stopped:
            return Reading(refused="somebody froze the battery's values with `dumpsys battery set`")
        powered = (dump.ac_powered, dump.usb_powered, dump.wireless_powered, dump.dock_powered)
        values: dict[str, float] = {}
        if dump.status is not None or any(each is not None for each in powered):
            values["charging"] = float(any(powered) or dump.status == "charging")
        if dump.level is not None:
            values["battery_level_pct"] = dump.level * 100 / (dump.scale or 100)
        if dump.voltage_mv is not None:
            values["battery_mv"] = float(dump.voltage_mv)
        return Reading(((device_ns, values),))

    return at


def _number(text: str | None) -> int | None:
    try:
        return None if text is None else int(text)
    except ValueError:
        return None


def _millivolts(raw: int | None) -> float | None:
    """From µV, or from mV as some vendors print it; None for what no battery has."""
    if raw is None:
        return None
    if CELL_UV[0] <= raw <= CELL_UV[1]:
        return raw / 1000
    return float(raw) if CELL_MV[0] <= raw <= CELL_MV[1] else None


_FIND = """battery=; chargers=
for supply in /sys/class/power_supply/*; do
kind=; read -r kind <$supply/type
if [ "$kind" = Battery ]; then
[ -r $supply/status ] && [ -r $supply/current_now ] && [ -z "$battery" -o "${supply##*/}" = battery ] && battery=$supply
elif [ -r $supply/online ]; then chargers="$chargers $supply/online"
fi
done"""

PROBE = Probe(
    name="battery",
    units=UNITS,
    available=f'{_FIND}\n[ -n "$battery" ]',
    setup=_FIND,
    script="""status=; level=; voltage=; current=; plugged=
read -r status <$battery/status; read -r level <$battery/capacity
read -r voltage <$battery/voltage_now; read -r current <$battery/current_now
for charger in $chargers; do
online=; read -r online <$charger; [ "$online" = 1 ] && plugged=1 || plugged=${plugged:-0}
done
text="status $status
level $level
voltage $voltage
current $current"
[ -z "$plugged" ] || text+="
plugged $plugged\"""",
    reader=lambda scene: BatteryReader(),
    period_s=1.0,
)

DUMP = Probe(
    name="battery_dump",
    units=UNITS,
    available=f'{_FIND}\n[ -z "$battery" -o -z "$chargers" ] && dumpsys battery >/dev/null',
    script="text=$(dumpsys battery)",
    reader=read_dump,
    period_s=10.0,
    commands=1,
)
