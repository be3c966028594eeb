"""The checks of this machine, in the order in which they are told."""

from __future__ import annotations

from framework.doctor.finding import Check, Opinion, fault, ok, warning
from framework.doctor.machine import Machine
from framework.tools.node import MEND as NODE_MEND

OLDEST_PYTHON = (3, 11)
FULL_GB, TIGHT_GB = 1.0, 5.0
"""Recordings of a suite take some 100 MB, weights that are fetched some GB."""
PORTS_NEEDED = 10
_GB = 1e9


def python(machine: Machine) -> Opinion | None:
    major, minor = (int(part) for part in machine.python.split(".")[:2])
    told = f"Python {machine.python} on {machine.system}"
    if (major, minor) < OLDEST_PYTHON:
        return fault(told, "install Python 3.11 or later")
    if machine.system != "Linux":
        return warning(told, "the farm is tested on Linux; virtual handsets and leases need it")
    return ok(told)


def packages(machine: Machine) -> Opinion | None:
    if not machine.packages:
        return warning("the farm is not installed, only importable", "pip install -e . -c constraints.txt")
    wrong = [
        f"{package.needed} (is {package.installed or 'not installed'})"
        for package in machine.packages
        if not package.fits
    ]
    if wrong:
        return fault(f"packages that do not fit: {', '.join(wrong)}", "pip install -e . -c constraints.txt")
    other = [
        f"{package.name} {package.installed} (tested: {package.tested})"
        for package in machine.packages
        if package.tested is not None and package.installed != package.tested
    ]
    if other:
        mend = "pip install -e . -c constraints.txt brings the tested ones"
        return warning(f"packages of other versions than tested: {', '.join(other)}", mend)
    return ok(f"{len(machine.packages)} packages, all as tested")


def adb(machine: Machine) -> Opinion | None:
    working = [each for each in machine.adbs if each.protocol is not None]
    told = ", ".join(f"{each.path} ({each.release or f'1.0.{each.protocol}'})" for each in working)
    broken = [each.path for each in machine.adbs if each.protocol is None]
    if not working:
        mend = "pip install adbutils brings one; handsets of kind tcp and virtual ones need none"
        return warning("no adb runs here", mend)
    if broken:
        return warning(f"adb that does not run: {', '.join(broken)}; that does: {told}", "take it off the PATH")
    return ok(f"adb: {told}")


def adb_server(machine: Machine) -> Opinion | None:
    """Two servers on one USB bus take handsets from each other; the farm never starts or kills one at this address."""
    server = machine.server
    running = ", ".join(f"{path} (process {pid})" for path, pid in server.programs)
    if server.taken:
        what = f"{server.address} is taken by something that is no adb server"
        return fault(what, f"end what listens there (`ss -ltnp`), or set ADB_SERVER_SOCKET{_told(running)}")
    if server.protocol is None:
        return ok(
            f"no adb server at {server.address}; handsets of kind usb need one: `adb start-server`{_told(running)}"
        )
    return ok(f"adb server at {server.address}, protocol {server.protocol}, not started by the farm{_told(running)}")


def adb_servers(machine: Machine) -> Opinion | None:
    """An adb of the PATH that does not fit the running server kills it: whoever calls it takes the run's handsets."""
    protocol = machine.server.protocol
    others = [each for each in machine.adbs if each.protocol not in (None, protocol)]
    if protocol is not None and others:
        paths = ", ".join(f"{each.path} (protocol {each.protocol})" for each in others)
        what = f"adb of another protocol than the running server's {protocol}: {paths}"
        return warning(what, "a call of it kills the server in the middle of a run: keep one adb on this machine")
    if len(machine.server.programs) > 1:
        running = ", ".join(f"{path} (process {pid})" for path, pid in machine.server.programs)
        return warning(
            f"{len(machine.server.programs)} adb servers run: {running}", "they fight for handsets on USB: keep one"
        )
    return None


def node(machine: Machine) -> Opinion | None:
    """Only for handsets whose screen is driven by an Appium server of ours."""
    appium = machine.appium
    if appium.node is None:
        told = appium.complaint.partition(":")[0] or "no Node.js that Appium runs on"
        return fault(told, NODE_MEND) if machine.phones else ok(f"{told}; these handsets need none")
    if not appium.npm and appium.appium is None:
        told = f"Node.js {appium.node} without npm"
        return fault(told, NODE_MEND) if machine.phones else ok(f"{told}; these handsets need none")
    return ok(f"Node.js {appium.node}{' with npm' if appium.npm else ''}, as Appium needs it")


def appium(machine: Machine) -> Opinion | None:
    found = machine.appium
    if found.appium and found.driver:
        return ok(f"Appium {found.appium} with the UiAutomator2 driver {found.driver} in {found.folder}")
    if found.appium:
        return fault(f"Appium {found.appium} without its driver in {found.folder}", "take that folder away")
    when = "the next run with --appium auto installs it (130 MB, by npm)"
    return warning("Appium is not installed yet", when) if machine.phones else ok(f"Appium is not installed; {when}")


def reports(machine: Machine) -> Opinion | None:
    """Allure's HTML only: our own pages need nothing."""
    if machine.reports is None:
        return None
    if machine.reports.made_by:
        return ok(f"HTML reports are made by {machine.reports.made_by}")
    told = machine.reports.complaint.partition(": install")[0]
    return warning(f"`farm report` leaves Allure's HTML out: {told}", NODE_MEND)


def ports(machine: Machine) -> Opinion | None:
    told = f"{machine.free_ports} of the ports 8200-8299 are free for Appium's handsets"
    if machine.free_ports < PORTS_NEEDED:
        return (fault if machine.phones else warning)(told, "end what listens there (`ss -ltnp`)")
    return ok(told)


def usb(machine: Machine) -> Opinion | None:
    """Permissions of handsets on USB (udev)."""
    devices = machine.usb or ()
    refused = [f"{each.maker} {each.product} ({each.node})" for each in devices if each.debugging and not each.allowed]
    if refused:
        mend = (
            "install udev rules (Debian: android-sdk-platform-tools-common), add yourself to the group plugdev, "
            "plug it in again"
        )
        return fault(f"this user may not open {', '.join(refused)}", mend)
    silent = [f"{each.maker} {each.product}".strip() for each in devices if not each.debugging]
    if silent:
        return warning(f"on USB without USB debugging: {', '.join(silent)}", "switch it on in the developer options")
    if machine.usb is None:
        return ok("no USB here")
    return ok(f"{len(devices)} handset{'' if len(devices) == 1 else 's'} on USB")


def room(machine: Machine) -> Opinion | None:
    if not machine.rooms:
        return None
    least = min(machine.rooms, key=lambda each: each.free_bytes)
    told = f"{least.free_bytes / _GB:.1f} GB free for {least.purpose} ({least.folder})"
    if least.free_bytes < FULL_GB * _GB:
        return fault(told, "make room there")
    if least.free_bytes < TIGHT_GB * _GB:
        return warning(told, "make room there: weights and recordings take some GB")
    return ok(told)


def inventory(machine: Machine) -> Opinion | None:
    if machine.inventory_faults:
        more = f" (and {len(machine.inventory_faults) - 1} more)" if len(machine.inventory_faults) > 1 else ""
        return fault(f"{machine.inventory_faults[0]}{more}", "`farm check` names every fault of the file")
    return ok(machine.inventory)


def _told(running: str) -> str:
    return f"; running: {running}" if running else ""


MACHINE: tuple[Check[Machine], ...] = (
    Check("python", python),
    Check("packages", packages),
    Check("devices_yaml", inventory),
    Check("adb", adb),
    Check("adb_server", adb_server),
    Check("adb_versions", adb_servers),
    Check("usb", usb),
    Check("node", node),
    Check("appium", appium),
    Check("reports", reports),
    Check("ports", ports),
    Check("disk", room),
)
