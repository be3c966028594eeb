"""What an adb server has: who each handset is, asked in parallel, none of them for longer than a deadline."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from framework.contract.errors import HandsetError
from framework.dumps import getprop
from framework.dumps.errors import DumpError
from framework.handset.adb_server import ANSWER_S, SeenHandset, seen_handsets, server_address
from framework.handset.loopback import LOOPBACK
from framework.handset.server import ServerConnection
from framework.handset.shell import HandsetShell
from framework.handset.states import ONLINE

AT_ONCE = 16
_CONSOLE_S = 2.0
_EMULATOR = "emulator-"
_AVD_PROPERTIES = ("ro.boot.qemu.avd_name", "ro.kernel.qemu.avd_name")
_TOKEN = ".emulator_console_auth_token"  # noqa: S105  # the name of a file


@dataclass(frozen=True, slots=True)
class Plugged:
    """A handset of an adb server; what it cannot be asked is empty.

    `hardware` is its own serial number, which one that is connected twice says twice; `avd` the name of an emulator's
    AVD.
    """

    serial: str
    state: str
    manufacturer: str = ""
    model: str = ""
    hardware: str = ""
    avd: str = ""


def plugged_in(address: str | None, *, timeout_s: float = ANSWER_S) -> tuple[Plugged, ...]:
    """All of one server, in its order; HandsetError when no server answers."""
    seen = seen_handsets(address, timeout_s=timeout_s)
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return tuple(pool.map(lambda each: _asked(address, each, timeout_s), seen))


def running_avd(address: str | None, avd: str) -> str | None:
    """The serial of the emulator that runs an AVD; None where no server answers or none of its emulators does."""
    try:
        seen = [each for each in seen_handsets(address) if each.serial.startswith(_EMULATOR)]
    except HandsetError:
        return None
    found = (each.serial for each in seen if _asked(address, each, ANSWER_S).avd == avd)
    return next(found, None)


def _asked(address: str | None, seen: SeenHandset, timeout_s: float) -> Plugged:
    told = _properties(address, seen.serial, timeout_s) if seen.state == ONLINE else {}
    return Plugged(
        seen.serial,
        seen.state,
        manufacturer=told.get("ro.product.manufacturer", ""),
        model=told.get("ro.product.marketname") or told.get("ro.product.model", ""),
        hardware=told.get("ro.serialno", ""),
        avd=_avd(address, seen.serial, told),
    )


def _properties(address: str | None, serial: str, timeout_s: float) -> Mapping[str, str]:
    """None of a handset that does not answer in time."""
    try:
        with closing(ServerConnection(serial, serial, address, timeout_s)) as connection:
            printed = HandsetShell(serial, connection).run("getprop", timeout_s=timeout_s).text
        return getprop.parse(printed).values
    except (HandsetError, DumpError):
        return {}


def _avd(address: str | None, serial: str, properties: Mapping[str, str]) -> str:
    """As its system says it, else its console, which older systems leave the word to."""
    said = next((properties[name] for name in _AVD_PROPERTIES if properties.get(name)), "")
    port = serial.removeprefix(_EMULATOR)
    if said or not serial.startswith(_EMULATOR) or not port.isdecimal() or server_address(address)[0] != LOOPBACK:
        return said
    try:
        return _console_avd(int(port))
    except OSError:
        return ""


def _console_avd(port: int) -> str:
    """What an emulator's console answers to `avd name` (developer.android.com/studio/run/emulator-console).

    Each answer ends with a line OK, or KO with the reason; a console that wants to know who we are gets its token.
    """
    with (
        socket.create_connection((LOOPBACK, port), _CONSOLE_S) as connected,
        connected.makefile("rw", encoding="utf-8", errors="replace", newline="\r\n") as console,
    ):

        def answer() -> list[str]:
            lines: list[str] = []
            while (line := console.readline()) and not line.startswith(("OK", "KO")):
                lines.append(line.strip())
            return lines if line.startswith("OK") else []

        answer()
        for command in (*_authentication(), "avd name"):
            console.write(f"{command}\r\n")
            console.flush()
            said = answer()
    return said[0] if said else ""


def _authentication() -> tuple[str, ...]:
    try:
        return (f"auth {(Path.home() / _TOKEN).read_text(encoding='utf-8').strip()}",)
    except OSError:
        return ()
