"""The pinned Appium and its UiAutomator2 driver, brought by npm into the cache folder, once for all runs.

Image comparison, which is optional, is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from framework.contract.errors import UsageError
from framework.tools import npm
from framework.tools.alone import Tell
from framework.tools.node import Node, find_node
from framework.tools.npm import INSTALL_S, Pinned, package_version

PINNED: Final = Pinned("Appium", Path(__file__).parent, 130, "POCKETFARM_APPIUM_HOME")
"""Its environment variable names an APPIUM_HOME with Appium 3 and its driver under node_modules, in place of ours."""
APPIUM, DRIVER = "appium", "appium-uiautomator2-driver"
MAJOR: Final = 3
"""Of Appium: another one speaks otherwise to its clients and drivers."""
DRIVER_MAJOR: Final = 8


@dataclass(frozen=True, slots=True)
class Installation:
    """`folder` is its APPIUM_HOME; the versions are those of its packages."""

    folder: Path
    node: Node
    appium: str
    driver: str

    @property
    def command(self) -> tuple[str, ...]:
        """Runs `appium`; its arguments follow."""
        return _command(self.node, self.folder)


def obtain(tell: Tell = lambda _: None, timeout_s: float = INSTALL_S) -> Installation:
    """The installation to use, which is made where there is none yet; UsageError with the mend where it cannot be.

    It is complete once Appium itself has found its driver there.
    """
    given, node = PINNED.given, find_node("Appium")
    if given is not None:
        return _checked(given, node, PINNED.variable)

    def lists_its_driver(folder: Path) -> tuple[str, ...]:
        _checked(folder, node, str(folder))
        return (*_command(node, folder), "driver", "list", "--installed")

    folder = npm.install(PINNED, node, lists_its_driver, tell, timeout_s)
    return _checked(folder, node, str(folder))


def _command(node: Node, folder: Path) -> tuple[str, ...]:
    return str(node.program), str(folder / "node_modules" / APPIUM / "index.js")


def _checked(folder: Path, node: Node, origin: str) -> Installation:
    appium, driver = package_version(folder, APPIUM), package_version(folder, DRIVER)
    if appium is None or driver is None:
        absent, version = (APPIUM, MAJOR) if appium is None else (DRIVER, DRIVER_MAJOR)
        raise UsageError(f"{origin}: {folder} has no {absent} under node_modules: npm install {absent}@{version} there")
    if int(appium.partition(".")[0]) != MAJOR:
        raise UsageError(f"{origin}: {folder} has Appium {appium}, and the farm needs Appium {MAJOR}")
    return Installation(folder, node, appium, driver)
