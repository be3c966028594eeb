"""What is wrong with a handset before or after a test: a pure look at its vitals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from framework.contract.vitals import Vitals

ROOM_MB = 20.0
"""With less room on /data no app can be held to anything."""

CRITICAL_BATTERY = 5.0
"""Per cent, on no charger: Android turns a handset off at 0, and its makers slow it down before."""

EMERGENCY = 5
"""Thermal status (AOSP ThrottlingSeverity.aidl): key parts are shut off; one further it turns itself off."""


REST_S = 600.0
"""Device seconds that a handset may rest until it is cool or charged enough, as a start condition may be waited for."""


class Mend(Enum):
    """What may help."""

    LADDER = "ladder"
    UNLOCK = "unlock"
    REST = "rest"
    """Time, in which it is not used."""
    NOTHING = "nothing"
    """But people."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """`what` is wrong in words, and what people can do about it."""

    what: str
    advice: str
    mend: Mend = Mend.NOTHING
    excuses: bool = True
    """Whether a build can fail because of it. Heat and an empty battery may be the build's own doing."""


def wrongs(vitals: Vitals, *, screen: bool) -> Iterator[Wrong]:
    """All that keeps a test from running there, what explains most first. `screen`: whether it has to be lit."""
    if vitals.android.state != "up":
        yield Wrong(str(vitals.android), "restart it, and look at its screen", Mend.LADDER)
    if vitals.free_mb is not None and vitals.free_mb < ROOM_MB:
        advice = "free space on /data; `du` shows whether the build itself has filled it"
        yield Wrong(f"its storage is full: {vitals.free_mb:.0f} MB are left", advice)
    elif not vitals.writable:
        yield Wrong(
            "nothing can be written to its /data/local/tmp", "restart it; if it stays so, its storage is damaged"
        )
    if vitals.battery is not None and vitals.battery <= CRITICAL_BATTERY and not vitals.charging:
        yield Wrong(
            f"its battery is at {vitals.battery:.0f} % and does not charge",
            "plug it into a charger",
            Mend.REST,
            excuses=False,
        )
    if vitals.thermal_status is not None and vitals.thermal_status >= EMERGENCY:
        hot = "" if vitals.skin_c is None else f": its skin has {vitals.skin_c:.0f} °C"
        yield Wrong(
            f"its thermal status is {vitals.thermal_status} (emergency){hot}",
            "let it cool down",
            Mend.REST,
            excuses=False,
        )
    if screen and vitals.awake is False:
        yield Wrong("its screen is dark", "wake it", Mend.UNLOCK)
    elif screen and vitals.locked:
        yield Wrong("its screen is locked", "unlock it; `pin_from` names its PIN", Mend.UNLOCK)


@dataclass(frozen=True, slots=True)
class Checkup:
    """How a handset was found, and what was done; `wrong`: what is left and could not be mended, with the advice."""

    handset: str
    gauges: Mapping[str, float] = field(default_factory=dict)
    """Values such as skin_c and battery; empty where it did not answer."""
    wrong: str | None = None
    mended: tuple[str, ...] = ()
    time_scale: float = 1.0
    """Device seconds in one of the host's."""
    rests_s: float = 0.0
    """It is not to be used just now, but may be well by itself within so many host seconds; then it is `wrong`."""
