"""`dumpsys input_method` (AOSP 13: InputMethodManagerService.java, InputMethodService.java)."""

from __future__ import annotations

from framework.virtual.android import input_methods
from framework.virtual.android.binder import Call
from framework.virtual.android.tokens import token


async def dump(call: Call) -> int:
    device = call.device
    shown, current = _flag(device.keyboard.shown), input_methods.current(device)
    focused = device.windows.focused
    service = (current or "").partition("/")[2].removeprefix(".") or "null"
    lines = ["Current Input Method Manager state:", "  Input Methods: mMethodMapUpdateCount=2"]
    for number, method in enumerate(input_methods.all_methods(device)):
        lines += [f"  InputMethod #{number}:", f"    mId={method} mSettingsActivityName=null"]
    lines += [
        "  Clients:",
        f"  mCurMethodId={current}",
        f"  mCurClient=ClientState{{{token('client', focused.package if focused else '')} mUid=0 mPid=0 "
        "mSelfReportedDisplayId=0} mCurSeq=1",
        f"  mFocusedWindowPerceptible={{}} mImeFocusedWindow={device.windows.text(focused)}",
        f"  mCurId={current} mHaveConnection=true mBoundToMethod=true mVisibleBound={shown}",
        f"  mShowRequested={shown} mShowExplicitlyRequested=false mShowForced=false mInputShown={shown}",
        f"  mSystemReady=true mInteractive={_flag(device.power.awake)}",
        "  mSettingsObserver=null",
        "",
        f"Input method service state for {service}@{token('ime', current)}:",
        "  mViewsCreated=true",
        f"  mDecorViewVisible={shown} mDecorViewWasVisible={shown} mInShowWindow=false",
        f"  mInputStarted={_flag(device.screen.focus is not None)} mInputViewStarted={shown}",
        f"  mShowInputRequested={shown} mLastShowInputRequested={shown} mShowInputFlags=0x0",
        f"  mIsFullscreen=false mFullscreenApplied=false mIsInputViewShown={shown} mStatusIcon=0",
    ]
    await call.out("\n".join(lines) + "\n")
    return 0


def _flag(value: bool) -> str:
    return str(value).lower()
