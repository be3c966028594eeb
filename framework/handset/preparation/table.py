"""What a handset is set to before it is measured, in one table."""

from __future__ import annotations

from dataclasses import dataclass

from framework.contract.errors import HandsetError

SECURITY_SETTINGS = "on Xiaomi turn on `USB debugging (Security settings)` in the developer options"
"""Without it MIUI and HyperOS let the shell neither write settings nor press keys."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row of Android's settings provider and the value it gets; `spoils` says what cannot be measured without it."""

    what: str
    where: str
    key: str
    value: str
    spoils: str | None = None


BRIGHTNESS = "screen_brightness"

TABLE: tuple[Wanted, ...] = (
    Wanted("stay awake while plugged in", "global", "stay_on_while_plugged_in", "7"),
    Wanted("screen time-out in ms", "system", "screen_off_timeout", "1800000"),
    Wanted("scale of window animations", "global", "window_animation_scale", "0"),
    Wanted("scale of transitions", "global", "transition_animation_scale", "0"),
    Wanted("scale of animators", "global", "animator_duration_scale", "0"),
    Wanted("do not disturb", "global", "zen_mode", "1"),
    Wanted("no dialogs about crashes", "global", "hide_error_dialogs", "1"),
    Wanted("brightness", "system", BRIGHTNESS, "half"),
    Wanted("automatic brightness", "system", "screen_brightness_mode", "0"),
    Wanted("rotation", "system", "user_rotation", "0"),
    Wanted("automatic rotation", "system", "accelerometer_rotation", "0"),
    Wanted("battery saver", "global", "low_power", "0", spoils="it limits the clocks"),
)
"""Names and values of AOSP's android.provider.Settings; they are given back in this order.

`hide_error_dialogs`: one about a crash in this scenario would cover the screen of the next. The log tells all the same.
`zen_mode` 1 is `priority`: notifications are silent and the assistant's voice is not, as it would be under 2.
"""

ZEN_WORDS: tuple[str, ...] = ("off", "priority", "none", "alarms")
"""`zen_mode` → what `cmd notification set_dnd` calls it (AOSP NotificationShellCmd.java)."""

BRIGHTNESS_SCALES: tuple[int, ...] = (255, 1023, 2047, 4095)
"""AOSP counts to 255, some makers further: the scale is the least that what was found fits on."""


def value_for(wanted: Wanted, found: str | None) -> str:
    """What the row gets where `found` stands now."""
    if wanted.key != BRIGHTNESS:
        return wanted.value
    level = int(found) if found is not None and found.isdecimal() else 0
    return str(next((scale for scale in BRIGHTNESS_SCALES if level <= scale), BRIGHTNESS_SCALES[-1]) // 2 + 1)


def same(found: str | None, value: str) -> bool:
    """`0`, `0.0` and `0.00` are the same value."""
    if found is None:
        return False
    try:
        return float(found) == float(value)
    except ValueError:
        return found == value


def spoiled(handset: str, wanted: Wanted, reason: str) -> HandsetError:
    return HandsetError(
        handset,
        f"{wanted.what} cannot be set, and {wanted.spoils}: {reason}",
        f"{SECURITY_SETTINGS}, or set it by hand",
    )
