"""Apps as a test moves them: to the front, into the background, away; and the state that they are in."""

from __future__ import annotations

import asyncio
from enum import IntEnum

from framework.formats.apk import LAUNCHER, MAIN
from framework.virtual.apps.base import Intent
from framework.virtual.system.users import SHELL
from framework.virtual.ui.automation.client import Automation
from framework.virtual.ui.automation.errors import AutomationError


class AppState(IntEnum):
    """Of Appium's `mobile: queryAppState`."""

    NOT_INSTALLED = 0
    NOT_RUNNING = 1
    IN_BACKGROUND = 3
    IN_FRONT = 4


def state(on: Automation, package: str) -> AppState:
    """A dialog that an app has asked for does not send it to the background."""
    activities = on.device.activities
    if on.device.packages.get(package) is None:
        return AppState.NOT_INSTALLED
    if activities.running(package) is None:
        return AppState.NOT_RUNNING
    visible = on.device.windows.visible_activities
    seen = any(record.package.name == package for record in visible)
    return AppState.IN_FRONT if seen else AppState.IN_BACKGROUND


async def activate(on: Automation, package: str) -> None:
    """Bring an app to the front, starting it where it does not run; an AutomationError for one that cannot be."""
    intent = Intent(MAIN, package, categories=frozenset((LAUNCHER,)))
    launch = on.device.activities.start(intent, uid=SHELL)
    if launch.record is None:
        raise AutomationError("unknown error", f"cannot activate {package}: {launch.result.name}")
    await asyncio.shield(launch.record.drawn)


def terminate(on: Automation, package: str) -> bool:
    """End an app; whether it ran."""
    return on.device.activities.force_stop(package)


async def background(on: Automation, seconds: float) -> None:
    """Home, and after that time of the handset back to what was in front; for good where `seconds` is negative."""
    front = on.device.activities.focused
    on.device.activities.home()
    if seconds < 0:
        return
    await on.device.clock.sleep(int(seconds * 1e9))
    if front is not None:
        on.device.activities.start(Intent(MAIN, component=front.component), uid=SHELL)
