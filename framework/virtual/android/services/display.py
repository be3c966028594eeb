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
        lines += [f"  Display Id={display.id}", f"  Display State={_state(call, display)}"]
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
    return (
        f"DisplayViewport{{type=INTERNAL, valid=true, isActive={active}, displayId={display.id}, "
        f"uniqueId='local:{display.port}', physicalPort={display.port}, orientation=0, logicalFrame={frame}, "
        f"physicalFrame={frame}, deviceWidth={display.width}, deviceHeight={display.height}}}"
    )


def _logical(call: Call, display: Display) -> list[str]:
    info = (
        f'DisplayInfo{{"{display.name}", displayId {display.id}, real {display.width} x {display.height}, '
        f"largest app {display.width} x {display.height}, smallest app {display.width} x {display.height}, "
        f"mode 1, renderFrameRate {display.refresh_hz}, rotation 0, state {_state(call, display)}, type INTERNAL, "
        f'uniqueId "local:{display.port}", density {display.density} ({display.density}.0 x {display.density}.0) dpi}}'
    )
    return [
        f"  Display {display.id}:",
        f"    mDisplayId={display.id}",
        f"    mPrimaryDisplayDevice={display.name}",
        f"    mBaseDisplayInfo={info}",
        f"    mOverrideDisplayInfo={info}",
    ]
