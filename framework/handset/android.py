"""Whether Android is up: a handset that starts, or whose system_server has died, still has a shell."""

from __future__ import annotations

import time

from framework.contract.errors import HandsetError
from framework.contract.vitals import AndroidState
from framework.handset.shell import HandsetShell

SERVICES = ("activity", "package", "window")
"""Of system_server, without which nothing can be installed, started or shown."""

SCRIPT = f"""read -r boot </proc/sys/kernel/random/boot_id
echo "$boot"
echo "completed $(getprop sys.boot_completed)"
echo "server $(pidof system_server)"
for name in {" ".join(SERVICES)}; do service check $name; done"""
"""Asks whether Android is up; `read_state` reads what it prints."""

_POLL_S = 0.25
_LOOK = "look at its screen, and restart it"
_NOT_FOUND = "Can't find service"


def read_android(shell: HandsetShell) -> AndroidState:
    """One short script; HandsetError when the handset does not answer."""
    return read_state(shell.script(SCRIPT).text)


def read_state(printed: str) -> AndroidState:
    """What `SCRIPT` printed."""
    lines = printed.splitlines()
    told = dict(line.partition(" ")[::2] for line in lines[1:3])
    missing = tuple(name for name in SERVICES if f"Service {name}: not found" in lines)
    return AndroidState(lines[0] if lines else "", told.get("server", ""), told.get("completed") == "1", missing)


def await_android(handset: str, shell: HandsetShell, within_s: float) -> AndroidState:
    """Returns as soon as Android is up; HandsetError when it is not within host time."""
    ends = time.monotonic() + within_s
    while (state := read_android(shell)).state != "up":
        if time.monotonic() > ends:
            raise HandsetError(handset, f"{state}, for {within_s:g} s", _LOOK)
        time.sleep(_POLL_S)
    return state


def await_restart(handset: str, shell: HandsetShell, boot_id: str, within_s: float) -> AndroidState:
    """Returns as soon as Android is up in another boot than that; HandsetError when it is not within host time."""
    ends = time.monotonic() + within_s
    while True:
        try:
            state = read_android(shell)
            if state.boot_id != boot_id and state.state == "up":
                return state
            why = str(state) if state.boot_id != boot_id else "it did not go down"
        except HandsetError as error:
            why = error.what
        if time.monotonic() > ends:
            raise HandsetError(handset, f"it was restarted and is not up after {within_s:g} s: {why}", _LOOK)
        time.sleep(_POLL_S)


def not_up(handset: str, printed: str) -> HandsetError | None:
    """What a command of a service printed when that service is not there, in the lab's words."""
    line = next((line.strip() for line in printed.splitlines() if _NOT_FOUND in line), None)
    if line is None:
        return None
    return HandsetError(handset, f"Android is not up: {line}", "it is starting, or its system_server died: wait for it")
