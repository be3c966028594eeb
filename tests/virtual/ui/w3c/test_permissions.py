"""The permission dialog, as the Appium client meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from appium.webdriver.common.appiumby import AppiumBy
from selenium.common import exceptions
from selenium.webdriver.support.wait import WebDriverWait

if TYPE_CHECKING:
    from conftest import InLab, Lab

PACKAGE = "org.pocketfarm.assistant"
CONTROLLER = "com.android.permissioncontroller"
RECORD_AUDIO = "android.permission.RECORD_AUDIO"


def open_dialog(driver: Any) -> Any:
    driver.find_element(AppiumBy.ACCESSIBILITY_ID, "Speak").click()
    return WebDriverWait(driver, 10, 0.05, [exceptions.NoAlertPresentException]).until(lambda _: driver.switch_to.alert)


def granted(lab: Lab) -> bool:
    return bool(lab.on_device(lambda device: device.permissions.allows(PACKAGE, RECORD_AUDIO)))


def test_the_dialog_is_an_alert(in_lab: InLab) -> None:
    """It says what is asked for, covers the app, and accepting it grants."""

    def accept(lab: Lab) -> tuple[Any, ...]:
        with lab.driver() as driver:
            with pytest.raises(exceptions.NoAlertPresentException):
                driver.switch_to.alert.accept()
            alert = open_dialog(driver)
            text, front = alert.text, driver.current_package
            labels = [button.text for button in driver.find_elements(AppiumBy.CLASS_NAME, "android.widget.Button")]
            before = granted(lab)
            alert.accept()
            return text, front, labels, before, granted(lab), driver.current_package

    assert in_lab(accept) == (
        "Allow Assistant to record audio?",
        CONTROLLER,
        ["While using the app", "Only this time", "Don’t allow"],
        False,
        True,
        PACKAGE,
    )


def test_a_denial_is_for_good_the_second_time(in_lab: InLab) -> None:
    """The app says that it may not hear; the third time nobody is asked; a grant by adb is no matter of asking."""

    def deny(lab: Lab) -> tuple[Any, ...]:
        with lab.driver() as driver:
            ids = []
            for _ in range(2):
                open_dialog(driver)
                deny = driver.find_element(AppiumBy.XPATH, "//*[@text='Don’t allow']")
                ids.append(deny.get_attribute("resource-id").rpartition("/")[2])
                driver.switch_to.alert.dismiss()
            driver.find_element(AppiumBy.ACCESSIBILITY_ID, "Speak").click()
            status = driver.find_element(AppiumBy.ID, "status").text
            flags = lab.on_device(lambda device: sorted(device.packages.get(PACKAGE).permission_flags[RECORD_AUDIO]))
            return ids, driver.current_package, status, flags

    assert in_lab(deny) == (
        ["permission_deny_button", "permission_deny_and_dont_ask_again_button"],
        PACKAGE,
        "The microphone is not allowed",
        ["USER_FIXED", "USER_SET"],
    )
