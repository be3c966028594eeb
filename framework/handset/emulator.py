"""Android emulators of this machine: found where SDKs lie, started on demand, gone with us however we end.

Each has an adb server of ours, on a port of its own, and listens where no other adb server looks for emulators: it
makes itself known to the server that ANDROID_ADB_SERVER_PORT names (AOSP external/qemu, AdbHostListener).
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import IO

from framework.contract.errors import HandsetError, UsageError
from framework.handset.adb_server import server_address, state
from framework.handset.android import read_android
from framework.handset.loopback import LOOPBACK
from framework.handset.own_server import own_server
from framework.handset.plugged import running_avd
from framework.handset.server import ServerConnection
from framework.handset.shell import HandsetShell
from framework.handset.states import ONLINE
from framework.tools import supervisor

Tell = Callable[[str], None]

PORTS = range(5586, 5682, 2)
"""Of the console; adbd has the next one. `emulator -port` takes 5554 to 5682, and adb servers look up to 5585."""
OPTIONS = ("-no-window", "-no-audio", "-no-boot-anim", "-no-snapshot-save")
TELL_EVERY_S = 10.0
_POLL_S = 0.25
_ANSWER_S = 5.0
_LIST_S = 30.0
_GRACE_S = 10.0
_SDK_VARIABLES = ("ANDROID_HOME", "ANDROID_SDK_ROOT")
_STUDIO = ("~/Android/Sdk", "~/Library/Android/sdk")
"""Where Android Studio puts its SDK."""
_NAME = "emulator"
_NO_EMULATOR = (
    "install it with Android Studio or `sdkmanager emulator`, and set ANDROID_HOME to the SDK's folder, or start the "
    "AVD elsewhere and list it as kind usb"
)
_MENDS: tuple[tuple[str, str], ...] = (
    ("multiple emulators with the same AVD", "it runs where our adb server does not see it: end it there"),
    ("requires hardware acceleration", "let this user into the group kvm, or turn virtualisation on in the firmware"),
    ("KVM", "let this user into the group kvm, or turn virtualisation on in the firmware"),
    ("system path", "its system image is not there: install it with `sdkmanager`, or make the AVD anew"),
    ("disk space", "make room on the disk that holds the AVDs"),
)
"""What a dying emulator says → what to do."""
_TELLING = re.compile(r"ERROR|FATAL|PANIC", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AvdAddress:
    """Where an emulator is known: its serial at an adb server (None: the local one), and whether that one is ours."""

    serial: str
    adb_server: str | None
    ours: bool


@dataclass(frozen=True)
class _Run:
    """An emulator that we have started."""

    process: subprocess.Popen[bytes]
    address: AvdAddress
    output: IO[bytes]


class Emulators:
    """The emulators that somebody needs: `start` does not wait, `address` does; `close` ends those that are ours."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._stack = ExitStack()
        self._starting = threading.Lock()
        self._server: str | None = None
        self._known: dict[str, AvdAddress | _Run | HandsetError] = {}

    def start(self, name: str, avd: str) -> None:
        """Begin to start the AVD, or find the emulator that runs it already; what fails is told by `address`."""
        with self._starting:
            if avd not in self._known:
                try:
                    self._known[avd] = self._running(avd) or self._started(name, avd)
                except HandsetError as error:
                    self._known[avd] = error
                except UsageError as error:  # of the environment: where its adb server is
                    self._known[avd] = HandsetError(name, str(error))

    def address(self, name: str, avd: str, within_s: float) -> AvdAddress:
        """Returns when Android is up there; HandsetError with the mend when it is not within host time."""
        self.start(name, avd)
        known = self._known[avd]
        if isinstance(known, HandsetError):
            raise known
        run = known if isinstance(known, _Run) else None
        address = known.address if isinstance(known, _Run) else known
        began = told = time.monotonic()
        while (what := _not_up(name, address)) is not None:
            if run is not None and run.process.poll() is not None:
                raise _ended(name, avd, run.output)
            now = time.monotonic()
            if now - began > within_s:
                mend = f"give it more time with boot_within_s, or see what `emulator -avd {avd}` shows"
                raise HandsetError(name, f"the AVD {avd} has not booted within {within_s:g} s: {what}", mend)
            if now - told >= TELL_EVERY_S:
                told = now
                self._tell(f"{name}: the AVD {avd} boots, {now - began:.0f} s of at most {within_s:g} s: {what}")
            time.sleep(_POLL_S)
        return address

    def close(self) -> None:
        self._known.clear()
        self._stack.close()

    def _running(self, avd: str) -> AvdAddress | None:
        serial = running_avd(None, avd)
        return AvdAddress(serial, None, ours=False) if serial is not None else None

    def _started(self, name: str, avd: str) -> _Run:
        program = check_installed(name, avd)
        if self._server is None:
            self._server = self._stack.enter_context(own_server(usb=False))
        port = _free_port(name)
        output = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        environment = {key: value for key, value in os.environ.items() if key != "ADB_SERVER_SOCKET"}
        environment["ANDROID_ADB_SERVER_PORT"] = str(server_address(self._server)[1])
        command = [str(program), "-avd", avd, "-port", str(port), *OPTIONS]
        process = supervisor.spawn(command, grace_s=_GRACE_S, output=output, env=environment)
        self._stack.callback(supervisor.stop, process)
        self._tell(f"{name}: starting the AVD {avd}")
        return _Run(process, AvdAddress(f"emulator-{port}", self._server, ours=True), output)


def find_emulator(name: str) -> Path:
    """The emulator of the SDK that the environment names, of the PATH, or where Android Studio puts one.

    HandsetError where there is none.
    """
    found = next((path for folder in _folders() if (path := shutil.which(_NAME, path=folder))), None)
    if found is None:
        where = f"neither in ANDROID_HOME, ANDROID_SDK_ROOT and PATH nor in {' or '.join(_STUDIO)}"
        raise HandsetError(name, f"there is no Android emulator on this machine, {where}", _NO_EMULATOR)
    return Path(found)


def avds(name: str, program: Path) -> tuple[str, ...]:
    """What `emulator -list-avds` prints; HandsetError where it does not run."""
    try:
        done = subprocess.run(
            [program, "-list-avds"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LIST_S,
            check=True,
            text=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise HandsetError(name, f"{program} does not list its AVDs: {error}", "run `emulator -list-avds`") from error
    lines = (line.strip() for line in done.stdout.splitlines())
    return tuple(line for line in lines if line and "|" not in line)  # with a bar in them: INFO | …, of its log


def check_installed(name: str, avd: str) -> Path:
    """The program that can run an AVD; HandsetError with the mend where the emulator or the AVD is not there."""
    program = find_emulator(name)
    known = avds(name, program)
    if avd in known:
        return program
    near = get_close_matches(avd, known, n=1)
    there = f"there are {', '.join(known)}" if known else "this user has none"
    mend = f"did you mean {near[0]}?" if near else f"`avdmanager create avd -n {avd} -k IMAGE` makes one"
    raise HandsetError(name, f"there is no AVD {avd}; {there}", mend)


def _folders() -> Iterator[str]:
    yield from (str(Path(sdk) / "emulator") for each in _SDK_VARIABLES if (sdk := os.environ.get(each)))
    yield from filter(None, os.environ.get("PATH", "").split(os.pathsep))
    yield from (str(Path(sdk).expanduser() / "emulator") for sdk in _STUDIO)


def _free_port(name: str) -> int:
    first = os.getpid() % len(PORTS)  # so that two runs that begin at once do not want the same
    rotated: list[int] = [*PORTS[first:], *PORTS[:first]]
    for port in rotated:
        if _is_free(port) and _is_free(port + 1):
            return port
    raise HandsetError(name, f"the ports of emulators, {PORTS[0]} to {PORTS[-1] + 1}, are all taken", "end some")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _not_up(name: str, address: AvdAddress) -> str | None:
    """What keeps it from being of use, None when it is."""
    try:
        said = state(address.adb_server, address.serial)
        if said != ONLINE:
            return f"adb calls it {said}" if said else "adb does not see it yet"
        with closing(ServerConnection(name, address.serial, address.adb_server, _ANSWER_S)) as connection:
            android = read_android(HandsetShell(name, connection))
    except HandsetError as error:
        return error.what
    return None if android.state == "up" else str(android)


def _ended(name: str, avd: str, output: IO[bytes]) -> HandsetError:
    """In the emulator's own words."""
    output.seek(0)
    lines = [line.strip() for line in output.read().decode("utf-8", "replace").splitlines() if line.strip()]
    telling = [line for line in lines if _TELLING.search(line)] or lines[-1:]
    why = "; ".join(telling[:3]) or "it says nothing"
    mend = next((mend for words, mend in _MENDS if words in why), f"see what `emulator -avd {avd}` says")
    return HandsetError(name, f"the emulator of the AVD {avd} ended: {why}", mend)
