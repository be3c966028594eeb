"""`dumpsys display` (AOSP DisplayManagerService.java, LogicalDisplay.java): panels and which of them is lit."""

from __future__ import annotations

from framework.virtual.android.binder import Call
from framework.virtual.profiles.record import Display


async def dump(call: Call) -> int:
    displays = call.device.profile.displays
    lines = [
        "DISPLAY MANAGER (dumpsys display)",
        "  mSafeMode=false",
        f"  mViewports=[{', '.join(_viewport(call, each) for each in displays)}]",
        f"  mStableDisplaySize=Point({displays[0].width}, {displays[0].height})",
        "",
        f"Display States: size={len(displays)}",
    ]
    for display in displays:
        lit = _state(call, display) == "ON"
        light = f"{call.device.backlight.share:.7g}" if lit else "-1.0"  # PowerManager.BRIGHTNESS_OFF_FLOAT
        lines += [f"  Display Id={display.id}", f"  Display State={_state(call, display)}"]
        lines += [f"  Display Brightness={light}", f"  Display SdrBrightness={light}"]
    lines += ["", f"Logical Displays: size={len(displays)}"]
    for display in displays:
        lines += _logical(call, display)
    await call.out("\n".join(lines) + "\n")
    return 0


def _state(call: Call, display: Display) -> str:
    lit = call.device.power.awake and call.device.posture.current.display == display.id
    return "ON" if lit else "OFF"


def _viewport(call: Call, display: Display) -> str:
    active = str(_state(call, display) == "ON").lower()
    frame = f"Rect(0, 0 - {display.width}, {display.height})"
    shown, lit = call.device.screen.display, call.device.posture.current.display == display.id
    logical = f"Rect(0, 0 - {shown.width}, {shown.height})" if lit else frame
    return (
        f"DisplayViewport{{type=INTERNAL, valid=true, isActive={active}, displayId={display.id}, "
        f"uniqueId='local:{display.port}', physicalPort={display.port}, orientation={shown.rotation if lit else 0}, "
        f"logicalFrame={logical}, "
        f"physicalFrame={frame}, deviceWidth={display.width}, deviceHeight={display.height}}}"
    )


def _info(call: Call, display: Display, width: int, height: int, density: int, rotation: int) -> str:
    """DisplayInfo.toString()"""
    longer, shorter = max(width, height), min(width, height)
    return (
        f'DisplayInfo{{"{display.name}", displayId {display.id}, real {width} x {height}, '
        f"largest app {longer} x {longer}, smallest app {shorter} x {shorter}, "
        f"mode 1, renderFrameRate {display.refresh_hz}, rotation {rotation}, state {_state(call, display)}, "
        f'type INTERNAL, uniqueId "local:{display.port}", app {width} x {height}, '
        f"density {density} ({display.density}.0 x {display.density}.0) dpi}}"
    )


def _logical(call: Call, display: Display) -> list[str]:
    """As the panel is, and as the window manager has it: turned, or of a size that was forced on it."""
    base = _info(call, display, display.width, display.height, display.density, 0)
    shown, lit = call.device.screen.display, call.device.posture.current.display == display.id
    override = _info(call, display, shown.width, shown.height, shown.density, shown.rotation) if lit else base
    return [
        f"  Display {display.id}:",
        f"    mDisplayId={display.id}",
        f"    mPrimaryDisplayDevice={display.name}",
        f"    mBaseDisplayInfo={base}",
        f"    mOverrideDisplayInfo={override}",
    ]
