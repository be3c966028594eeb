"""`mobile: scroll`: a list is scrolled until a view is shown (appium-uiautomator2-server, ScrollTo.java)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from framework.virtual.ui.automation import find
from framework.virtual.ui.automation.arguments import argument
from framework.virtual.ui.automation.client import Automation
from framework.virtual.ui.automation.errors import AutomationError
from framework.virtual.ui.tree import Node


async def scroll_to(on: Automation, container: Node | None, wanted: Mapping[str, Any]) -> None:
    """In `container`, or the first list, until what `strategy` and `selector` name shows, in `maxSwipes` at most."""
    strategy, selector = argument(wanted, "strategy", str), argument(wanted, "selector", str)
    if strategy not in _SELECTORS:
        raise AutomationError("invalid argument", f"unsupported strategy {strategy!r}: {', '.join(_SELECTORS)}")
    number = _place(on, container) if container is not None else 0
    listed = f"new UiScrollable(new UiSelector().scrollable(true).instance({number}))"
    swipes = f".setMaxSearchSwipes({int(wanted['maxSwipes'])})" if wanted.get("maxSwipes") else ""
    target = _SELECTORS[strategy](selector)
    await find.find_one(on, find.UI_AUTOMATOR, f"{listed}{swipes}.scrollIntoView({target})")


def _place(on: Automation, container: Node) -> int:
    """Which of the views that scroll it is."""
    lists = [node.key for node in on.screen.tree().walk() if node.scrollable]
    if container.key not in lists:
        raise AutomationError("invalid argument", "the origin must be a view that scrolls")
    return lists.index(container.key)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_SELECTORS: Mapping[str, Callable[[str], str]] = {
    "accessibility id": lambda text: f"new UiSelector().description({_quoted(text)})",
    "class name": lambda text: f"new UiSelector().className({_quoted(text)})",
    "-android uiautomator": lambda text: text,
}
