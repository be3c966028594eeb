"""The power manager: whether the screen is on."""

from __future__ import annotations

from collections.abc import Callable

KEYCODE_POWER = 26
KEYCODE_SLEEP = 223
KEYCODE_WAKEUP = 224
KEYCODE_SOFT_SLEEP = 276


class PowerState:
    """Awake or asleep; the handset is on USB and told to stay on, so it sleeps only when asked to."""

    def __init__(self) -> None:
        self.awake = True
        self.exempt: set[str] = set()
        """Packages that are not held back while the handset saves power."""
        self._listeners: list[Callable[[bool], None]] = []

    def press(self, keycode: int) -> bool:
        """A key that wakes or sends to sleep; False for any other."""
        if keycode == KEYCODE_POWER:
            self.turn(not self.awake)
        elif keycode in (KEYCODE_SLEEP, KEYCODE_SOFT_SLEEP, KEYCODE_WAKEUP):
            self.turn(keycode == KEYCODE_WAKEUP)
        else:
            return False
        return True

    def turn(self, awake: bool) -> None:
        """Wake up or go to sleep; nothing happens to one that is so already."""
        if self.awake != awake:
            self.awake = awake
            for listener in self._listeners:
                listener(awake)

    def listen(self, listener: Callable[[bool], None]) -> None:
        """Call `listener(awake)` whenever that has changed."""
        self._listeners.append(listener)
