"""What the doctor asks a handset, and what `--record` asks beyond it: everything that the farm reads.

Nothing here changes the handset: the one installation that is asked for is of a file that is not there, and the one
key that is pressed, KEYCODE_UNKNOWN, has no meaning and does not wake it.
"""

from __future__ import annotations

from dataclasses import dataclass

from framework.deploy.receipt import RECEIPT
from framework.handset import holder, marks
from framework.handset.android import SERVICES
from framework.handset.preparation.given_back import FOUND
from framework.handset.preparation.prepare import SCREEN
from framework.handset.preparation.table import TABLE
from framework.trace.probes import PROBES

SETTINGS = "settings"
HOST_SIDE = ("features", "adb_devices", "pin")
"""Not asked of the handset: what its adbd, the adb server and devices.yaml say of it."""

_KEYS = (
    "global/adb_enabled",
    "global/airplane_mode_on",
    "global/development_settings_enabled",
    "global/device_name",
    "global/verifier_verify_adb_installs",
    "global/wifi_on",
    "secure/android_id",
    "secure/bluetooth_name",
    "secure/default_input_method",
    *(f"{wanted.where}/{wanted.key}" for wanted in TABLE),
)
_PROBED = "com.android.systemui"
"""An app that every handset runs: what the farm reads of the assistant is recorded of it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A script for the handset's shell; `kind` names the parser of what it prints (`farm parse`).

    `numbers`: what it prints is times and counts, in which a long number is no one's identity.
    """

    name: str
    script: str
    kind: str | None = None
    numbers: bool = False


def _settings() -> str:
    return "\n".join(f'echo "{key}=$(settings get {key.replace("/", " ")})"' for key in _KEYS)


def _probe(name: str, available: str, setup: str, script: str) -> Question:
    """One reading of a probe of the recorder, as its loop takes it; exit status 3 where the handset refuses it."""
    head = f'package={_PROBED}; pid=$(pidof -s "$package"); text='
    lines = (head, f"if ! {{ {available}\n}} 2>/dev/null; then exit 3; fi", setup, script, 'print -r -- "$text"')
    return Question(f"probe_{name}", "\n".join(line for line in lines if line), numbers=True)


DOCTOR: tuple[Question, ...] = (
    Question("getprop", "getprop", "getprop"),
    Question(SETTINGS, _settings()),
    Question("id", "id -u"),
    Question("su", "which su"),
    Question("date", "date +%s.%N", numbers=True),
    Question("speed", "cat /sys/kernel/emulator/speed", numbers=True),
    Question("battery", "dumpsys battery", "battery"),
    Question("thermalservice", "dumpsys thermalservice", "thermalservice"),
    Question("df", "df /data", "df"),
    Question("proc_meminfo", "cat /proc/meminfo", "proc_meminfo"),
    Question("screen", SCREEN, "screen_state"),
    Question("services", "\n".join(f"service check {name}" for name in SERVICES)),
    Question("input", "input keyevent 0 2>&1 || true", "input"),
    Question("holder", holder.ASK),
    Question("marks", f"{marks.LOOK}look", numbers=True),
    Question("left", f"if [ -e {FOUND} ]; then echo left; fi"),
    Question("receipt", f"if [ -e {RECEIPT} ]; then cat {RECEIPT}; fi"),
)
"""What the checks of a handset need."""

_RECORDED: tuple[Question, ...] = (
    Question("boot_id", "cat /proc/sys/kernel/random/boot_id"),
    Question("cpuinfo", "dumpsys cpuinfo", "cpuinfo"),
    Question("device_state", "cmd device_state state", "device_state"),
    Question("device_states", "cmd device_state print-states", "device_state"),
    Question("df_all", "df -h", "df"),
    Question("display", "dumpsys display", "display"),
    Question("epoch", '[ -n "$EPOCHREALTIME" ] && echo "$EPOCHREALTIME"', numbers=True),
    Question("gfxinfo", f"dumpsys gfxinfo {_PROBED} framestats", "gfxinfo", numbers=True),
    Question("install", "pm install -r /data/local/tmp/pocketfarm/there-is-no-such.apk 2>&1 || true", "install"),
    Question("kernel_log", "dmesg", "kernel_log"),
    Question("logcat", "logcat -d -v threadtime -t 500 lmkd:V lowmemorykiller:V AndroidRuntime:V *:S", "logcat"),
    Question("logcat_epoch", "logcat -d -v threadtime -v epoch -v usec -t 50 ActivityManager:V *:S", "logcat"),
    Question("meminfo", f"dumpsys meminfo {_PROBED}", "meminfo"),
    Question("meminfo_system", "dumpsys meminfo", "meminfo"),
    Question("package", "dumpsys package com.android.settings", "dumpsys_package"),
    Question("packages_of_users", "pm list packages -3", "pm_list"),
    Question("packages_of_the_system", "pm list packages -s -f", "pm_list"),
    Question("proc_io", "cat /proc/self/io", "proc_io", numbers=True),
    Question("proc_self_stat", "cat /proc/self/stat", "proc_stat", numbers=True),
    Question("proc_stat", "cat /proc/stat", "proc_stat", numbers=True),
    Question("proc_status", "cat /proc/self/status", "proc_status", numbers=True),
    Question("proc_uptime", "cat /proc/uptime", "uptime", numbers=True),
    Question("power", "dumpsys power"),
    Question("ps", "ps -A", "ps", numbers=True),
    Question("psi_cpu", "cat /proc/pressure/cpu", "psi", numbers=True),
    Question("psi_io", "cat /proc/pressure/io", "psi", numbers=True),
    Question("psi_memory", "cat /proc/pressure/memory", "psi", numbers=True),
    Question("sf_latency", "dumpsys SurfaceFlinger --latency", "sf_latency", numbers=True),
    Question("sf_list", "dumpsys SurfaceFlinger --list"),
    Question("smaps", "cat /proc/self/smaps", "smaps", numbers=True),
    Question("smaps_rollup", "cat /proc/self/smaps_rollup", "smaps", numbers=True),
    Question(
        "thermal_zones",
        "grep . /sys/class/thermal/thermal_zone*/type /sys/class/thermal/thermal_zone*/temp",
        "thermal_zone",
    ),
    Question("top", "top -b -n 1", "top", numbers=True),
    Question("uptime", "uptime", "uptime", numbers=True),
    Question("window_policy", "dumpsys window policy"),
    Question("wm_size", "wm size", "wm_size"),
    *(_probe(probe.name, probe.available, probe.setup, probe.script) for probe in PROBES),
)

ALL: tuple[Question, ...] = (
    *DOCTOR,
    *_RECORDED,
    Question("features", ""),
    Question("adb_devices", "", "adb_devices"),
    Question("pin", ""),
)
"""Every question of a bundle; the last ones are answered on the host's side (HOST_SIDE)."""
