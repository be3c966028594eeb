"""Dialogs: what they say, and their buttons (appium-uiautomator2-server, AlertHelpers.java)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from framework.virtual.ui.automation.client import Automation
from framework.virtual.ui.automation.errors import AutomationError
from framework.virtual.ui.tree import Node

_TITLE: Final = re.compile(r".+:id/(alertTitle|custom)")
_BUTTON: Final = re.compile(r"android:id/button\d+")
_PERMISSION_TITLE: Final = re.compile(r".+:id/permission_message")
_PERMISSION_BUTTON: Final = re.compile(r".+:id/permission_\w+_button")
_ALLOW: Final = re.compile(r".*[^a-z]allow[^a-z].*", re.IGNORECASE)
_DENY: Final = re.compile(r".*[^a-z]deny[^a-z].*", re.IGNORECASE)

Action = Literal["accept", "dismiss"]


def text(on: Automation) -> str:
    """All that the dialog says beside its buttons, a line each; an AutomationError "no such alert" without one."""
    button = _PERMISSION_BUTTON if _is_permission(on) else _BUTTON
    named = [node for node in on.screen.tree().walk() if node.resource_id]
    said = [node.said for node in named if not button.fullmatch(node.resource_id)]
    return "\n".join(line for line in said if line.strip())


async def answer(on: Automation, action: Action, label: str | None = None) -> str:
    """Tap the button that accepts or dismisses, or the one with that label; the label of the one that was tapped."""
    permission = _is_permission(on)
    buttons = _all(on, _PERMISSION_BUTTON if permission else _BUTTON)
    if label is not None:
        wanted: Sequence[Node] = [button for button in buttons if button.text == label]
    elif permission:
        wanted = _of_permission(buttons, action)
    else:
        numbered = sorted(buttons, key=lambda node: node.resource_id)
        wanted = (numbered[1:2] if action == "dismiss" else []) or numbered[:1]
    if not wanted:
        raise AutomationError("invalid element state", "The expected button cannot be detected on the alert")
    await on.device.touch.press(wanted[0].bounds.center)
    return wanted[0].text


def _is_permission(on: Automation) -> bool:
    """Which kind of dialog there is; an AutomationError "no such alert" when none is."""
    if _all(on, _TITLE):
        return False
    if _all(on, _PERMISSION_TITLE):
        return True
    raise AutomationError("no such alert", "No alert is present on the screen")


def _of_permission(buttons: Sequence[Node], action: Action) -> Sequence[Node]:
    pattern, otherwise = (_ALLOW, buttons[1:2]) if action == "accept" else (_DENY, buttons[:1])
    if len(buttons) == 1:
        return buttons
    return [button for button in buttons if pattern.fullmatch(button.resource_id)] or otherwise


def _all(on: Automation, pattern: re.Pattern[str]) -> list[Node]:
    return [node for node in on.screen.tree().walk() if pattern.fullmatch(node.resource_id)]
