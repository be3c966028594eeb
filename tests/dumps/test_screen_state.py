from __future__ import annotations

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.screen_state import ScreenState, parse

DELEGATE = """
    KeyguardServiceDelegate
      showing={showing}
      showingAndNotOccluded=true
      inputRestricted=false
      secure={secure}
      screenState=SCREEN_STATE_ON
      KeyguardStateMonitor
        mIsShowing={showing}
        mSimSecure=false
"""
OLD = "    mShowingLockscreen={showing} mShowingDream=false mDreamingLockscreen=false\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  mWakefulness=Awake\n" + DELEGATE.format(showing="false", secure="false"), ScreenState(True, False, False)),
        ("  mWakefulness=Awake\n" + DELEGATE.format(showing="true", secure="true"), ScreenState(True, True, True)),
        ("  mWakefulness=Dozing\n" + DELEGATE.format(showing="true", secure="false"), ScreenState(False, True, False)),
        ("  mWakefulness=Asleep\r\n" + OLD.format(showing="true"), ScreenState(False, True, False)),
        ("  mWakefulnessChanging=false\n  mWakefulness=Awake\n", ScreenState(True, None, False)),
    ],
)
def test_what_power_and_window_manager_tell(text: str, expected: ScreenState) -> None:
    """Of Android 14's delegate, of Android 8's policy, and where nothing is said about the keyguard."""
    assert parse(text) == expected


def test_without_a_wakefulness_it_is_no_such_dump() -> None:
    """A handset that does not tell whether it is awake is told apart from one that sleeps."""
    with pytest.raises(DumpError, match="screen_state: line 3: expected a line `mWakefulness=…`"):
        parse("POWER MANAGER\nmStayOn=true\n")
