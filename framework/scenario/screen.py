"""Watching the reply on the screen, for builds whose log does not tell of it."""

from __future__ import annotations

import time
from collections.abc import Callable

from framework.contract.build import ScreenText
from framework.contract.capabilities import Ui
from framework.contract.observed import Look

SETTLED_S = 2.0
"""A reply that has not changed for so long (device time) is whole."""

SETTLED_LOOKS = 3
"""And in so many looks: emulated handsets may be much faster than ours."""


PAUSE_S = 0.03
"""Device time between two looks, so that the handset does other things too."""


class ScreenWatch:
    """Looks at the reply again and again, in the thread of its user."""

    def __init__(self, ui: Ui, screen: ScreenText, time_scale: float) -> None:
        self._ui, self._screen, self._scale = ui, screen, time_scale
        self._looks = [self.look()]

    @property
    def looks(self) -> tuple[Look, ...]:
        return tuple(self._looks)

    @property
    def reply(self) -> str:
        return self._looks[-1].text

    def look(self) -> Look:
        began_ns = time.monotonic_ns()
        text = self._ui.text(self._screen.reply) or ""
        return Look(began_ns, time.monotonic_ns(), text)

    def until(self, done: Callable[[], bool], within_s: float) -> bool:
        """Look until `done`, or until the reply has come and stays; False when neither was within host time."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            self._looks.append(self.look())
            if done() or self._settled():
                return True
            time.sleep(PAUSE_S / self._scale)
        return False

    def _settled(self) -> bool:
        last = self._looks[-1]
        changed = [index for index, look in enumerate(self._looks) if look.text != last.text]
        if not changed or not last.text:
            return False
        same = self._looks[changed[-1] + 1 :]
        quiet_s = (last.began_ns - same[0].ended_ns) / 1e9 * self._scale
        return len(same) > SETTLED_LOOKS and quiet_s >= SETTLED_S
