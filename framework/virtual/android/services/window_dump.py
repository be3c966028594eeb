"""`dumpsys window` (AOSP 13: WindowManagerService, DisplayContent, WindowState, PhoneWindowManager .java).

All of it is computed from the one state that the screen is drawn from.
"""

from __future__ import annotations

from framework.virtual.android.binder import Call
from framework.virtual.android.services.activity_tasks import activity_text
from framework.virtual.android.tokens import token
from framework.virtual.ui.tree import BASELINE_DPI, Window

_TYPES = {
    "NotificationShade": "NOTIFICATION_SHADE",
    "StatusBar": "STATUS_BAR",
    "NavigationBar0": "NAVIGATION_BAR",
    "InputMethod": "INPUT_METHOD",
}


async def dump(call: Call) -> int:
    words = [word for word in call.words if not word.startswith("-")]
    sections = {"policy": _policy, "displays": _displays, "d": _displays, "windows": _windows, "w": _windows}
    sections |= {"p": _policy, "visible": _windows, "all": _windows}
    wanted = words[:1] or ["policy", "displays", "windows"]
    if wanted[0] not in sections:
        found = [window for window in call.device.windows.layers if wanted[0] in call.device.windows.text(window)]
        lines = [line for number, window in enumerate(found) for line in _window(call, number, window)]
        await call.out("\n".join(lines or [f"Bad window command, or no windows match: {wanted[0]}"]) + "\n")
        return 0
    lines = [line for name in wanted for line in sections[name](call)]
    await call.out("\n".join(lines) + "\n")
    return 0


def _policy(call: Call) -> list[str]:
    device, keyguard = call.device, call.device.keyguard
    awake, on = _flag(device.power.awake), "ON" if device.power.awake else "OFF"
    showing, secure = _flag(keyguard.showing), _flag(keyguard.secure)
    return [
        "WINDOW MANAGER POLICY STATE (dumpsys window policy)",
        "    mSafeMode=false mSystemReady=true mSystemBooted=true",
        "    mCameraLensCoverState=CAMERA_LENS_COVER_ABSENT",
        f"    mAwake={awake} mScreenOnEarly={awake} mScreenOnFully={awake}",
        f"    mShowingLockscreen={showing} mShowingDream=false mDreamingLockscreen={showing}",
        "    mKeyguardOccluded=false mKeyguardOccludedChanged=false mPendingKeyguardOccluded=false",
        "    KeyguardServiceDelegate",
        f"      showing={showing}",
        f"      inputRestricted={showing}",
        "      occluded=false",
        f"      secure={secure}",
        "      dreaming=false",
        "      systemIsReady=true",
        "      deviceHasKeyguard=true",
        "      enabled=true",
        "      offReason=OFF_BECAUSE_OF_USER",
        "      currentUser=-10000",
        "      bootCompleted=true",
        f"      screenState=SCREEN_STATE_{on}",
        f"      interactiveState=INTERACTIVE_STATE_{'AWAKE' if device.power.awake else 'SLEEP'}",
        "      KeyguardStateMonitor",
        f"        mIsShowing={showing}",
        "        mSimSecure=false",
        f"        mInputRestricted={showing}",
        "        mCurrentUserId=0",
        "",
    ]


def _displays(call: Call) -> list[str]:
    device = call.device
    config, shown = device.display, device.screen.display
    width, height = config.panel.width, config.panel.height
    size, current = f"{width}x{height}", f"{shown.width}x{shown.height}"
    base = f" base={config.size[0]}x{config.size[1]} {config.density}dpi"
    forced = config.size != (width, height) or config.density != config.panel.density
    app = device.activities.focused
    focused = device.windows.focused
    return [
        "WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)",
        f"  Display: mDisplayId={device.posture.current.display if device.profile.foldable else 0} (organized)",
        f"    init={size} {config.panel.density}dpi{base if forced else ''} cur={current} app={current}"
        f" rng={min(shown.width, shown.height)}x{min(shown.width, shown.height)}"
        f"-{max(shown.width, shown.height)}x{max(shown.width, shown.height)}",
        "    deferred=false mLayoutNeeded=false",
        "",
        "  DisplayRotation",
        f"    mCurrentAppOrientation=SCREEN_ORIENTATION_UNSPECIFIED mRotation={shown.rotation}",
        f"    mUserRotationMode=USER_ROTATION_{_rotation_mode(call)}"
        f" mUserRotation=ROTATION_{90 * int(device.settings.get('system', 'user_rotation') or 0)}",
        "",
        f"  mCurrentFocus={device.windows.text(focused)}",
        f"  mFocusedApp={activity_text(app) if app else 'null'}",
        f"  mTopFullscreenOpaqueWindowState={device.windows.text(_opaque(call))}",
        "",
        "  KeyguardController:",
        f"    mKeyguardShowing={_flag(device.keyguard.showing)}",
        f"    mAodShowing={_flag(False)}",
        f"    mKeyguardGoingAway={_flag(False)}",
        "",
    ]


def _windows(call: Call) -> list[str]:
    device = call.device
    lines = ["WINDOW MANAGER WINDOWS (dumpsys window windows)"]
    for number, window in enumerate(reversed(device.windows.layers)):
        lines += _window(call, number, window)
    shown, focused = device.screen.display, device.windows.focused
    dp = (round(side * BASELINE_DPI / shown.density) for side in (shown.width, shown.height))
    wide, tall = dp
    lines += [
        "",
        f"  mGlobalConfiguration={{{device.settings.get('system', 'font_scale')} ?mcc0mnc [en_US] ldltr "
        f"sw{min(wide, tall)}dp w{wide}dp h{tall}dp {shown.density}dpi nrml long "
        f"{'land' if shown.width > shown.height else 'port'} finger -keyb/v/h -nav/h "
        f"winConfig={{ mBounds=Rect(0, 0 - {shown.width}, {shown.height}) "
        f"mDisplayRotation=ROTATION_{shown.rotation * 90}}}}}",
        "  mHasPermanentDpad=false",
        "  mTopFocusedDisplayId=0",
        f"  imeLayeringTarget in display# 0 {device.windows.text(focused)}",
        "  mInTouchMode=true",
        f"  mLastDisplayFreezeDuration=0 due to {device.windows.text(focused)}",
        f"  mDisplayFrozen={_flag(False)} windows=0 client=false apps=0",
    ]
    return lines


def _window(call: Call, number: int, window: Window) -> list[str]:
    device = call.device
    record = next((each for each in device.activities.stack if each.window is window), None)
    package = device.packages.get(window.package)
    uid = record.process.uid if record else (package.uid if package else 1000)
    root = window.build(device.screen.display).bounds
    kind = "BASE_APPLICATION" if record else _TYPES.get(window.title, "SYSTEM_ALERT")
    lines = [
        f"  Window #{number} {device.windows.text(window)}:",
        f"    mDisplayId=0 rootTaskId={record.task if record else 1} mSession=Session{{{token('session', uid)} "
        f"{record.process.pid if record else 0}:u0a{uid}}} mClient=android.os.BinderProxy@{token('client', number)}",
        f"    mOwnerUid={uid} showForAllUsers={_flag(record is None)} package={window.package} appop=NONE",
        f"    mAttrs={{(0,0)(fillxfill) sim={{adjust=resize}} ty={kind} "
        f"fmt={'TRANSLUCENT' if window.translucent or record is None else 'OPAQUE'}}}",
        f"    Requested w={root.width} h={root.height} mLayoutSeq={window.revision}",
        "    mHasSurface=true isReadyForDisplay()=true mWindowRemovalAllowed=false",
    ]
    lines.append(f"    mViewVisibility=0x0 mHaveFrame=true mObscured={_flag(False)}")
    if record is not None:
        lines.append(f"    mActivityRecord={activity_text(record)}")
    return [
        *lines,
        f"    Frames: parent={root} display={root} frame={root} last={root}",
        "    isOnScreen=true",
        "    isVisible=true",
    ]


def _opaque(call: Call) -> Window | None:
    visible = call.device.windows.visible_activities
    return visible[-1].window if visible else None


def _rotation_mode(call: Call) -> str:
    return "FREE" if call.device.settings.get("system", "accelerometer_rotation") == "1" else "LOCKED"


def _flag(value: bool) -> str:
    return str(value).lower()
