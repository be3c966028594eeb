"""What drives the screens of a run's handsets: their own endpoints, Appium servers at URLs, and one of ours.

Ours is started with the run, while pytest collects and handsets start: every repetition takes a screenshot, so that
there is no run that would not need it. All workers use the one of their controller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import FarmError, HandsetError, UsageError
from framework.contract.handsets import AUTO, EMBEDDED, Handset, Inventory
from framework.fleet.inventory import screen_driver
from framework.handset import adb_binary
from framework.handset.appium.install import Installation, obtain
from framework.handset.appium.probe import NoAnswerError, Server, is_on_this_machine, look_at, without_secrets
from framework.handset.appium.server import AppiumServer
from framework.plugin.options import Options

EMBEDDED_SCREEN = "embedded endpoint"
LOG = "appium.log"


@dataclass
class ScreenPlan:
    """`drivers`: name of each handset → AUTO, EMBEDDED or a URL; what is known of their servers."""

    drivers: Mapping[str, str]
    installation: Installation | None = None
    servers: dict[str, Server] = field(default_factory=dict)
    """URL → what answers there."""

    def told(self, handsets: Sequence[Handset]) -> str:
        """What drives the screens of these handsets, in one line."""
        names: dict[str, list[str]] = {}
        for handset in handsets:
            names.setdefault(self.screen(self.drivers[handset.name]), []).append(handset.name)
        if len(names) == 1:
            return next(iter(names))
        return "; ".join(f"{screen} ({', '.join(those)})" for screen, those in names.items())

    def screen(self, driver: str) -> str:
        """As reports tell it."""
        if driver == EMBEDDED:
            return EMBEDDED_SCREEN
        if driver == AUTO and self.installation is not None:
            return f"Appium {self.installation.appium}, uiautomator2 driver {self.installation.driver}"
        return self.servers[driver].told if driver in self.servers else without_secrets(driver)


def plan_screens(
    options: Options,
    inventory: Inventory,
    handsets: Sequence[Handset],
    first: int,
    tell: Callable[[str], None],
    *,
    continued: bool = False,
) -> ScreenPlan:
    """For all handsets; the servers of the `first` ones are looked at, or installed, before anything runs.

    pytest.UsageError with the mend where one of them will not do, or none answers. One of several that does not answer
    may be gone with its handset: just what it drives is unavailable, and in a run that is `continued` so are all, since
    they answered when it was begun. Handsets that only stand in for others are looked at once they are needed.
    """
    try:
        drivers = {
            handset.name: screen_driver(handset, inventory, options.appium, options.appium_otherwise)
            for handset in handsets
        }
        plan = ScreenPlan(drivers)
        needed = tuple(dict.fromkeys(drivers[handset.name] for handset in handsets[:first]))
        silent = [error for driver in needed if (error := _silent(plan, driver, tell)) is not None]
        if silent and len(silent) == len(needed) and not continued:
            raise silent[0]
    except UsageError as error:
        raise pytest.UsageError(*map(str, error.problems)) from None
    return plan


def _silent(plan: ScreenPlan, driver: str, tell: Callable[[str], None]) -> NoAnswerError | None:
    try:
        _look(plan, driver, tell)
    except NoAnswerError as error:
        return error
    return None


def _look(plan: ScreenPlan, driver: str, tell: Callable[[str], None]) -> None:
    if driver == AUTO:
        plan.installation = plan.installation or obtain(tell)
    elif driver != EMBEDDED and driver not in plan.servers:
        plan.servers[driver] = look_at(driver)


class Screens:
    """The servers of one run; `close` ends those that are ours."""

    def __init__(self, plan: ScreenPlan, run_folder: Path, tell: Callable[[str], None]) -> None:
        self._plan, self._log, self._tell = plan, run_folder / LOG, tell
        self._stack = ExitStack()
        self._appium: dict[Path, AppiumServer] = {}
        self._adb: str | None = None

    def start(self) -> None:
        """Begin to start our server, without waiting, where it will be needed."""
        if self._plan.installation is not None:
            self._server(adb_binary.bundled())

    def reached(self, target: Target) -> Target:
        """The target with what drives its screen; HandsetError where that cannot be."""
        driver = self._plan.drivers[target.name]
        try:
            _look(self._plan, driver, self._tell)
            target = replace(target, screen=self._plan.screen(driver))
            if driver == EMBEDDED:
                return target
            url = self._server(self._program(target)).url() if driver == AUTO else driver
            adb = self._adb_for(target, url) if driver == AUTO or self._plan.servers[driver].adb else None
            return replace(target, appium_url=url, appium_adb=adb)
        except HandsetError as error:
            raise HandsetError(target.name, error.what, error.mend, error.state) from error
        except FarmError as error:
            raise HandsetError(target.name, str(error)) from error

    def close(self) -> None:
        self._appium.clear()
        self._stack.close()

    def _server(self, adb: Path) -> AppiumServer:
        """Our Appium server that runs this adb; there is only one while all adb servers are of one version."""
        assert self._plan.installation is not None
        if adb not in self._appium:
            server = AppiumServer(self._plan.installation, adb, self._log)
            self._appium[adb] = self._stack.enter_context(server)
        return self._appium[adb]

    def _program(self, target: Target) -> Path:
        """An adb that does not kill the adb server of this handset."""
        if target.serial is None:
            return adb_binary.bundled()
        from framework.handset.adb_server import server_address, server_version

        version = server_version(target.adb_server)
        program = adb_binary.of_version(version)
        if program is None:
            host, port = server_address(target.adb_server)
            what = f"the adb server at {host}:{port} speaks version {version}, which no adb of this machine does"
            raise HandsetError(target.name, f"{what}, and one of another would kill it", "put its adb into PATH")
        return program

    def _adb_for(self, target: Target, url: str) -> str | None:
        """The adb server by which an Appium server shall reach a handset: the handset's, or ours for one on TCP."""
        from framework.handset.adb_server import server_address
        from framework.handset.own_server import own_server

        if target.serial is not None:
            host, port = server_address(target.adb_server)
            return f"{host}:{port}" if is_on_this_machine(url) or target.adb_server else None
        if not is_on_this_machine(url):
            if target.adbd is not None and target.adbd.startswith("127."):
                what = f"the Appium server at {without_secrets(url)} is on another machine, and it is on loopback"
                raise HandsetError(target.name, what, "give --appium auto")
            return None
        if self._adb is None:
            self._adb = self._stack.enter_context(own_server(usb=False))
        return self._adb
