"""Charge, heat, room and radio: what may spoil a measurement or end a run in the middle."""

from __future__ import annotations

from framework.doctor.answers import Answers
from framework.doctor.finding import Opinion, fault, ok, warning
from framework.dumps.battery import BatteryDump
from framework.dumps.df import Df
from framework.dumps.thermalservice import ThermalDump

EMPTY_PERCENT, LOW_PERCENT = 10, 30
"""Android saves power by itself at 15 % or so; a long suite takes some 20 %."""
WARM_C, HOT_C = 38.0, 45.0
"""From about 45 °C on Android stops charging and throttles (JEITA)."""
FULL_GB, TIGHT_GB = 1.0, 5.0
"""Weights of a compressed model have 1 to 4 GB, and Android refuses installations when the last 0.5 GB are reached."""
SEVERE = 3
THERMAL = ("none", "light", "moderate", "severe", "critical", "emergency", "shutdown")
"""PowerManager.THERMAL_STATUS_*."""

_KB_PER_GB = 1e9 / 1024


def battery_level(answers: Answers) -> Opinion | None:
    battery = _battery(answers)
    if battery is None or battery.level is None:
        return None
    percent = battery.level * 100 / (battery.scale or 100)
    powered = any((battery.ac_powered, battery.usb_powered, battery.wireless_powered, battery.dock_powered))
    told = f"battery {percent:.0f} %, {'plugged in' if powered else 'on battery'}"
    if percent < EMPTY_PERCENT:
        return fault(told, f"charge it: below {EMPTY_PERCENT} % Android saves power and may switch off")
    if percent < LOW_PERCENT:
        return warning(told, "charge it before a long suite")
    return ok(told)


def battery_temperature(answers: Answers) -> Opinion | None:
    battery = _battery(answers)
    if battery is None or battery.temperature_c is None:
        return None
    told = f"battery {battery.temperature_c:.1f} °C"
    if battery.temperature_c >= HOT_C:
        return fault(told, "let it cool down: Android throttles it")
    if battery.temperature_c >= WARM_C:
        return warning(told, "let it cool down: a measurement that starts warm throttles early")
    return ok(told)


def battery_frozen(answers: Answers) -> Opinion | None:
    battery = _battery(answers)
    if battery is None or not battery.updates_stopped:
        return None
    return fault("its battery readings are set by hand and frozen", "`adb shell dumpsys battery reset`")


def power_saver(answers: Answers) -> Opinion | None:
    if answers.setting("global/low_power") != "1":
        return None
    mend = "a run switches it off; to measure otherwise switch it off by hand, or charge it"
    return warning("its battery saver is on: it runs slower than it is", mend)


def thermal_status(answers: Answers) -> Opinion | None:
    dump = answers.parsed("thermalservice")
    if not isinstance(dump, ThermalDump) or dump.status is None:
        return None
    word = THERMAL[dump.status] if 0 <= dump.status < len(THERMAL) else f"code {dump.status}"
    if dump.status >= SEVERE:
        return fault(f"thermal status {word}", "let it cool down: it is throttled")
    if dump.status > 0:
        return warning(f"thermal status {word}", "let it cool down, or start scenarios with skin_below_c")
    return ok("not throttled by heat")


def storage(answers: Answers) -> Opinion | None:
    dump = answers.parsed("df")
    row = dump.filesystems[-1] if isinstance(dump, Df) and dump.filesystems else None
    if row is None:
        return None
    free_gb = row.available_kb / _KB_PER_GB
    told = f"{free_gb:.1f} GB free on /data"
    if free_gb < FULL_GB:
        return fault(told, "make room: neither a build nor its weights will fit")
    if free_gb < TIGHT_GB:
        return warning(told, f"make room: weights take some GB; {TIGHT_GB:.0f} GB are enough for most builds")
    return ok(told)


def network(answers: Answers) -> Opinion | None:
    """On-device assistants need none; it is told because their answers may differ with it."""
    flight, wifi = answers.setting("global/airplane_mode_on"), answers.setting("global/wifi_on")
    if flight is None and wifi is None:
        return None
    return ok(f"airplane mode {'on' if flight == '1' else 'off'}, Wi-Fi {'off' if wifi == '0' else 'on'}")


def _battery(answers: Answers) -> BatteryDump | None:
    dump = answers.parsed("battery")
    return dump if isinstance(dump, BatteryDump) else None
