"""Attributes of elements and the page source, as appium-uiautomator2-server gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from framework.virtual.ui.automation import Automation, AutomationError, gestures, window
from framework.virtual.ui.automation.attributes import attribute
from framework.virtual.ui.automation.find import find_one

if TYPE_CHECKING:
    from conftest import Rows, WithRows


ATTRIBUTES = (
    ("row", "text", "row 0"),
    ("row", "name", "row 0"),
    ("row", "contentDescription", "number 0"),
    ("row", "content-desc", "number 0"),
    ("row", "RESOURCEID", "com.miui.home:id/row"),
    ("row", "className", "android.widget.TextView"),
    ("row", "package", "com.miui.home"),
    ("row", "longClickable", "true"),
    ("row", "bounds", "[0,300][1080,500]"),
    ("row", "displayed", "true"),
    ("row", "hint", None),
    ("field", "content-desc", None),
    ("field", "text", "Search"),
    ("field", "hint", "Search"),
    ("field", "showing-hint", "true"),
    ("field", "password", "false"),
    ("list", "scrollable", "true"),
    (
        "list",
        "contentSize",
        '{"width":1080,"height":2000,"top":300,"left":0,"scrollableOffset":10000,"touchPadding":0}',
    ),
)
"""Element, attribute, value."""


def test_attributes(with_rows: WithRows) -> None:
    """By any of their names, in any case; null where a view has none."""

    async def script(on: Automation, rows: Rows) -> list[tuple[str, str, str | None]]:
        found = {name: await find_one(on, "id", name) for name in ("row", "field", "list")}
        return [(element, name, attribute(on, found[element], name)) for element, name, _ in ATTRIBUTES]

    assert with_rows(script) == list(ATTRIBUTES)


def test_one_that_there_is_not(with_rows: WithRows) -> None:
    """In the server's words."""

    async def script(on: Automation, rows: Rows) -> None:
        with pytest.raises(AutomationError, match=r"unknown command: .index. attribute is unknown for the element"):
            attribute(on, await find_one(on, "id", "row"), "index")

    with_rows(script)


def test_the_source(with_rows: WithRows) -> None:
    """Elements are named by their class; the root tells of the display; attributes in the server's order."""

    async def script(on: Automation, rows: Rows) -> tuple[str, str]:
        await gestures.click(on, (500, 200))
        on.screen.type("abc")
        return window.source(on), on.screen.xml()

    source, dump = with_rows(script)
    assert source.startswith(
        "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\r\n"
        '<hierarchy index="0" class="hierarchy" rotation="0" width="1080" height="2400">\r\n'
        '  <android.widget.FrameLayout index="0" package="com.miui.home" class="android.widget.FrameLayout" text="" '
    )
    root = etree.fromstring(source.encode())
    field: Any = root.find(".//android.widget.EditText")
    assert list(field.attrib)[:6] == ["index", "package", "class", "text", "resource-id", "checkable"]
    assert [field.get(name) for name in ("focused", "selection-start", "selection-end", "input-type")] == [
        "true",
        "3",
        "3",
        "1",
    ]
    assert "pocketfarm" not in source
    assert etree.fromstring(dump.encode()).find(".//node[@class='android.widget.EditText']") is not None
