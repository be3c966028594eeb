"""`cmd window` (wm) and `dumpsys window` (AOSP WindowManagerShellCommand.java, DisplayContent.java)."""

from __future__ import annotations

from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch
from framework.virtual.android.services.activity_dump import activity_text
from framework.virtual.android.tokens import token


async def shell(call: Call) -> int:
    return await dispatch(call, (("size", _size), ("density", _density)))


async def _size(call: Call, arguments: Arguments) -> int:
    if not await _only_shown(call, arguments):
        return FAILED
    display = call.device.screen.display
    await call.out(f"Physical size: {display.width}x{display.height}\n")
    return 0


async def _density(call: Call, arguments: Arguments) -> int:
    if not await _only_shown(call, arguments):
        return FAILED
    await call.out(f"Physical density: {call.device.screen.display.density}\n")
    return 0


async def _only_shown(call: Call, arguments: Arguments) -> bool:
    """Sizes can be read and reset to what they are; another size cannot be shown here."""
    word = arguments.argument()
    if word in (None, "reset", "-d"):
        return True
    await call.err(f"Error: this emulated handset cannot change its display to {word}\n")
    return False


async def dump(call: Call) -> int:
    device = call.device
    display, focused = device.screen.display, device.activities.focused
    size = f"{display.width}x{display.height}"
    lines = [
        "WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)",
        f"  Display: mDisplayId={device.posture.current.display if device.profile.foldable else 0}",
        f"    init={size} {display.density}dpi cur={size} app={size}",
        f"  mCurrentFocus={_window_text(call)}",
        f"  mFocusedApp={activity_text(focused) if focused else 'null'}",
        "WINDOW MANAGER POLICY STATE (dumpsys window policy)",
        f"    mAwake={str(device.power.awake).lower()} mScreenOnEarly=true mScreenOnFully=true",
        f"      screenState=SCREEN_STATE_{'ON' if device.power.awake else 'OFF'}",
        "      mShowingLockscreen=false",
        "    mDreamingLockscreen=false",
    ]
    await call.out("\n".join(lines) + "\n")
    return 0


def _window_text(call: Call) -> str:
    """WindowState.toString(): the window's title is the full component."""
    focused = call.device.activities.focused
    if focused is None:
        return "null"
    return f"Window{{{token('window', focused.task)} u0 {focused.component}}}"
