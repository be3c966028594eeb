"""What this machine has: facts for the checks in `machine_checks.py`, each found out without changing anything."""

from __future__ import annotations

import platform
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from framework.contract.errors import HandsetError, UsageError
from framework.doctor.usb import UsbDevice, usb_devices
from framework.handset.adb_binary import Adb, programs
from framework.handset.adb_server import server_address, server_version
from framework.handset.appium.install import APPIUM, DRIVER, PINNED
from framework.tools.cache import cache_folder
from framework.tools.node import find_node
from framework.tools.npm import package_version

DISTRIBUTION = "pocketfarm"
APPIUM_PORTS = range(8200, 8300)
"""The driver forwards the server on each handset to one of these (appium-uiautomator2-driver, systemPort)."""

SERVER_S = 5.0
"""An adb server answers at once, also while it is busy with handsets."""
_ANSWER_S = 10.0


@dataclass(frozen=True, slots=True)
class Package:
    """A library that the farm needs: `needed` as pip writes it, `tested` the version of constraints.txt."""

    name: str
    needed: str
    installed: str | None
    fits: bool
    tested: str | None


@dataclass(frozen=True, slots=True)
class AdbServer:
    """The adb server at the address that adb itself would take; `protocol` is None where none answers.

    `taken`: something listens there, but it is no adb server. `programs` are the adb servers of this machine, as far
    as its user may see them: path of the program and process id.
    """

    address: str
    protocol: int | None
    taken: bool
    programs: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Appium:
    """`node` and `driver` are versions; `complaint` is why there is no Node.js that does."""

    node: str | None
    npm: bool
    appium: str | None
    driver: str | None
    folder: str
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class Reports:
    """What makes Allure's HTML of runs here; empty: nothing, and `complaint` says why."""

    made_by: str
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """Free bytes where the farm writes."""

    folder: str
    purpose: str
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Machine:
    """`phones`: the farm has handsets that need an Appium server of ours; `inventory` says what devices.yaml holds."""

    system: str
    python: str
    packages: tuple[Package, ...]
    adbs: tuple[Adb, ...]
    server: AdbServer
    appium: Appium
    phones: bool
    free_ports: int
    rooms: tuple[Room, ...]
    usb: tuple[UsbDevice, ...] | None
    inventory: str
    inventory_faults: tuple[str, ...]
    reports: Reports | None = None
    """None: not looked for."""


def look(inventory: str, faults: Sequence[str], phones: bool, reports: Reports | None = None) -> Machine:
    """All facts; what cannot be found out is left open."""
    return Machine(
        system=platform.system(),
        python=platform.python_version(),
        packages=tuple(_packages()),
        adbs=tuple(programs()),
        server=_adb_server(),
        appium=_appium(),
        phones=phones,
        free_ports=sum(map(_is_free, APPIUM_PORTS)),
        rooms=tuple(_rooms()),
        usb=usb_devices(),
        inventory=inventory,
        inventory_faults=tuple(faults),
        reports=reports,
    )


def _packages() -> Iterator[Package]:
    from packaging.requirements import Requirement

    tested = _constraints()
    try:
        needed = [Requirement(line) for line in requires(DISTRIBUTION) or ()]
    except PackageNotFoundError:
        return
    for requirement in needed:
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            installed = version(requirement.name)
        except PackageNotFoundError:
            installed = None
        fits = installed is not None and requirement.specifier.contains(installed, prereleases=True)
        yield Package(requirement.name, str(requirement), installed, fits, tested.get(_plain(requirement.name)))


def _constraints() -> dict[str, str]:
    """Of a checkout; an installed farm has none."""
    file = Path(__file__).parents[2] / "constraints.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    pins = (line.partition("==") for line in lines)
    return {_plain(name): pinned.strip() for name, equals, pinned in pins if equals}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def _adb_server() -> AdbServer:
    host, port = server_address(None)
    protocol, taken = None, False
    try:
        protocol = server_version(None, timeout_s=SERVER_S)
    except HandsetError:
        taken = _listens(host, port)
    return AdbServer(f"{host}:{port}", protocol, taken, tuple(_adb_processes()))


def _adb_processes() -> Iterator[tuple[str, int]]:
    """Adb servers that take handsets on USB; those of the farm's runs leave them to others."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        except OSError:  # it has just ended
            continue
        if Path(words[0]).name == "adb" and {"fork-server", "server"} & set(words) and not _without_usb(folder):
            yield _program(folder, words[0]), int(folder.name)


def _without_usb(folder: Path) -> bool:
    """As ADB_USB=0 asks for (AOSP adb's client/main.cpp)."""
    try:
        return b"ADB_USB=0" in (folder / "environ").read_bytes().split(b"\0")
    except OSError:  # another user's
        return False


def _program(folder: Path, called: str) -> str:
    try:
        return str((folder / "exe").readlink())
    except OSError:  # another user's
        return called


def _appium() -> Appium:
    folder = PINNED.given or PINNED.home
    versions = package_version(folder, APPIUM), package_version(folder, DRIVER)
    try:
        node = find_node("Appium")
    except UsageError as error:
        return Appium(None, False, *versions, str(folder), str(error))
    return Appium(node.version, bool(node.npm), *versions, str(folder))


def _rooms() -> Iterator[Room]:
    for purpose, folder in (("reports", Path.cwd()), ("cache", cache_folder()), ("temporary files", _temporary())):
        place = next(path for path in (folder, *folder.parents) if path.exists())
        yield Room(str(folder), purpose, shutil.disk_usage(place).free)


def _temporary() -> Path:
    return Path(tempfile.gettempdir())


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), _ANSWER_S).close()
    except OSError:
        return False
    return True
