"""The genuine Appium 3 with its UiAutomator2 driver, and the Python client, on virtual handsets that are fresh."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from selenium.common import exceptions
from selenium.webdriver.support.wait import WebDriverWait
from support.appium_lab import DEBIAN_TOOLS, PACKAGE, PROFILE, WEIGHTS

from framework.virtual.profiles import load_profile

if TYPE_CHECKING:
    from support.appium_lab import AppiumLab

pytestmark = pytest.mark.foreign

ID, DESCRIPTION, SELECTOR, XPATH = "id", "accessibility id", "-android uiautomator", "xpath"
INPUT = f"{PACKAGE}:id/input"
REPLY_S = 20
HOME, DEL = 3, 67
NOT_RUNNING, IN_BACKGROUND, IN_FRONT = 1, 3, 4


def test_default_capabilities_open_a_session(lab: AppiumLab) -> None:
    """The session tells of the handset's profile, the launcher is in front, and a second session opens."""
    profile, serial = load_profile(PROFILE), lab.serial("default")
    display = profile.displays[0]
    for _ in range(2):
        with lab.session(serial) as driver:
            told: dict[str, Any] = driver.capabilities
            assert (told["deviceModel"], told["deviceApiLevel"]) == (profile.identity.model, profile.build.sdk)
            assert told["deviceScreenSize"] == f"{display.width}x{display.height}"
            assert told["deviceScreenDensity"] == display.density
            assert (driver.current_package, driver.current_activity) == ("com.miui.home", ".launcher.Launcher")
            assert 'resource-id="com.miui.home:id/drag_layer"' in driver.page_source
    assert "io.appium.uiautomator2.server" not in lab.adb("-s", serial, "shell", "ps", "-A")


def test_a_conversation(lab: AppiumLab) -> None:
    """Found in every way, typed, sent, answered; an alert, pictures, source, keys, turns, background and foreground."""
    serial = lab.furnish("package")
    arguments = f"--es model {WEIGHTS}"
    with lab.session(
        serial, appPackage=PACKAGE, appActivity=".ConversationActivity", optionalIntentArguments=arguments
    ) as driver:
        assert (driver.current_package, driver.current_activity) == (PACKAGE, ".ConversationActivity")
        field = driver.find_element(ID, INPUT)
        for by, value in (
            ("class name", "android.widget.EditText"),
            (XPATH, f'//android.widget.EditText[@resource-id="{INPUT}"]'),
            (SELECTOR, f'new UiSelector().resourceIdMatches(".*input").packageName("{PACKAGE}")'),
        ):
            assert driver.find_element(by, value) == field
        field.send_keys("What is 2 plus 33")
        driver.press_keycode(DEL)
        assert field.text == "What is 2 plus 3"
        driver.find_element(DESCRIPTION, "Send").click()
        driver.implicitly_wait(REPLY_S)
        assert driver.find_element(SELECTOR, 'new UiSelector().text("The result is 5.")').tag_name is not None
        driver.implicitly_wait(0)
        _asks(driver)
        _looks(driver)
        _turns(driver)
        _leaves_and_returns(driver)
        with pytest.raises(exceptions.NoSuchElementException):
            driver.find_element(ID, "absent")


def _asks(driver: Any) -> None:
    """For the microphone: in a dialog that is an alert to the client, and the app's again once it is answered."""
    driver.find_element(DESCRIPTION, "Speak").click()
    shown = WebDriverWait(driver, REPLY_S, 0.1, [exceptions.NoAlertPresentException])
    alert = shown.until(lambda _: driver.switch_to.alert)
    assert alert.text == "Allow Pocketfarm Assistant to record audio?"
    alert.dismiss()
    with pytest.raises(exceptions.NoAlertPresentException):
        _ = driver.switch_to.alert.text
    assert driver.current_package == PACKAGE


def _looks(driver: Any) -> None:
    """Picture, source and window are of one size, and an element's picture is as large as the element."""
    size = driver.get_window_size()
    assert Image.open(io.BytesIO(driver.get_screenshot_as_png())).size == (size["width"], size["height"])
    source = re.search(r'<hierarchy [^>]*width="(\d+)" height="(\d+)"', driver.page_source)
    assert source is not None
    assert (int(source[1]), int(source[2])) == (size["width"], size["height"])
    send = driver.find_element(DESCRIPTION, "Send")
    assert Image.open(io.BytesIO(send.screenshot_as_png)).size == (send.size["width"], send.size["height"])
    assert (send.is_displayed(), send.is_enabled(), send.get_attribute("clickable")) == (True, True, "true")


def _turns(driver: Any) -> None:
    for wanted in ("LANDSCAPE", "PORTRAIT"):
        driver.orientation = wanted
        size = driver.get_window_size()
        assert (driver.orientation, size["width"] > size["height"]) == (wanted, wanted == "LANDSCAPE")


def _leaves_and_returns(driver: Any) -> None:
    """In the background it runs on with what it shows; ended, it begins anew."""
    driver.background_app(-1)
    assert (driver.query_app_state(PACKAGE), driver.current_package) == (IN_BACKGROUND, "com.miui.home")
    driver.activate_app(PACKAGE)
    assert driver.query_app_state(PACKAGE) == IN_FRONT
    assert driver.find_elements(ID, f"{PACKAGE}:id/reply") != []
    driver.press_keycode(HOME)
    assert driver.current_package == "com.miui.home"
    assert driver.terminate_app(PACKAGE) is True
    assert driver.query_app_state(PACKAGE) == NOT_RUNNING
    driver.activate_app(PACKAGE)
    assert driver.find_elements(ID, f"{PACKAGE}:id/reply") == []


def test_the_system_as_the_driver_uses_it(lab: AppiumLab) -> None:
    """Clipboard, shade, lock, radios, places, files, locale, keys by the input method, windows and displays."""
    with lab.session(lab.furnish("system"), appPackage=PACKAGE, appActivity=".ConversationActivity") as driver:
        driver.set_clipboard_text("剪贴板 é")
        assert driver.get_clipboard_text() == "剪贴板 é"
        driver.find_element(ID, INPUT).click()
        assert driver.execute_script("mobile: type", {"text": "你好 é & a"}) is True
        assert driver.find_element(ID, INPUT).text == "你好 é & a"
        driver.open_notifications()
        assert driver.current_package == PACKAGE
        assert "com.android.systemui" in driver.page_source
        driver.back()
        driver.lock()
        assert driver.is_locked() is True
        driver.unlock()
        assert driver.is_locked() is False
        driver.execute_script("mobile: setConnectivity", {"wifi": False})
        assert driver.execute_script("mobile: getConnectivity") == {"wifi": False, "data": True, "airplaneMode": False}
        driver.set_location(21.03, 105.85)
        assert driver.location["latitude"] == 21.03
        driver.push_file("/data/local/tmp/pushed.txt", "aGk=")
        assert driver.pull_file("/data/local/tmp/pushed.txt") == "aGk="
        assert driver.execute_script("mobile: setUiMode", {"mode": "night", "value": "yes"}) is None
        assert driver.execute_script("mobile: getUiMode", {"mode": "night"}) == "yes"
        assert [each["isFocused"] for each in _windows(driver)] == [True]
        assert set(driver.get_system_bars()) == {"statusBar", "navigationBar"}
        assert driver.battery_info["state"] in (2, 5)
        assert driver.contexts == ["NATIVE_APP"]
        assert driver.is_keyboard_shown() is False


def _windows(driver: Any) -> Any:
    wanted = {"filters": {"packageName": PACKAGE}, "skipScreenshots": True}
    return driver.execute_script("mobile: listWindows", wanted)


def test_an_app_from_a_file(lab: AppiumLab) -> None:
    """With aapt2 and apksigner of an SDK, the driver reads, installs and starts it; the second time it is there."""
    if not DEBIAN_TOOLS.is_dir():
        pytest.skip(f"no Android build tools: {DEBIAN_TOOLS} comes with Debian's aapt, apksigner and zipalign")
    serial = lab.serial("app")
    for _ in range(2):
        with lab.session(serial, app=str(lab.apk)) as driver:
            assert (driver.current_package, driver.current_activity) == (PACKAGE, ".ConversationActivity")
            assert driver.is_app_installed(PACKAGE)


def test_four_handsets_on_one_server(lab: AppiumLab) -> None:
    """At the same time, each session with its own handset."""
    serials = [lab.serial(f"parallel-{number}") for number in range(4)]

    def said(serial: str) -> str:
        with lab.session(serial) as driver:
            return str(driver.execute_script("mobile: deviceInfo")["androidId"])

    ids = [lab.adb("-s", serial, "shell", "settings get secure android_id").strip() for serial in serials]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(said, serials)) == ids
    assert len(set(ids)) == 4
