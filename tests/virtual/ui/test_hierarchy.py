"""The tree as XML in Appium's form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from framework.virtual.ui.hierarchy import source_xml

if TYPE_CHECKING:
    from framework.virtual.ui.screen import Screen


def test_the_source_is_named_by_classes(screen: Screen) -> None:
    """With the size of the screen, hints and visibility; the keys of the views stay inside."""
    root = etree.fromstring(source_xml(screen.source()).encode())
    assert (root.tag, root.get("width"), root.get("height")) == ("hierarchy", "400", "800")
    (entry,) = root.findall(".//android.widget.EditText")
    assert (entry.get("hint"), entry.get("text"), entry.get("displayed")) == ("Say <something>",) * 2 + ("true",)
    assert "pocketfarm" not in source_xml(screen.source())


def test_one_layout_has_one_source(screen: Screen) -> None:
    """It is built again only when the screen has changed."""
    first = screen.source()
    assert screen.source() is first
    screen.tap(50, 50)
    assert screen.source() is not first
