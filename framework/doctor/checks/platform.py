"""Which Android it is, whether it is up, whose it is, and what it takes the time for."""

from __future__ import annotations

import re

from framework.doctor.answers import Answers
from framework.doctor.finding import Opinion, fault, ok, warning

OLDEST_SDK = 26
"""Android 8: Appium's UiAutomator2 driver goes no further back."""
THERMAL_SDK = 29
"""Android 10 brought `dumpsys thermalservice`."""

SKEW_S = 5.0
"""Beyond this, log times and the host's are hard to read side by side."""


def boot(answers: Answers) -> Opinion | None:
    if not answers.properties:
        return fault("it does not tell its properties", "wait until it has booted, then ask again")
    if answers.property("sys.boot_completed", "dev.bootcomplete") != "1":
        return fault("it is still booting", "wait until it has booted; a PIN at boot must be typed in by hand")
    return None


def services(answers: Answers) -> Opinion | None:
    """Of system_server: a handset whose package manager is dead still has a shell."""
    missing = re.findall(r"Service (\w+): not found", answers.text("services"))
    if not missing:
        return None
    return fault(f"Android is not up: no service {', '.join(missing)}", "wait while it starts; else restart it")


def android(answers: Answers) -> Opinion | None:
    sdk, release = answers.property("ro.build.version.sdk"), answers.property("ro.build.version.release")
    if not sdk.isdecimal():
        return None
    told = f"Android {release} (SDK {sdk})"
    if int(sdk) < OLDEST_SDK:
        return fault(told, f"the farm needs Android 8 (SDK {OLDEST_SDK}) or later")
    if int(sdk) < THERMAL_SDK:
        return warning(f"{told}: no thermal service, so that heat is not measured", "take Android 10 or later for heat")
    return ok(told)


def emulated(answers: Answers) -> Opinion | None:
    if answers.property("ro.pocketfarm.emulated") == "1":
        return ok("a virtual handset: it proves the farm, never a phone")
    if answers.property("ro.boot.qemu", "ro.kernel.qemu") == "1":
        return ok("an Android emulator: what it measures is the host's")
    return None


def root(answers: Answers) -> Opinion | None:
    build = answers.property("ro.build.type")
    if answers.text("id") == "0":
        return warning("its shell is root", "`adb unroot`: what works as root may fail on other handsets")
    if answers.text("su"):
        return warning(f"it is rooted ({answers.text('su')})", "compare it with no handset that is not")
    if build and build != "user":
        return warning(f"a {build} build", "measure on a user build: checks of debug builds cost speed")
    return ok("not rooted") if answers.text("id") else None


def clock(answers: Answers) -> Opinion | None:
    """Not of an emulated handset whose time runs faster than the host's."""
    answer, said = answers.given.get("date"), answers.text("date")
    try:
        device_s = float(said)
    except ValueError:
        return None
    if answer is None or not answer.asked_wall_s or answers.text("speed") not in ("", "1", "1.0"):
        return None
    skew_s = device_s - (answer.asked_wall_s + answer.seconds / 2)
    if abs(skew_s) > SKEW_S + answer.seconds / 2:
        way = "ahead of" if skew_s > 0 else "behind"
        return warning(f"its clock is {_span(abs(skew_s))} {way} this machine's", "set it by the network (auto_time)")
    return ok("its clock agrees with this machine's")


def _span(seconds: float) -> str:
    """In the unit that people would take."""
    for unit, size in (("days", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
