"""The UiSelector language: what it finds, and what it refuses."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.ui.automation.errors import AutomationError
from framework.virtual.ui.automation.uiselector import Scene, parse
from framework.virtual.ui.tree import Bounds, Node

BOX = Bounds(0, 0, 10, 10)
TREE = Node(
    "root",
    "android.widget.FrameLayout",
    BOX,
    children=(
        Node("a", "android.widget.TextView", BOX, "p:id/a", text='Say "hi"'),
        Node(
            "list",
            "android.widget.ListView",
            BOX,
            "p:id/list",
            on_scroll=lambda _: None,
            children=(
                Node("one", "android.widget.TextView", BOX, "p:id/row", text="Row one"),
                Node("two", "android.widget.TextView", BOX, "p:id/row", text="Row two", content_desc="second"),
            ),
        ),
        Node("b", "android.widget.Button", BOX, "p:id/b", text="Go", enabled=False, on_click=lambda: None),
    ),
)


@pytest.mark.parametrize(
    ("selector", "keys"),
    [
        ("new UiSelector()", ["root", "a", "list", "one", "two", "b"]),
        ('new UiSelector().text("Row one")', ["one"]),
        (r'new UiSelector().text("Say \"hi\"")', ["a"]),
        ('new UiSelector().textContains("ROW")', ["one", "two"]),
        ('new UiSelector().textStartsWith("row t")', ["two"]),
        ('new UiSelector().textMatches("Row .*")', ["one", "two"]),
        ('new UiSelector().description("second")', ["two"]),
        ('new UiSelector().resourceIdMatches(".*:id/(a|b)")', ["a", "b"]),
        ('new UiSelector().className("android.widget.TextView").instance(1)', ["one"]),
        ('new UiSelector().resourceId("p:id/row").index(1)', ["two"]),
        ("new UiSelector().enabled(false)", ["b"]),
        ("new UiSelector().clickable(true);", ["b"]),
        ("new UiSelector().scrollable(true).childSelector(new UiSelector().index(0))", ["one"]),
        ('  new UiSelector( ) . packageName( "p" ) . focused( true ) ', ["two"]),
        ('new UiSelector().packageName("q")', []),
        ('UiSelector().text("Go")', ["b"]),
        ('.text("Go")', ["b"]),
        ('text("Go")', ["b"]),
        ('new UiSelector().text("Row two").fromParent(new UiSelector().text("Row one"))', ["one"]),
        ('new UiSelector().resourceId("p:id/row").fromParent(text("Row one"))', ["one"]),
        ('new UiSelector().resourceId("p:id/list").childSelector(text("Row one").fromParent(index(1)))', ["two"]),
        ('new UiSelector().textMatches("(?i)row .*").instance(1)', ["two"]),
        ('new UiSelector().descriptionStartsWith("SEC")', ["two"]),
        ('new UiSelector().classNameMatches(".*Layout")', ["root"]),
        ("new UiSelector().longClickable(true)", []),
    ],
)
def test_what_a_selector_finds(selector: str, keys: list[str]) -> None:
    """All conditions hold; in the order of the tree."""
    assert [node.key for node in parse(selector).find(TREE, Scene("p", "two"))] == keys


@pytest.mark.parametrize(
    "selector",
    [
        "",
        "new UiSelector().",
        "new UiSelector(1)",
        "new UiSelector().text(one)",
        'new UiSelector().text("one"',
        'new UiSelector().textMatches("(")',
        "new UiSelector().instance(first)",
        'new UiSelector().fromParent("x")',
        "new UiSelector().enabled(1)",
        "new UiSelector() and more",
        "new UiScrollable(new UiSelector())",
        "new UiObject()",
    ],
)
def test_what_is_refused(selector: str) -> None:
    """As an invalid selector, with the place."""
    with pytest.raises(AutomationError, match=r"invalid selector: .* at character"):
        parse(selector)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='newUiSlctor(). "\\textid1', max_size=60).map(lambda tail: "new UiSelector()" + tail))
def test_junk_is_parsed_or_refused(selector: str) -> None:
    """An invalid selector is the only thing that can come of it."""
    with suppress(AutomationError):
        parse(selector)
