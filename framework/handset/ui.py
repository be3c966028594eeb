"""The screen, through the Appium client: against an Appium server, or what speaks the same protocol."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from framework.contract.build import Locator
from framework.contract.capabilities import Target
from framework.contract.errors import AssistantError, HandsetError

if TYPE_CHECKING:
    from appium.webdriver.webdriver import WebDriver
    from appium.webdriver.webelement import WebElement

T = TypeVar("T")

FIND_S = 10.0
"""How long an element may take to appear."""
_ANSWER_S = 60
"""One command of an Appium server, of which the first installs and starts its helpers."""
_POLL_S = 0.05
_CRASHED = "the instrumentation process is not running"
"""Appium's uiautomator2 driver, of a command that it could not pass on."""
_XIAOMI = "on Xiaomi: Developer options, “Install via USB” and “USB debugging (Security settings)”"
_MENDS: tuple[tuple[str, str], ...] = (
    (
        "ECONNREFUSED",
        "an adb server elsewhere must forward on its network: `adb -a nodaemon server`; or run Appium there",
    ),
    (
        "Connection refused",
        "does its Appium server still run? That of the farm keeps appium.log in the run's folder",
    ),
    (
        "Could not find a connected Android device",
        "the adb server that Appium asks has none: `adb connect` it there",
    ),
    (
        "not in the list of connected devices",
        "the adb server that Appium asks lacks it: `adb connect` it there",
    ),
    ("INSTALL_FAILED_USER_RESTRICTED", f"allow Appium's helper apps to be installed; {_XIAOMI}"),
    ("INJECT_EVENTS", f"allow touches to be simulated; {_XIAOMI}"),
    ("instrumentation process", "does another program use UiAutomator on it? Only one can"),
)
"""What Appium and its driver say → what to do."""


class HandsetUi:
    """`contract.capabilities.Ui`. The session is opened at the first use; commands go one after the other."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._driver: WebDriver | None = None
        self._one_at_a_time = threading.RLock()

    def type(self, locator: Locator, text: str) -> None:
        def replace_text(element: WebElement) -> None:
            element.clear()
            element.send_keys(text)

        self._with_element(locator, replace_text)

    def tap(self, locator: Locator) -> None:
        self._with_element(locator, lambda element: element.click())

    def text(self, locator: Locator) -> str | None:
        def last_text(driver: WebDriver) -> str | None:
            found = driver.find_elements(*_by(locator))
            return str(found[-1].text) if found else None

        return self._call(last_text)

    def screenshot(self) -> bytes:
        return self._call(lambda driver: driver.get_screenshot_as_png())

    def source(self) -> str:
        return self._call(lambda driver: driver.page_source)

    def close(self) -> None:
        with self._one_at_a_time:
            driver, self._driver = self._driver, None
            if driver is not None:
                with suppress(Exception):  # the session is given up either way
                    driver.quit()
                _close(driver.command_executor)

    def _with_element(self, locator: Locator, act: Callable[[WebElement], None]) -> None:
        """Act on the last match, which is awaited; an element that is replaced under our hands is found again."""
        from selenium.common.exceptions import StaleElementReferenceException

        def attempt(driver: WebDriver) -> bool:
            found = driver.find_elements(*_by(locator))
            try:
                if found:
                    act(found[-1])
                return bool(found)
            except StaleElementReferenceException:
                return False

        ends = time.monotonic() + FIND_S
        while not self._call(attempt):
            if time.monotonic() > ends:
                self._refuse_a_locked_screen()
                raise AssistantError(_app_of(locator), f"nothing on its screen matches {_told(locator)}")
            time.sleep(_POLL_S)

    def _refuse_a_locked_screen(self) -> None:
        """A handset that was restarted shows its lock screen over every app: not the app's fault."""
        try:
            locked = self._call(lambda driver: bool(driver.is_locked()))
        except HandsetError:  # an Appium server that cannot tell
            return
        if locked:
            raise HandsetError(self._target.name, "its screen is locked", "unlock it; `pin_from` names its PIN")

    def _call(self, command: Callable[[WebDriver], T]) -> T:
        """One command; a session that the server has dropped, or whose instrumentation has crashed, is opened again.

        Once, and only where the server says that it has not passed the command on: nothing is done twice.
        """
        from selenium.common.exceptions import InvalidSessionIdException, WebDriverException
        from urllib3.exceptions import HTTPError

        with self._one_at_a_time:
            try:
                try:
                    return command(self._session())
                except WebDriverException as error:
                    if not isinstance(error, InvalidSessionIdException) and _CRASHED not in str(error.msg):
                        raise
                    self._forget()
                    return command(self._session())
            except (WebDriverException, HTTPError, OSError) as error:
                what = f"its UI does not answer: {_first_line(error)}"
                raise HandsetError(self._target.name, what, _mend_for(what)) from error

    def _forget(self) -> None:
        """The session is no more; its connections are closed."""
        driver, self._driver = self._driver, None
        if driver is not None:
            _close(driver.command_executor)

    def _session(self) -> WebDriver:
        if self._driver is None:
            if self._target.appium_url is None:
                raise HandsetError(self._target.name, "no Appium server is named for it", "give --appium URL|auto")
            self._driver = _open_session(self._target, self._target.appium_url)
        return self._driver


def _open_session(target: Target, url: str) -> WebDriver:
    _check_state(target)
    from appium import webdriver
    from appium.options.android import UiAutomator2Options
    from appium.webdriver.appium_connection import AppiumConnection
    from appium.webdriver.client_config import AppiumClientConfig
    from selenium.webdriver.common.proxy import Proxy, ProxyType

    config = AppiumClientConfig(url, timeout=_ANSWER_S, proxy=Proxy({"proxyType": ProxyType.DIRECT}))
    options = UiAutomator2Options().load_capabilities(capabilities(target))
    connection = AppiumConnection(client_config=config)
    try:
        return webdriver.Remote(connection, options=options)
    except BaseException:
        _close(connection)
        raise


def _close(connection: Any) -> None:
    """The client keeps its sockets open otherwise, until it is collected."""
    connection.close()


def _check_state(target: Target) -> None:
    """HandsetError, at once, for a handset that its adb server cannot serve; Appium would look for it for 20 s."""
    server = target.appium_adb or target.adb_server
    if server is None:
        return
    from framework.handset.adb_server import connect_handset, state
    from framework.handset.states import ABSENT, ONLINE, mend_for

    if target.adbd is not None:
        connect_handset(target.name, server, target.adbd)
    elif target.serial is not None:
        found = state(server, target.serial) or ABSENT
        if found != ONLINE:
            mend = mend_for("not found" if found == ABSENT else found)
            raise HandsetError(target.name, f"the adb server at {server} says that it is in state {found}", mend, found)


def capabilities(target: Target) -> dict[str, Any]:
    """The app is started by the farm, not by Appium; nobody but us ends the session, and nobody an adb server.

    With its host named, even where that is loopback, the adb that Appium runs does not start a server of its own when
    there is none.
    """
    wanted: dict[str, Any] = {
        "platformName": "Android",
        "appium:automationName": "UiAutomator2",
        "appium:udid": target.serial or target.adbd,
        "appium:noReset": True,
        "appium:newCommandTimeout": 0,
        "appium:settings[waitForIdleTimeout]": 0,
        "appium:settings[shutdownOnPowerDisconnect]": False,  # energy is measured without a charger
        "appium:suppressKillServer": True,
    }
    server = target.appium_adb or target.adb_server
    if server:
        host, _, port = server.rpartition(":")
        wanted |= {"appium:remoteAdbHost": host, "appium:adbPort": int(port)}
    return wanted


def _by(locator: Locator) -> tuple[str, str]:
    from appium.webdriver.common.appiumby import AppiumBy

    if locator.id:
        return AppiumBy.ID, locator.id
    if locator.accessibility_id:
        return AppiumBy.ACCESSIBILITY_ID, locator.accessibility_id
    return AppiumBy.XPATH, locator.xpath or ""


def _told(locator: Locator) -> str:
    return " ".join(f"{key} {value!r}" for key, value in locator.model_dump().items() if value)


def _app_of(locator: Locator) -> str:
    package, colon, _ = (locator.id or "").partition(":")
    return package if colon else "the app on the screen"


def _mend_for(what: str) -> str:
    return next((mend for words, mend in _MENDS if words in what), "")


def _first_line(error: Exception) -> str:
    text = str(getattr(error, "msg", None) or error).strip()
    return text.splitlines()[0] if text else type(error).__name__
