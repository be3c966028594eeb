"""The real Appium-Python-Client on the endpoint: gestures, keys, pictures, the screen, apps, clipboard and lock."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from appium.webdriver.common.appiumby import AppiumBy
from PIL import Image
from selenium.common import exceptions

if TYPE_CHECKING:
    from conftest import InLab, Lab

PACKAGE = "org.pocketfarm.assistant"
INPUT = f"{PACKAGE}:id/input"


def say(driver: Any, text: str) -> None:
    driver.find_element(AppiumBy.ID, INPUT).send_keys(text)
    driver.find_element(AppiumBy.ACCESSIBILITY_ID, "Send").click()


def test_fingers_tap_and_scroll(in_lab: InLab) -> None:
    """The client's tap, its swipe, and the gestures by name; a move off the screen is refused."""

    def gesture(lab: Lab) -> tuple[Any, ...]:
        with lab.driver() as driver:
            for number in range(30):
                say(driver, f"question {number}")
            first = driver.find_element(AppiumBy.ID, "question").text
            driver.swipe(1200, 800, 1200, 1500, 200)
            swiped = driver.find_element(AppiumBy.ID, "question").text
            conversation = driver.find_element(AppiumBy.ID, "conversation").id
            options = {"elementId": conversation, "direction": "up", "percent": 1.0}
            moves = [driver.execute_script("mobile: scrollGesture", options) for _ in range(20)]
            top = driver.find_element(AppiumBy.ID, "question").text
            new = driver.find_element(AppiumBy.ID, "new_conversation").rect
            driver.tap([(new["x"] + 20, new["y"] + 20)])
            with pytest.raises(exceptions.MoveTargetOutOfBoundsException):
                driver.tap([(5000, 10)])
            return first, swiped, top, moves[0], moves[-1], driver.find_elements(AppiumBy.ID, "question")

    first, swiped, top, moved, moved_at_the_end, left = in_lab(gesture)
    assert int(swiped.split()[1]) < int(first.split()[1])
    assert (top, moved, moved_at_the_end, left) == ("question 0", True, False, [])


def test_clicks_by_place_and_keys_by_code(in_lab: InLab) -> None:
    """`mobile: clickGesture` on an element and at a point; `mobile: type`; delete and enter by their codes."""

    def press(lab: Lab) -> tuple[str, str]:
        with lab.driver() as driver:
            field = driver.find_element(AppiumBy.ID, INPUT)
            driver.execute_script("mobile: clickGesture", {"elementId": field.id})
            driver.execute_script("mobile: type", {"text": "abc"})
            driver.press_keycode(67)
            typed = field.text
            rect = driver.find_element(AppiumBy.ID, "send").rect
            driver.execute_script("mobile: clickGesture", {"x": rect["x"] + 5, "y": rect["y"] + 50})
            return typed, driver.find_element(AppiumBy.ID, "question").text

    assert in_lab(press) == ("ab", "ab")


def test_pictures_and_sources_follow_the_fold(in_lab: InLab) -> None:
    """The screenshot has the size of the panel that is lit, and the conversation goes on in one pane."""

    def fold(lab: Lab) -> tuple[Any, ...]:
        with lab.driver() as driver:
            say(driver, "before the fold")
            wide = Image.open(io.BytesIO(driver.get_screenshot_as_png())).size
            two_panes = "id/side" in driver.page_source
            lab.on_device(lambda device: device.posture.request("CLOSED"))
            narrow = Image.open(io.BytesIO(driver.get_screenshot_as_png())).size
            bubble = driver.find_element(AppiumBy.ID, "question")
            part = Image.open(io.BytesIO(bubble.screenshot_as_png)).size
            return (
                wide,
                two_panes,
                narrow,
                "id/side" in driver.page_source,
                bubble.text,
                part == tuple(bubble.size.values())[::-1],
            )

    wide, two_panes, narrow, still_two, text, _ = in_lab(fold)
    assert (wide, two_panes, narrow, still_two) == ((1916, 2160), True, (1080, 2520), False)
    assert text == "before the fold"


def test_the_screen_turns(in_lab: InLab) -> None:
    """Sizes swap, the picture and the source turn with it, and the layout is another one."""

    def turn(lab: Lab) -> list[Any]:
        with lab.driver() as driver:
            seen = []
            for wanted in ("LANDSCAPE", "PORTRAIT"):
                driver.orientation = wanted
                picture = Image.open(io.BytesIO(driver.get_screenshot_as_png())).size
                size = driver.get_window_size()
                source = driver.page_source
                turned = re.search(r'rotation="(\d)"', source)
                assert turned is not None
                assert picture == (size["width"], size["height"])
                seen.append((driver.orientation, picture, turned[1], "id/side" in source))
            return seen

    assert in_lab(turn, "xiaomi-13") == [
        ("LANDSCAPE", (2400, 1080), "1", True),
        ("PORTRAIT", (1080, 2400), "0", False),
    ]


def test_a_list_is_scrolled_to_a_view(in_lab: InLab) -> None:
    """`mobile: scroll`, in a list that is named and in the first one; what is not there is not found."""

    def scroll(lab: Lab) -> tuple[Any, ...]:
        with lab.driver() as driver:
            for number in range(12):
                say(driver, f"question {number}")
            hidden = driver.find_elements(AppiumBy.ANDROID_UIAUTOMATOR, 'new UiSelector().text("question 0")')
            wanted = {"strategy": "-android uiautomator", "selector": 'new UiSelector().text("question 0")'}
            driver.execute_script("mobile: scroll", wanted)
            shown = driver.find_element(AppiumBy.ANDROID_UIAUTOMATOR, 'new UiSelector().text("question 0")').text
            listed = driver.find_element(AppiumBy.ID, "conversation").id
            nothing = {"strategy": "accessibility id", "selector": "nothing", "elementId": listed}
            with pytest.raises(exceptions.NoSuchElementException):
                driver.execute_script("mobile: scroll", nothing)
            return hidden, shown, driver.get_system_bars()["statusBar"]["height"]

    assert in_lab(scroll, "xiaomi-13") == ([], "question 0", 77)


def test_apps_go_and_come(in_lab: InLab) -> None:
    """In the background for a time of the handset, to the front, away; and the state of each."""

    def move(lab: Lab) -> list[Any]:
        with lab.driver() as driver:
            states = [driver.query_app_state(PACKAGE), driver.query_app_state("org.example.none")]
            before = lab.on_device(lambda device: device.clock.now_ns())
            driver.background_app(2)
            away = lab.on_device(lambda device: device.clock.now_ns()) - before
            fronts = [driver.current_package]
            driver.background_app(-1)
            states.append(driver.query_app_state(PACKAGE))
            driver.activate_app(PACKAGE)
            fronts.append(driver.current_package)
            driver.terminate_app(PACKAGE)
            states.append(driver.query_app_state(PACKAGE))
            driver.open_notifications()
            fronts.append(driver.current_package)
            return [states, away >= 2_000_000_000, fronts]

    assert in_lab(move) == [[4, 0, 3, 1], True, [PACKAGE, PACKAGE, "com.android.systemui"]]


def test_the_keyboard_comes_with_the_field(in_lab: InLab) -> None:
    """It takes room at the bottom, its keys write, and hiding it gives the room back; so does the back key."""

    def type_on_it(lab: Lab) -> tuple[Any, ...]:
        with lab.driver() as driver:
            field = driver.find_element(AppiumBy.ID, INPUT)
            low = field.rect["y"]
            shown = [driver.is_keyboard_shown()]
            field.click()
            shown.append(driver.is_keyboard_shown())
            high = field.rect["y"]
            keys = lab.on_device(lambda device: device.keyboard.window.build(device.screen.display))
            for name in ("key shift", "key H", "key i"):
                keys = lab.on_device(lambda device: device.keyboard.window.build(device.screen.display))
                x, y = keys.find(name).bounds.center
                driver.tap([(x, y)])
            typed = field.text
            driver.back()
            shown.append(driver.is_keyboard_shown())
            field.click()
            driver.hide_keyboard()
            shown.append(driver.is_keyboard_shown())
            return shown, high < low, typed, field.rect["y"] == low, driver.current_package

    assert in_lab(type_on_it) == ([False, True, False, False], True, "Hi", True, PACKAGE)


def test_the_clipboard_keeps_a_text(in_lab: InLab) -> None:
    """In any script."""

    def keep(lab: Lab) -> str:
        with lab.driver() as driver:
            driver.set_clipboard_text("河内 é")
            return str(driver.get_clipboard_text())

    assert in_lab(keep) == "河内 é"


def test_locking_and_unlocking(in_lab: InLab) -> None:
    """With the secret where there is one."""

    def lock(lab: Lab) -> list[bool]:
        with lab.driver() as driver:
            driver.lock()
            seen = [driver.is_locked()]
            driver.unlock()
            return [*seen, driver.is_locked(), driver.current_package == PACKAGE]

    assert in_lab(lock) == [True, False, True]
