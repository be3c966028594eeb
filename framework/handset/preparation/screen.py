"""A dark or locked screen, lit and unlocked where it can be."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass

from framework.contract.errors import HandsetError
from framework.contract.preparation import Change
from framework.dumps.screen_state import ScreenState
from framework.handset.preparation.table import SECURITY_SETTINGS

WAKE, ENTER, SLEEP = 224, 66, 223
"""Key codes of AOSP's android.view.KeyEvent; unlike POWER they do not depend on how the screen is."""
GIVE_SLEEP = f"key {SLEEP}"

LIT_S = 5.0
"""How long a screen may take to light up, and a keyguard to go."""
ASKS_S = 1.0
"""How long it may take to go, or to ask for its PIN."""
_POLL_S = 0.1

NO_LOCK = "unlock it and set its screen lock to None or Swipe, or name in devices.yaml the environment variable that "
NO_LOCK += "holds its PIN (`pin_from: NAME`)"


@dataclass(frozen=True, slots=True)
class Pin:
    """What unlocks a handset, and the name of the variable it came from, which alone is ever shown."""

    source: str
    digits: str | None = None

    def __repr__(self) -> str:
        return f"Pin({self.source})"


Try = Callable[[str], ScreenState | None]
"""Runs a script on the handset, then tells how the screen is; None where the handset does not tell."""


def light_up(handset: str, attempt: Try, found: ScreenState, pin: Pin | None) -> list[Change]:
    """Wake it, wipe the keyguard away, and enter the PIN where it asks for one and it is known; HandsetError."""
    changes = []
    screen: ScreenState | None = found
    if not found.awake:
        screen = _until(lambda now: now.awake, attempt, f"input keyevent {WAKE}")
        changes.append(Change("screen", "", "off", "on"))
    if screen is not None and not screen.awake:
        raise HandsetError(handset, "its screen stays dark", f"wake it by hand; {SECURITY_SETTINGS}")
    if screen is not None and screen.locked:
        screen = _until(_free, attempt, "wm dismiss-keyguard", ASKS_S if screen.secure else None)
        if screen is not None and screen.locked:
            screen = _by_pin(handset, attempt, screen, pin)
        changes.append(Change("screen lock", "", "locked", "unlocked"))
    return changes


def _by_pin(handset: str, attempt: Try, screen: ScreenState, pin: Pin | None) -> ScreenState | None:
    """Once only: after a few wrong ones a handset locks itself for minutes."""
    if pin is None:
        kind = "with a PIN, a pattern or a password" if screen.secure else "and does not give way"
        raise HandsetError(handset, f"its screen is locked {kind}", NO_LOCK)
    if not pin.digits or not pin.digits.isalnum() or not pin.digits.isascii():
        what = "is not set" if not pin.digits else "holds no PIN: only letters and digits can be typed"
        raise HandsetError(handset, f"its screen is locked, and the environment variable {pin.source} {what}", NO_LOCK)
    typed = _until(_free, attempt, f"input text {shlex.quote(pin.digits)}\ninput keyevent {ENTER}")
    if typed is not None and typed.locked:
        raise HandsetError(handset, f"its screen stays locked: it did not take the PIN of {pin.source}", NO_LOCK)
    return typed


def _free(screen: ScreenState) -> bool:
    return not screen.locked


def _until(
    done: Callable[[ScreenState], bool], attempt: Try, script: str, within_s: float | None = None
) -> ScreenState | None:
    """How the screen is once it is so, or what it came to in the time."""
    ends = time.monotonic() + (LIT_S if within_s is None else within_s)
    screen = attempt(f"{{ {script}\n}} >/dev/null 2>&1")
    while screen is not None and not done(screen) and time.monotonic() < ends:
        time.sleep(_POLL_S)
        screen = attempt(":")
    return screen
