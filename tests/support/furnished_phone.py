"""A phone whose settings, screen and lock are files, in front of a real mksh, toybox and grep."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framework.handset import lease, preparation
from framework.handset.lease import HandsetLease
from framework.handset.preparation import Pin
from framework.handset.shell import HandsetShell

DEADLINE_S = 20.0
FOUND = {
    "system screen_brightness": "1638",
    "system screen_brightness_mode": "1",
    "system screen_off_timeout": "60000",
    "system accelerometer_rotation": "1",
    "system font_scale": "1.0",
    "global animator_duration_scale": "1.0",
    "global stay_on_while_plugged_in": "0",
    "global transition_animation_scale": "0.5",
    "global window_animation_scale": "0",
    "global zen_mode": "0",
    "global low_power": "0",
}

SETTINGS = """
D=$STATE/settings
case $1 in
  list) cd $D && for file in $2.*; do echo "${file#$2.}=$(cat $file)"; done ;;
  put)
    if [ -e $STATE/refused.$3 ]; then cat $STATE/refused.$3 >&2; exit 255; fi
    [ -e $STATE/deaf.$3 ] || echo "$4" >$D/$2.$3 ;;
  delete) rm -f $D/$2.$3; echo "Deleted 1 rows" ;;
esac
"""
CMD = """
[ "$1 $2" = "notification set_dnd" ] || exit 20
case $3 in off) mode=0 ;; priority) mode=1 ;; none) mode=2 ;; alarms) mode=3 ;; esac
echo $mode >$STATE/settings/global.zen_mode
"""
INPUT = """
[ -e $STATE/numb ] && { echo "java.lang.SecurityException: Injecting requires INJECT_EVENTS permission" >&2; exit 255; }
echo "$*" >>$STATE/pressed
case "$1 $2" in
  "keyevent 224") echo Awake >$STATE/wakefulness ;;
  "keyevent 223") echo Asleep >$STATE/wakefulness ;;
  "keyevent 66") [ "$(cat $STATE/typed)" = "$(cat $STATE/pin)" ] && rm $STATE/locked ;;
  text*) echo "$2" >$STATE/typed ;;
esac
exit 0
"""
WM = "[ -e $STATE/pin ] || rm -f $STATE/locked"
DUMPSYS = """
locked=false; [ -e $STATE/locked ] && locked=true
secure=false; [ -e $STATE/pin ] && secure=true
case $1 in
  power) echo "  mWakefulness=$(cat $STATE/wakefulness)" ;;
  window) printf '%s\\n' "    KeyguardServiceDelegate" "      showing=$locked" "      showingAndNotOccluded=true" \\
    "      secure=$secure" "        mIsShowing=$locked" ;;
esac
"""


@dataclass(frozen=True)
class Life:
    """What the phone is like, and a lease on it."""

    phone: Any
    shell: HandsetShell

    @property
    def root(self) -> Path:
        root: Path = self.phone.root
        return root

    @property
    def settings(self) -> dict[str, str]:
        files = sorted((self.root / "settings").iterdir())
        return {file.name.replace(".", " ", 1): file.read_text().strip() for file in files}

    @property
    def awake(self) -> bool:
        return (self.root / "wakefulness").read_text() == "Awake\n"

    @property
    def locked(self) -> bool:
        return (self.root / "locked").exists()

    @property
    def left(self) -> list[str]:
        """The notes about what is to be given back."""
        return sorted(path.name for path in (self.phone.tmp / "pocketfarm").glob("found*"))

    def be(self, name: str, text: str = "") -> None:
        (self.root / name).write_text(f"{text}\n")

    @contextmanager
    def prepared(self, pin: Pin | None = None) -> Iterator[HandsetLease]:
        with self.take(pin) as held:
            yield held

    def take(self, pin: Pin | None = None) -> HandsetLease:
        return lease.take(
            "phone",
            self.shell,
            "me",
            "x",
            timeout_s=DEADLINE_S,
            heartbeat_s=30,
            time_scale=1,
            prepare=lambda ask: preparation.prepare("phone", ask, pin),
        )


def furnish(phone: Any) -> None:
    """The commands that preparation uses; awake and unlocked, with the settings of FOUND."""
    toybox = shutil.which("toybox")
    for name in ("sed", "grep"):
        phone.command(name, f'exec {toybox} {name} "$@"')
    for name, script in (("settings", SETTINGS), ("cmd", CMD), ("input", INPUT), ("wm", WM), ("dumpsys", DUMPSYS)):
        phone.command(name, script)
    (phone.root / "settings").mkdir()
    for name, value in FOUND.items():
        (phone.root / "settings" / name.replace(" ", ".", 1)).write_text(f"{value}\n")
    (phone.root / "wakefulness").write_text("Awake\n")
