"""Locators on a whole screen: XPath, UiScrollable, elements within elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framework.virtual.ui.automation import Automation, AutomationError
from framework.virtual.ui.automation.find import find_all, find_one

if TYPE_CHECKING:
    from conftest import Rows, WithRows

LIST = "new UiScrollable(new UiSelector().scrollable(true))"


@pytest.mark.parametrize(
    ("locator", "found"),
    [
        (f'{LIST}.scrollIntoView(new UiSelector().text("row 41"))', "row41"),
        (f'{LIST}.setAsVerticalList().setMaxSearchSwipes(20).scrollIntoView(text("row 3"))', "row3"),
        (f'{LIST}.scrollTextIntoView("row 59");', "row59"),
        (f'{LIST}.scrollDescriptionIntoView("number 30")', "row30"),
        (f'{LIST}.getChildByText(new UiSelector().className("android.widget.TextView"), "row 22")', "row22"),
        (f'{LIST}.scrollToEnd(20).scrollForward(); new UiSelector().text("row 59")', "list"),
        ('new UiSelector().text("no such"); new UiSelector().text("row 2")', "row2"),
    ],
)
def test_what_lies_hidden_is_scrolled_to(with_rows: WithRows, locator: str, found: str) -> None:
    """From wherever the list is; what is found is on the screen then."""

    async def script(on: Automation, rows: Rows) -> str:
        return (await find_one(on, "-android uiautomator", locator)).key

    assert with_rows(script) == found


@pytest.mark.parametrize(
    "locator",
    [
        f'{LIST}.scrollIntoView(new UiSelector().text("row 99"))',
        'new UiScrollable(new UiSelector().text("x")).scrollIntoView(new UiSelector().text("row 40"))',
    ],
)
def test_a_search_ends(with_rows: WithRows, locator: str) -> None:
    """At the end of the list, and where there is none."""

    async def script(on: Automation, rows: Rows) -> None:
        with pytest.raises(AutomationError, match="no such element"):
            await find_one(on, "-android uiautomator", locator)

    with_rows(script)


PATHS = (
    ("//*[@resource-id='com.miui.home:id/row'][2]", ["row1"]),
    ("//android.widget.TextView[contains(@text, 'ow 4')]", ["row4"]),
    ("(//android.widget.TextView)[last()]/preceding-sibling::*[1]", ["row8"]),
    ("//*[@scrollable='true']/*[position() < 3]", ["row0", "row1"]),
    ("//*[starts-with(@content-desc, 'number 7') or @hint='Search']", ["field", "row7"]),
    ("/hierarchy/android.widget.FrameLayout/*[1]", ["field"]),
    ("//@text", []),
    ("count(//*)", []),
    ("//hierarchy", []),
)
"""XPath, and the views that it selects."""


def test_xpath(with_rows: WithRows) -> None:
    """Of version 1.0, over the page source; what is no view matches nothing."""

    async def script(on: Automation, rows: Rows) -> list[tuple[str, list[str]]]:
        return [(path, [node.key for node in await find_all(on, "xpath", path)]) for path, _ in PATHS]

    assert with_rows(script) == list(PATHS)


def test_within_an_element(with_rows: WithRows) -> None:
    """Every strategy, and the element itself is not among what is found."""

    async def script(on: Automation, rows: Rows) -> list[list[str]]:
        listed = on.refer_to(await find_one(on, "id", "list"))
        locators = (
            ("id", "row"),
            ("id", "field"),
            ("class name", "android.widget.ListView"),
            ("accessibility id", "number 1"),
            ("xpath", "./*[1]"),
            ("xpath", ".//*[@text='row 2']"),
            ("-android uiautomator", 'new UiSelector().text("row 1")'),
        )
        return [[node.key for node in (await find_all(on, *locator, listed))][:2] for locator in locators]

    assert with_rows(script) == [["row0", "row1"], [], [], ["row1"], ["row0"], ["row2"], ["row1"]]
