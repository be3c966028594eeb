"""The states of a handset, in adb's words, and what to do about each."""

from __future__ import annotations

import re

from framework.contract.errors import HandsetError
from framework.dumps.adb_devices import STATES

ONLINE = "device"
ABSENT = "absent"
_UDEV = (
    "this user may not open the USB device: add a udev rule for it (package android-sdk-platform-tools-common) or join "
    "its group (plugdev), log in again, and plug it in again"
)
_ACCEPT = (
    "unlock the handset and accept this computer's key; where it asks nothing: Developer options, Revoke USB debugging "
    "authorizations, and plug it in again"
)
_MENDS: tuple[tuple[str, str], ...] = (
    ("unauthorized", _ACCEPT),
    ("authorizing", f"it checks this computer's key; if that lasts, {_ACCEPT}"),
    ("failed to authenticate", _ACCEPT),
    ("failed to connect", "is it on, in this network, and does its adbd listen there (`adb tcpip 5555` over USB)?"),
    ("still connecting", "try again in a moment; if that lasts, plug it in again"),
    ("connecting", "try again in a moment; if that lasts, plug it in again"),
    ("no permissions", _UDEV),
    ("insufficient permissions", _UDEV),
    ("offline", "plug it in again, or `adb reconnect offline`; on the network, `adb disconnect` and `adb connect` it"),
    ("recovery", "it shows its recovery: choose “Reboot system now” there, or `adb reboot`"),
    ("sideload", "it waits for an update: finish `adb sideload`, or `adb reboot`"),
    ("rescue", "its system does not boot and it waits for rescue: `adb reboot`; if it comes back so, flash it anew"),
    ("bootloader", "it shows its bootloader: `fastboot reboot`"),
    ("detached", "the adb server has let go of it for another program: `adb attach`"),
    ("host", "it is a computer in host mode, not a handset: take its line out of devices.yaml"),
    ("not found", "is it plugged in? `adb devices` lists what the server knows; on the network, `adb connect` it"),
)
"""What an adb server says of a handset that it cannot serve (AOSP transport.cpp, connection_state_name) → the mend."""
_TOLD = re.compile(
    rf"(?:^|\bstate '?|\bdevice (?:still )?)({'|'.join(state for state in STATES if state != ONLINE)})\b"
)
_IN_OTHER_WORDS: tuple[tuple[str, str], ...] = (
    ("insufficient permissions", "no permissions"),
    ("failed to authenticate", "unauthorized"),
    ("' not found", ABSENT),
)


def mend_for(what: str) -> str:
    """What to do about a handset of which `what` is said; empty where nothing is known to help."""
    return next((mend for words, mend in _MENDS if re.search(rf"\b{words}\b", what)), "")


def state_of(said: str) -> str:
    """The state in what follows a serial, where a reason or details may come after it."""
    return next((known for known in STATES if re.match(rf"{known}(\s|;|$)", said)), said.split(";")[0].strip())


def said_by_server(handset: str, what: str) -> HandsetError:
    """What an adb server says of a handset that it cannot serve, as an error with the state and the mend."""
    return HandsetError(handset, what, mend_for(what), state_in(what))


def state_in(what: str) -> str | None:
    """The state that words of an adb server are about, such as `offline` or ABSENT; None for other words."""
    found = _TOLD.search(what)
    if found is not None:
        return found[1]
    return next((state for words, state in _IN_OTHER_WORDS if words in what), None)
