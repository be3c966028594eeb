"""The lock screen of `dumpsys window`."""

from __future__ import annotations

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.keyguard import KeyguardDump, parse

HEAD = "WINDOW MANAGER POLICY STATE (dumpsys window policy)\n"
MODERN = """    mSystemReady=true mSystemBooted=true
    KeyguardServiceDelegate
      showing=true
      inputRestricted=false
      occluded=false
      secure=true
      dreaming=false
"""


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (MODERN, KeyguardDump(showing=True, secure=True)),
        ("    mShowingLockscreen=false mShowingDream=false\n", KeyguardDump(showing=False, secure=None)),
        ("    showing=false\n    secure=false\n    showing=true\n", KeyguardDump(showing=False, secure=False)),
        ("    mKeyguard.showing=true reallyinsecure=true\n", KeyguardDump(showing=None, secure=None)),
    ],
)
def test_versions(policy: str, expected: KeyguardDump) -> None:
    """The block of the delegate, the field before it; the first of two; nothing that merely ends so."""
    assert parse("WINDOW MANAGER DISPLAY CONTENTS\n  secure=true\n" + HEAD + policy) == expected


def test_a_dump_of_something_else() -> None:
    """DumpError."""
    with pytest.raises(DumpError, match="WINDOW MANAGER POLICY STATE"):
        parse("secure=true\n")
