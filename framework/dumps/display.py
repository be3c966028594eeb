"""`dumpsys display` and `cmd display get-displays`: the displays, their size, posture and power.

Records are printed by AOSP's DisplayInfo.toString, whose fields vary by release; only fields by name are read. Of
scrcpy's client log, the sizes of its picture are read, in the order in which a foldable changed them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError

KIND = "display"

_INFO = re.compile(
    r"(?:m(?P<role>Base|Override)DisplayInfo=)?"
    r"DisplayInfo\{\"(?P<name>[^\"\r\n]*)\"(?P<body>[^\r\n]*)"
)
_ID = re.compile(r", displayId (-?[0-9]{1,9})\b")
_REAL = re.compile(r"[,\s]real ([0-9]{1,6}) x ([0-9]{1,6})\b")
_APP = re.compile(r", app ([0-9]{1,6}) x ([0-9]{1,6})\b")
_DENSITY = re.compile(r", density ([0-9]{1,5})\b")
_ROTATION = re.compile(r", rotation ([0-3])\b")
_STATE = re.compile(r", state ([A-Z_]+)")
_TYPE = re.compile(r", type ([A-Z_]+)")
_UNIQUE = re.compile(r", uniqueId \"([^\"\r\n]*)\"")
_MODE = re.compile(r", mode ([0-9]{1,6})\b")
_MODE_RATE = re.compile(r"\{id=([0-9]{1,6}), width=[0-9]+, height=[0-9]+, fps=([0-9]{1,5}(?:\.[0-9]{1,9})?)")
_VIEWPORT = re.compile(
    r"DisplayViewport\{type=(?P<type>\w+), valid=\w+, isActive=(?P<active>true|false), displayId=(?P<id>-?[0-9]{1,9}),"
)
_POWER = re.compile(
    r"^\s*Display Id=(?P<id>[0-9]{1,9})\s+Display State=(?P<state>\w+)"
    r"(?:\s+Display Brightness=(?P<brightness>-?[0-9]{1,3}\.[0-9]{1,9}|NaN))?",
    re.MULTILINE,
)
_TEXTURE = re.compile(r"^INFO: Texture: ([0-9]{1,6})x([0-9]{1,6})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DisplayInfo:
    """`width_px` and `height_px` are the real ones in the present rotation (0 to 3 quarter turns)."""

    name: str
    width_px: int | None
    height_px: int | None
    app_width_px: int | None
    app_height_px: int | None
    density_dpi: int | None
    rotation: int | None
    refresh_hz: float | None
    state: str | None
    type: str | None
    unique_id: str | None


@dataclass(frozen=True, slots=True)
class LogicalDisplay:
    """`base` is the panel's own record, `override` the one that the window manager laid over it."""

    id: int
    base: DisplayInfo | None
    override: DisplayInfo | None


@dataclass(frozen=True, slots=True)
class Viewport:
    display_id: int
    type: str
    active: bool


@dataclass(frozen=True, slots=True)
class Power:
    """`brightness` is 0 to 1, -1.0 for a display that is off (PowerManager.BRIGHTNESS_OFF_FLOAT), None if invalid."""

    display_id: int
    state: str
    brightness: float | None


@dataclass(frozen=True, slots=True)
class PictureSize:
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class DisplayDump:
    displays: tuple[LogicalDisplay, ...]
    viewports: tuple[Viewport, ...]
    power: tuple[Power, ...]
    picture_sizes: tuple[PictureSize, ...]


def parse(text: str) -> DisplayDump:
    """DumpError for a text in which nothing of all this is found."""
    dump = DisplayDump(
        displays=_displays(text),
        viewports=tuple(
            Viewport(int(match["id"]), match["type"], match["active"] == "true") for match in _VIEWPORT.finditer(text)
        ),
        power=tuple(_power(match) for match in _POWER.finditer(text)),
        picture_sizes=tuple(PictureSize(int(match[1]), int(match[2])) for match in _TEXTURE.finditer(text)),
    )
    if not (dump.displays or dump.viewports or dump.power or dump.picture_sizes):
        raise DumpError(KIND, 1, "a record such as `mBaseDisplayInfo=DisplayInfo{…}`")
    return dump


def _displays(text: str) -> tuple[LogicalDisplay, ...]:
    base: dict[int, DisplayInfo] = {}
    override: dict[int, DisplayInfo] = {}
    for match in _INFO.finditer(text):
        number = _integer(_ID, match["body"])
        if number is not None:
            (override if match["role"] == "Override" else base).setdefault(number, _info(match["name"], match["body"]))
    return tuple(
        LogicalDisplay(number, base.get(number), override.get(number)) for number in sorted(base.keys() | override)
    )


def _info(name: str, body: str) -> DisplayInfo:
    real, app = _REAL.search(body), _APP.search(body)
    return DisplayInfo(
        name=name,
        width_px=int(real[1]) if real else None,
        height_px=int(real[2]) if real else None,
        app_width_px=int(app[1]) if app else None,
        app_height_px=int(app[2]) if app else None,
        density_dpi=_integer(_DENSITY, body),
        rotation=_integer(_ROTATION, body),
        refresh_hz=_refresh_hz(body),
        state=_word(_STATE, body),
        type=_word(_TYPE, body),
        unique_id=_word(_UNIQUE, body),
    )


def _refresh_hz(body: str) -> float | None:
    """The rate of the mode that is set, from the list of modes."""
    rates = {int(match[1]): float(match[2]) for match in _MODE_RATE.finditer(body)}
    return rates.get(_integer(_MODE, body) or 0)


def _power(match: re.Match[str]) -> Power:
    known = match["brightness"] not in (None, "NaN")
    return Power(int(match["id"]), match["state"], float(match["brightness"]) if known else None)


def _integer(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return int(match[1]) if match else None


def _word(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1] if match else None
