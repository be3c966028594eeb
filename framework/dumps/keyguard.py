"""`dumpsys window policy` (or all of `dumpsys window`): the lock screen, as AOSP's PhoneWindowManager tells it.

Until Android 5 `mShowingLockscreen=`; from Android 6 on the block of KeyguardServiceDelegate (`showing=`, `secure=`),
which some versions print twice: the first counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError

KIND = "keyguard"

_FIELD = re.compile(r"(?<![\w.])(?P<key>showing|secure|mShowingLockscreen|isStatusBarKeyguard)=(?P<value>true|false)\b")
_POLICY = "WINDOW MANAGER POLICY STATE"


@dataclass(frozen=True, slots=True)
class KeyguardDump:
    """`showing`: the lock screen is up; `secure`: a PIN, pattern or password opens it. None: not printed."""

    showing: bool | None
    secure: bool | None


def parse(text: str) -> KeyguardDump:
    """DumpError for a text without the policy's section."""
    _, heading, policy = text.partition(_POLICY)
    if not heading:
        raise DumpError(KIND, 1, f"a section `{_POLICY}`")
    fields: dict[str, bool] = {}
    for match in _FIELD.finditer(policy):
        fields.setdefault(match["key"], match["value"] == "true")
    showing = next((fields[key] for key in ("showing", "mShowingLockscreen") if key in fields), None)
    return KeyguardDump(showing, fields.get("secure"))
