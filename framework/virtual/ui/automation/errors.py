"""What a command can fail with, in the words and status codes of the W3C WebDriver recommendation, section 6.6."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable

STATUS = {
    "element not interactable": 400,
    "invalid argument": 400,
    "invalid element state": 400,
    "invalid selector": 400,
    "invalid session id": 404,
    "move target out of bounds": 500,
    "no such alert": 404,
    "no such element": 404,
    "session not created": 500,
    "stale element reference": 404,
    "timeout": 500,
    "unable to capture screen": 500,
    "unknown command": 404,
    "unknown error": 500,
    "unknown method": 405,
    "unsupported operation": 500,
}


class AutomationError(Exception):
    """A command that failed; `error` is one of the names in `STATUS`, which the UiAutomator2 server uses too."""

    def __init__(self, error: str, message: str) -> None:
        self.error, self.message = error, message
        super().__init__(f"{error}: {message}")

    @property
    def status(self) -> int:
        return STATUS[self.error]

    @property
    def value(self) -> dict[str, str]:
        """The `value` of the response's body."""
        return {"error": self.error, "message": self.message, "stacktrace": ""}


async def outcome(work: Awaitable[object]) -> tuple[int, object]:
    """What a command ends with, as both fronts answer it: the HTTP status, and the `value` of the body."""
    try:
        return 200, await work
    except AutomationError as error:
        return error.status, error.value
    except Exception as error:
        return 500, {"error": "unknown error", "message": repr(error), "stacktrace": traceback.format_exc()}
