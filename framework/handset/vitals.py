"""How a handset is, asked in one round trip: before and after each test, and for whoever looks at the farm."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from framework.contract.capabilities import Shell
from framework.contract.vitals import Vitals
from framework.dumps import battery, df, screen_state, thermalservice
from framework.dumps.errors import DumpError
from framework.handset import android
from framework.handset.preparation import FOLDER, SCREEN

T = TypeVar("T")

WITHIN_S = 15.0
"""A dump of a service that does not respond gives up after 10 s (AOSP dumpsys.cpp)."""

_MARK = "@@pocketfarm "
_PARTS: tuple[tuple[str, str], ...] = (
    ("android", android.SCRIPT),
    ("probe", f"mkdir -p {FOLDER} && echo . >{FOLDER}/probe && rm -f {FOLDER}/probe && echo written"),
    ("df", "df /data"),
    ("battery", "dumpsys battery"),
    ("thermal", "dumpsys thermalservice"),
    ("screen", SCREEN),
)
_AT_A_GLANCE = ("android", "screen")
"""What most often changes by itself between two attempts, for a third of the cost."""


def read_vitals(shell: Shell) -> Vitals:
    """HandsetError when the handset does not answer in time."""
    return _vitals(_asked(shell, tuple(name for name, _ in _PARTS)))


def glance(shell: Shell) -> Vitals:
    """Only whether Android is up and how the screen is; HandsetError as with `read_vitals`."""
    return _vitals(_asked(shell, _AT_A_GLANCE))


def _asked(shell: Shell, names: tuple[str, ...]) -> dict[str, str]:
    """Part → what its script printed."""
    script = "\n".join(f"echo {_MARK}{name}\n{text}" for name, text in _PARTS if name in names)
    printed = shell.script(script, timeout_s=WITHIN_S).text
    return dict(part.partition("\n")[::2] for part in printed.split(_MARK)[1:])


def _vitals(told: dict[str, str]) -> Vitals:
    room, power = _read(df.parse, told.get("df", "")), _read(battery.parse, told.get("battery", ""))
    heat, screen = (
        _read(thermalservice.parse, told.get("thermal", "")),
        _read(screen_state.parse, told.get("screen", "")),
    )
    level = power.level if power is not None else None
    return Vitals(
        android=android.read_state(told.get("android", "")),
        writable="written" in told.get("probe", "" if "df" in told else "written"),
        free_mb=None if room is None else room.filesystems[0].available_kb * 1024 / 1e6,
        battery=None if power is None or level is None else level * 100 / (power.scale or 100),
        charging=None if power is None else _charging(power),
        battery_c=None if power is None else power.temperature_c,
        skin_c=None if heat is None else _hottest_skin(heat),
        thermal_status=None if heat is None else heat.status,
        awake=None if screen is None else screen.awake,
        locked=None if screen is None else screen.locked,
    )


def _read(parse: Callable[[str], T], text: str) -> T | None:
    try:
        return parse(text)
    except DumpError:
        return None


def _charging(power: battery.BatteryDump) -> bool:
    """By its plugs, where they are told: the status lags behind."""
    plugs = (power.ac_powered, power.usb_powered, power.wireless_powered, power.dock_powered)
    return any(plugs) if plugs != (None,) * 4 else power.status in ("charging", "full")


def _hottest_skin(heat: thermalservice.ThermalDump) -> float | None:
    skins = [one.temperature_c for one in heat.temperatures if one.kind == "skin" and one.temperature_c is not None]
    return max(skins, default=None)
