"""What `input` prints: nothing when the event was injected, else a refusal.

On MIUI and HyperOS "USB debugging (Security settings)" must be on; without it InputManagerService throws a
SecurityException, whose words changed with Android 13.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError

KIND = "input"

_THROWN = re.compile(
    r"(?:^|[:\s])(?P<exception>(?:java|javax|android)\.[\w.$]*(?:Exception|Error)): ?(?P<message>[^\r\n]*)"
)
_PERMISSION = re.compile(r"\b(?:android\.permission\.)?(?P<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\s+permission")
_ERROR = re.compile(r"^\s*(?:Error: ?|Usage: ?|Invalid arguments[^\r\n]*: ?)(?P<message>[^\r\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class InputDump:
    """`permission` is the one that was missing, such as INJECT_EVENTS; `exception` the Java class that was thrown."""

    accepted: bool
    exception: str | None
    permission: str | None
    message: str | None


def parse(text: str) -> InputDump:
    """DumpError for a text that is neither silence nor a refusal."""
    if not text.strip():
        return InputDump(accepted=True, exception=None, permission=None, message=None)
    if thrown := _THROWN.search(text):
        permission = _PERMISSION.search(thrown["message"])
        return InputDump(False, thrown["exception"], permission["name"] if permission else None, thrown["message"])
    if error := _ERROR.search(text):
        return InputDump(accepted=False, exception=None, permission=None, message=error[0].strip())
    raise DumpError(KIND, 1, "nothing, an exception, or a line that starts with `Error:`")
