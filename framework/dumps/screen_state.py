"""Whether the screen is on and the keyguard shows: `dumpsys power` and `dumpsys window policy`, or lines of them.

AOSP PowerManagerService.java (`mWakefulness`), KeyguardServiceDelegate.java (`showing`, `secure`), KeyguardStateMonitor
(`mIsShowing`); until Android 8 PhoneWindowManager.java (`mShowingLockscreen`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last

KIND = "screen_state"

_AWAKE = re.compile(r"^\s*mWakefulness=(\w+)", re.MULTILINE)
_SHOWING = re.compile(
    r"(?:^\s*showing|\bmIsShowing|\bmShowingLockscreen|\bisStatusBarKeyguard)=(true|false)", re.MULTILINE
)
_SECURE = re.compile(r"^\s*secure=(true|false)", re.MULTILINE)

NEEDLES = ("mWakefulness=", "showing=", "secure=", "mIsShowing=", "mShowingLockscreen=", "isStatusBarKeyguard=")
"""What the lines contain that are read here: enough of the dumps for `grep`."""


@dataclass(frozen=True, slots=True)
class ScreenState:
    """`locked`: the keyguard shows, None where the handset does not tell; `secure`: it asks for a PIN or the like."""

    awake: bool
    locked: bool | None
    secure: bool


def parse(text: str) -> ScreenState:
    """DumpError where no wakefulness is told."""
    wakefulness = _AWAKE.search(text)
    if wakefulness is None:
        raise DumpError(KIND, after_last(text), "a line `mWakefulness=…`")
    showing = _SHOWING.findall(text)
    secure = _SECURE.search(text)
    return ScreenState(
        awake=wakefulness[1] == "Awake",
        locked="true" in showing if showing else None,
        secure=secure is not None and secure[1] == "true",
    )
