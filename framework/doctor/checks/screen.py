"""What keeps a run from seeing and touching the screen."""

from __future__ import annotations

from framework.doctor.answers import Answers
from framework.doctor.finding import Opinion, fault, ok, warning
from framework.dumps.screen_state import ScreenState
from framework.handset.preparation.screen import NO_LOCK

_SCALES = ("window_animation_scale", "transition_animation_scale", "animator_duration_scale")


def screen_lock(answers: Answers) -> Opinion | None:
    """A PIN that devices.yaml names opens it in a run; a pattern and a password nothing does."""
    screen = answers.parsed("screen")
    if not isinstance(screen, ScreenState) or screen.locked is None:
        return None
    if screen.secure:
        now = "locked" if screen.locked else "unlocked now"
        told = f"a PIN, pattern or password locks its screen ({now})"
        if answers.text("pin"):
            return ok(f"{told}; devices.yaml has its PIN")
        return (fault if screen.locked else warning)(told, NO_LOCK)
    return ok("nothing but a swipe locks its screen")


def stay_awake(answers: Answers) -> Opinion | None:
    """A bit mask of BatteryManager.BATTERY_PLUGGED_*; a run keeps it awake by itself, other tools do not."""
    value = answers.setting("global/stay_on_while_plugged_in")
    if value is None or not value.isdecimal():
        return None
    if int(value):
        return ok("stays awake while it is plugged in")
    return warning("its screen goes off while it is plugged in", '"Stay awake" in the developer options keeps it on')


def animations(answers: Answers) -> Opinion | None:
    """Android's default is 1 where nothing is set."""
    scales = {name: answers.setting(f"global/{name}") or "1" for name in _SCALES}
    if not answers.text("settings"):
        return None
    on = sorted({scale for scale in scales.values() if not _is_zero(scale)})
    if not on:
        return ok("animations are off")
    return ok(f"animations are on (scale {', '.join(on)}); a run switches them off")


def _is_zero(scale: str) -> bool:
    try:
        return float(scale) == 0
    except ValueError:
        return False
