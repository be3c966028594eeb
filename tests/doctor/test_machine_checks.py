"""Judgement of machines that are made up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from framework.doctor.finding import findings
from framework.doctor.machine import AdbServer, Appium, Machine, Package, Reports, Room
from framework.doctor.machine_checks import MACHINE
from framework.doctor.usb import UsbDevice
from framework.handset.adb_binary import Adb

PACKAGE = Package("numpy", "numpy>=2.0", "2.4.6", True, "2.4.6")
SERVER = AdbServer("127.0.0.1:5037", None, False, ())
APPIUM = Appium("20.19.1", True, "3.8.0", "8.7.0", "/cache/appium")
GOOD = Machine(
    system="Linux",
    python="3.12.1",
    packages=(PACKAGE,),
    adbs=(Adb("/usr/bin/adb", 41, "36.0.0"),),
    server=SERVER,
    appium=APPIUM,
    phones=True,
    free_ports=100,
    rooms=(Room("/farm", "reports", 50 * 10**9),),
    usb=(UsbDevice("Xiaomi", "Xiaomi 13", True, "/dev/bus/usb/001/004", True),),
    inventory="devices.yaml lists 2 handsets",
    inventory_faults=(),
    reports=Reports("Allure 3.18.0"),
)


def wrong(machine: Machine) -> dict[str, tuple[str, str]]:
    """Check → level and finding of what is not ok; each has a mend."""
    found = [finding for finding in findings(MACHINE, machine) if finding.level != "ok"]
    assert [finding for finding in found if not finding.mend] == []
    return {finding.check: (finding.level, finding.finding) for finding in found}


def test_a_good_machine() -> None:
    """Nothing to mend."""
    assert wrong(GOOD) == {}


@pytest.mark.parametrize(
    ("changed", "check", "level", "words"),
    [
        ({"python": "3.10.9"}, "python", "fault", "Python 3.10.9"),
        ({"system": "Darwin"}, "python", "warning", "on Darwin"),
        ({"packages": ()}, "packages", "warning", "not installed"),
        ({"packages": (replace(PACKAGE, installed=None, fits=False),)}, "packages", "fault", "(is not installed)"),
        ({"packages": (replace(PACKAGE, installed="1.9", fits=False),)}, "packages", "fault", "numpy>=2.0 (is 1.9)"),
        ({"packages": (replace(PACKAGE, installed="2.5"),)}, "packages", "warning", "numpy 2.5 (tested: 2.4.6)"),
        ({"inventory_faults": ("a.yaml:3: b", "c")}, "devices_yaml", "fault", "a.yaml:3: b (and 1 more)"),
        ({"adbs": ()}, "adb", "warning", "no adb runs here"),
        ({"adbs": (*GOOD.adbs, Adb("/x/adb", None, ""))}, "adb", "warning", "does not run: /x/adb"),
        ({"server": replace(SERVER, taken=True)}, "adb_server", "fault", "no adb server"),
        ({"server": replace(SERVER, protocol=39)}, "adb_versions", "warning", "/usr/bin/adb (protocol 41)"),
        (
            {"server": replace(SERVER, protocol=41, programs=(("/a/adb", 7), ("/b/adb", 8)))},
            "adb_versions",
            "warning",
            "/a/adb (process 7), /b/adb (process 8)",
        ),
        (
            {"usb": (UsbDevice("Xiaomi", "13", True, "/dev/bus/usb/001/004", False),)},
            "usb",
            "fault",
            "may not open Xiaomi 13 (/dev/bus/usb/001/004)",
        ),
        ({"usb": (UsbDevice("OPPO", "", False, "/x", True),)}, "usb", "warning", "without USB debugging: OPPO"),
        (
            {"appium": Appium(None, False, None, None, "/c", "Appium needs Node.js, found none: x")},
            "node",
            "fault",
            "none",
        ),
        ({"reports": Reports("", "Allure 3 needs Node.js, found none: install x")}, "reports", "warning", "found none"),
        ({"appium": Appium("22.12.0", False, None, None, "/c")}, "node", "fault", "without npm"),
        ({"appium": Appium("22.12.0", True, None, None, "/c")}, "appium", "warning", "not installed yet"),
        ({"appium": Appium("22.12.0", True, "3.8.0", None, "/c")}, "appium", "fault", "without its driver"),
        ({"free_ports": 3}, "ports", "fault", "3 of the ports"),
        ({"rooms": (Room("/c", "cache", 10**8), *GOOD.rooms)}, "disk", "fault", "0.1 GB free for cache (/c)"),
        ({"rooms": (Room("/c", "cache", 3 * 10**9),)}, "disk", "warning", "3.0 GB"),
    ],
)
def test_what_is_wrong(changed: dict[str, object], check: str, level: str, words: str) -> None:
    """The check that finds it, how much it hinders, and what it says."""
    found = wrong(replace(GOOD, **changed))  # type: ignore[arg-type]
    assert found[check][0] == level
    assert words in found[check][1]


def test_what_only_phones_need() -> None:
    """Without any, neither Node.js nor Appium hinders."""
    bare = replace(
        GOOD, appium=Appium(None, False, None, None, "/c", "Appium needs Node.js: x"), phones=False, usb=None
    )
    assert wrong(bare) == {}
