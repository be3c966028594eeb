"""The clipboard as Appium carries it: a text in UTF-8, as base64."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from framework.virtual.ui.automation.errors import AutomationError

if TYPE_CHECKING:
    from framework.virtual.android.clipboard import Clipboard


def read(clipboard: Clipboard, package: str) -> str:
    """Empty without a text, and where that package may not read it."""
    return base64.b64encode((clipboard.get(package) or "").encode()).decode("ascii")


def write(clipboard: Clipboard, content: str) -> None:
    """An AutomationError "invalid argument" for what is no text in base64."""
    try:
        text = base64.b64decode(content).decode()
    except ValueError:
        raise AutomationError("invalid argument", "content must be a text in base64") from None
    clipboard.put(text)
