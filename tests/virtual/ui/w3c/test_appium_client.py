"""The real Appium-Python-Client on the endpoint: sessions, elements, waits, errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from appium.webdriver.common.appiumby import AppiumBy
from selenium.common import exceptions

from framework.virtual.apps.assistant.app import ASK
from framework.virtual.apps.base import Intent

if TYPE_CHECKING:
    from conftest import InLab, Lab
    from framework.virtual.device import Device

PACKAGE = "org.pocketfarm.assistant"
INPUT = f"{PACKAGE}:id/input"


def say(driver: Any, text: str) -> None:
    driver.find_element(AppiumBy.ID, INPUT).send_keys(text)
    driver.find_element(AppiumBy.ACCESSIBILITY_ID, "Send").click()


def test_a_session_describes_the_handset(in_lab: InLab) -> None:
    """Capabilities, window, orientation, foreground and device information agree with the profile."""

    def look(lab: Lab) -> tuple[Any, ...]:
        with lab.driver() as driver:
            info = driver.execute_script("mobile: deviceInfo")
            capabilities = driver.capabilities
            return (
                capabilities["automationName"],
                capabilities["deviceModel"],
                capabilities["deviceScreenSize"],
                driver.get_window_size(),
                driver.orientation,
                (driver.current_package, driver.current_activity),
                (info["realDisplaySize"], info["apiVersion"]),
                driver.contexts,
                driver.get_display_density(),
            )

    assert in_lab(look) == (
        "UiAutomator2",
        "2308CPXD0C",
        "1916x2160",
        {"width": 1916, "height": 2160},
        "PORTRAIT",
        (PACKAGE, ".ConversationActivity"),
        ("1916x2160", "34"),
        ["NATIVE_APP"],
        440,
    )


@pytest.mark.parametrize(
    ("by", "value"),
    [
        (AppiumBy.ID, INPUT),
        (AppiumBy.ID, "input"),
        (AppiumBy.CLASS_NAME, "android.widget.EditText"),
        (AppiumBy.XPATH, f'//android.widget.EditText[@resource-id="{INPUT}"]'),
        (AppiumBy.XPATH, '//*[@hint="Message"]'),
        (AppiumBy.ANDROID_UIAUTOMATOR, f'new UiSelector().resourceId("{INPUT}")'),
        (AppiumBy.ANDROID_UIAUTOMATOR, 'new UiSelector().className("android.widget.EditText").clickable(true)'),
    ],
)
def test_every_strategy_finds_the_same_element(in_lab: InLab, by: str, value: str) -> None:
    """The same view is the same element, however it was found."""

    def find(lab: Lab) -> bool:
        with lab.driver() as driver:
            return bool(driver.find_element(by, value) == driver.find_element(AppiumBy.ID, INPUT))

    assert in_lab(find) is True


def test_an_element_tells_of_itself(in_lab: InLab) -> None:
    """Text, attributes, flags and rectangle, as in the page source."""

    def look(lab: Lab) -> tuple[Any, ...]:
        with lab.driver() as driver:
            send = driver.find_element(AppiumBy.ACCESSIBILITY_ID, "Send")
            bounds = re.findall(r"\d+", send.get_attribute("bounds"))
            rect = send.rect
            corners = [rect["x"], rect["y"], rect["x"] + rect["width"], rect["y"] + rect["height"]]
            return (
                send.tag_name,
                send.get_attribute("resourceId"),
                send.get_attribute("clickable"),
                (send.is_displayed(), send.is_enabled(), send.is_selected()),
                [int(edge) for edge in bounds] == corners,
                driver.find_element(AppiumBy.ID, "title").text,
                driver.find_element(AppiumBy.ID, INPUT).text,
            )

    assert in_lab(look) == (
        "android.widget.ImageButton",
        f"{PACKAGE}:id/send",
        "true",
        (True, True, False),
        True,
        "Assistant",
        "Message",
    )


def test_text_is_typed_appended_and_cleared(in_lab: InLab) -> None:
    """In any script; a line end is the Enter key, which sends."""

    def type_text(lab: Lab) -> tuple[Any, ...]:
        with lab.driver() as driver:
            field = driver.find_element(AppiumBy.ID, INPUT)
            field.send_keys("Hello, ")
            field.send_keys("河内 é")
            typed = field.text
            field.clear()
            empty = field.text
            field.send_keys("sent\n")
            focused = field.get_attribute("focused")
            same = driver.switch_to.active_element == field
            return typed, empty, field.text, driver.find_element(AppiumBy.ID, "question").text, focused, same

    assert in_lab(type_text) == ("Hello, 河内 é", "Message", "Message", "sent", "true", True)


def test_elements_are_found_below_elements(in_lab: InLab) -> None:
    """By id and by a relative xpath; not those beside it."""

    def look(lab: Lab) -> tuple[list[str], list[str], int]:
        with lab.driver() as driver:
            for text in ("one", "two"):
                say(driver, text)
            conversation = driver.find_element(AppiumBy.ID, "conversation")
            by_id = [element.text for element in conversation.find_elements(AppiumBy.ID, "question")]
            by_path = [
                element.text for element in conversation.find_elements(AppiumBy.XPATH, "./android.widget.TextView")
            ]
            return by_id, by_path[:2], len(conversation.find_elements(AppiumBy.ID, "send"))

    by_id, by_path, sends = in_lab(look)
    assert (by_id, sends) == (["one", "two"], 0)
    assert "one" in by_path


def test_an_implicit_wait_lasts_in_device_time(in_lab: InLab) -> None:
    """An element that appears meanwhile is found; one that does not costs the wait, at the handset's speed."""

    def wait(lab: Lab) -> tuple[str, int]:
        with lab.driver() as driver:
            driver.implicitly_wait(30)
            question = Intent(
                action=ASK, component=f"{PACKAGE}/{PACKAGE}.ConversationActivity", extras={"text": "late"}
            )
            lab.on_device(lambda device: _in_two_seconds(device, lambda: device.activities.start(question, uid=2000)))
            found = driver.find_element(AppiumBy.ID, "question").text
            driver.implicitly_wait(2)
            before = lab.on_device(lambda device: device.clock.now_ns())
            assert driver.find_elements(AppiumBy.ID, "nothing") == []
            return found, lab.on_device(lambda device: device.clock.now_ns()) - before

    found, waited_ns = in_lab(wait)
    assert found == "late"
    assert waited_ns >= 2_000_000_000


def _in_two_seconds(device: Device, act: Callable[[], object]) -> None:
    device.clock.at(device.clock.now_ns() + 2_000_000_000, lambda _: act())


def test_elements_go_stale(in_lab: InLab) -> None:
    """When their view is gone, and when another window is in front; and come back to life with their window."""

    def outlive(lab: Lab) -> tuple[str, str]:
        with lab.driver() as driver:
            say(driver, "hello")
            bubble, field = driver.find_element(AppiumBy.ID, "question"), driver.find_element(AppiumBy.ID, INPUT)
            driver.find_element(AppiumBy.ID, "new_conversation").click()
            with pytest.raises(exceptions.StaleElementReferenceException):
                _ = bubble.text
            driver.press_keycode(3)
            with pytest.raises(exceptions.StaleElementReferenceException):
                field.click()
            return driver.current_package, driver.current_activity

    assert in_lab(outlive) == ("com.miui.home", ".launcher.Launcher")


@pytest.mark.parametrize(
    ("by", "value", "error"),
    [
        (AppiumBy.ID, "nothing", exceptions.NoSuchElementException),
        (AppiumBy.XPATH, "//[", exceptions.InvalidSelectorException),
        (AppiumBy.XPATH, "count(//*)", exceptions.NoSuchElementException),
        (AppiumBy.ANDROID_UIAUTOMATOR, "new UiSelector().bogus(1)", exceptions.InvalidSelectorException),
        (AppiumBy.CSS_SELECTOR, "a > b", exceptions.InvalidSelectorException),
    ],
)
def test_failed_finds_raise_the_clients_own_errors(in_lab: InLab, by: str, value: str, error: type[Exception]) -> None:
    """In W3C's words, which the client turns into its exceptions."""

    def fail(lab: Lab) -> None:
        with lab.driver() as driver, pytest.raises(error):
            driver.find_element(by, value)

    in_lab(fail)


def test_impossible_commands_say_why(in_lab: InLab) -> None:
    """Text into a button, an unknown attribute, an unknown mobile command."""

    def try_them(lab: Lab) -> None:
        with lab.driver() as driver:
            send = driver.find_element(AppiumBy.ID, "send")
            with pytest.raises(exceptions.InvalidElementStateException):
                send.send_keys("x")
            with pytest.raises(exceptions.UnknownMethodException, match="'colour' attribute is unknown"):
                send.get_attribute("colour")
            with pytest.raises(exceptions.UnknownMethodException, match="mobile: clickGesture"):
                driver.execute_script("mobile: fly")

    in_lab(try_them)


def test_other_drivers_and_missing_apps_are_refused(in_lab: InLab) -> None:
    """Before a session is there."""

    def ask(lab: Lab) -> None:
        for capabilities, reason in (
            ({"appium:automationName": "XCUITest"}, "uiautomator2"),
            ({"platformName": "iOS"}, "android"),
            ({"appium:appPackage": "org.example.missing"}, "cannot start"),
        ):
            with pytest.raises(exceptions.SessionNotCreatedException, match=reason), lab.driver(**capabilities):
                pass

    in_lab(ask)


def test_sessions_live_side_by_side(in_lab: InLab) -> None:
    """Each has elements and settings of its own; ending one leaves the other; an ended one is refused."""

    def both(lab: Lab) -> tuple[str, dict[str, Any]]:
        with lab.driver() as first:
            with lab.driver() as second:
                second.update_settings({"waitForIdleTimeout": 0})
                ended = second.session_id
                foreign = second.find_element(AppiumBy.ID, "send")
                with pytest.raises(exceptions.NoSuchElementException):
                    first.create_web_element(foreign.id).click()
            settings = first.get_settings()
            first.session_id, own = ended, first.session_id
            with pytest.raises(exceptions.InvalidSessionIdException):
                _ = first.page_source
            first.session_id = own
            return first.find_element(AppiumBy.ID, "title").text, settings

    assert in_lab(both) == ("Assistant", {})


def test_time_is_the_handsets(in_lab: InLab) -> None:
    """In ISO 8601, from its wall clock."""

    def ask(lab: Lab) -> str:
        with lab.driver() as driver:
            return str(driver.device_time)

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", in_lab(ask)) is not None
