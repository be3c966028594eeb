"""The power manager: whether the screen is on."""

from __future__ import annotations

KEYCODE_POWER = 26
KEYCODE_SLEEP = 223
KEYCODE_WAKEUP = 224


class PowerState:
    """Awake or asleep; the handset is on USB and told to stay on, so it sleeps only when asked to."""

    def __init__(self) -> None:
        self.awake = True
        self.exempt: set[str] = set()
        """Packages that are not held back while the handset saves power."""

    def press(self, keycode: int) -> bool:
        """A key that wakes or sends to sleep; False for any other."""
        if keycode == KEYCODE_POWER:
            self.awake = not self.awake
        elif keycode in (KEYCODE_SLEEP, KEYCODE_WAKEUP):
            self.awake = keycode == KEYCODE_WAKEUP
        else:
            return False
        return True
