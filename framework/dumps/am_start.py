"""What `am start -W` prints (AOSP ActivityManagerShellCommand.runStartActivity)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STATUS = re.compile(r"^Status: (?P<status>\S+)", re.MULTILINE)
_ERROR = re.compile(r"^(?:Error: |java\.lang\.|Exception |android\.util\.AndroidException)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class StartOutcome:
    """`error` is the first line that tells a refusal, empty if there is none; `status` is ok or timeout, or empty.

    "Warning: Activity not started, intent has been delivered to …" is no refusal: the running instance got the intent.
    """

    error: str
    status: str


def parse(text: str) -> StartOutcome:
    status = _STATUS.search(text)
    error = next((line.strip() for line in text.splitlines() if _ERROR.match(line)), "")
    return StartOutcome(error, status["status"] if status else "")
