"""`new UiScrollable(SELECTOR).scrollIntoView(SELECTOR)` and its kin: a list is scrolled until what is wanted shows.

androidx.test.uiautomator.UiScrollable; which method gives the element that was asked for, as UiScrollableParser of
appium-uiautomator2-server decides it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from framework.virtual.ui.automation import gestures, uiexpression
from framework.virtual.ui.automation.client import Automation
from framework.virtual.ui.automation.uiexpression import Expression, Invocation
from framework.virtual.ui.automation.uiselector import Scene, UiSelector, selector_of
from framework.virtual.ui.tree import Node

MAX_SWIPES = 30
"""UiScrollable.mMaxSearchSwipes"""

SWIPE_SHARE = 0.8
"""Part of the list that one swipe moves it by: the dead zones at both ends are left out."""


@dataclass(frozen=True, slots=True)
class _Scrollable:
    selector: UiSelector
    vertical: bool = True
    max_swipes: int = MAX_SWIPES

    @property
    def forward(self) -> str:
        return "down" if self.vertical else "right"

    @property
    def backward(self) -> str:
        return "up" if self.vertical else "left"


async def resolve(on: Automation, expression: Expression, text: str) -> UiSelector:
    """Do what the expression says, in device time; the selector of the view that it leads to."""
    built = expression.constructor
    if len(built.arguments) != 1 or not isinstance(built.arguments[0], Expression):
        uiexpression.fail(text, built.at, "new UiScrollable(new UiSelector()…) expected")
    listed = _Scrollable(selector_of(built.arguments[0], text))
    target = listed.selector
    for call in expression.calls:
        listed = _configured(listed, call)
        wanted = _wanted(listed, call, text)
        if wanted is not None:
            target = wanted
            await _into_view(on, listed, wanted)
        elif call.name.startswith(("scroll", "fling")):
            await _move(on, listed, call, text)
        elif not call.name.startswith("set"):
            uiexpression.fail(text, call.at, f"UiScrollable has no method {call.name} with these arguments")
    return target


def _configured(listed: _Scrollable, call: Invocation) -> _Scrollable:
    match call.name, call.arguments:
        case "setAsHorizontalList", ():
            return replace(listed, vertical=False)
        case "setAsVerticalList", ():
            return replace(listed, vertical=True)
        case "setMaxSearchSwipes", (int(swipes),):
            return replace(listed, max_swipes=swipes)
    return listed


def _wanted(listed: _Scrollable, call: Invocation, text: str) -> UiSelector | None:
    """What the list is to be scrolled to; None where a call only moves it, or sets something."""
    match call.name, call.arguments:
        case "scrollIntoView", (Expression() as wanted,):
            return selector_of(wanted, text)
        case "scrollTextIntoView", (str(words),):
            return UiSelector((lambda node, _: node.said == words,))
        case "scrollDescriptionIntoView", (str(words),):
            return UiSelector((lambda node, _: node.content_desc == words,))
        case "getChildByText", (Expression() as row, str(words), *_):
            return _child(listed, selector_of(row, text), lambda node: node.said == words)
        case "getChildByDescription", (Expression() as row, str(words), *_):
            return _child(listed, selector_of(row, text), lambda node: node.content_desc == words)
        case "getChildByInstance", (Expression() as row, int(number)):
            return replace(listed.selector, child=replace(selector_of(row, text), instance=number))
    return None


def _child(listed: _Scrollable, row: UiSelector, holds: Callable[[Node], bool]) -> UiSelector:
    """The row of the list that is, or has in it, a view for which that holds."""
    matching = replace(row, conditions=(*row.conditions, lambda node, _: any(map(holds, node.walk()))))
    return replace(listed.selector, child=matching)


async def _into_view(on: Automation, listed: _Scrollable, wanted: UiSelector) -> None:
    """From where it is if it shows already; else from the beginning on."""
    if _found(on, wanted) or not await _to_end(on, listed, listed.backward):
        return
    for _ in range(listed.max_swipes):
        if _found(on, wanted):
            return
        if not await _swipe(on, listed, listed.forward):
            return


async def _move(on: Automation, listed: _Scrollable, call: Invocation, text: str) -> None:
    swipes = next((int(each) for each in call.arguments if isinstance(each, int)), listed.max_swipes)
    match call.name.removeprefix("scroll").removeprefix("fling"):
        case "Forward":
            await _swipe(on, listed, listed.forward)
        case "Backward":
            await _swipe(on, listed, listed.backward)
        case "ToBeginning":
            await _to_end(on, listed, listed.backward, swipes)
        case "ToEnd":
            await _to_end(on, listed, listed.forward, swipes)
        case _:
            uiexpression.fail(text, call.at, f"UiScrollable has no method {call.name} with these arguments")


async def _to_end(on: Automation, listed: _Scrollable, direction: str, swipes: int | None = None) -> bool:
    """As far as it goes; False where there is no such list."""
    for _ in range(listed.max_swipes if swipes is None else swipes):
        if not await _swipe(on, listed, direction):
            break
    return bool(_found(on, listed.selector))


async def _swipe(on: Automation, listed: _Scrollable, direction: str) -> bool:
    """Whether the list had more to show that way."""
    found = _found(on, listed.selector)
    if not found or not gestures.can_scroll(on, found[0].bounds, direction):
        return False
    await gestures.scroll(on, found[0].bounds, direction, SWIPE_SHARE)
    return True


def _found(on: Automation, selector: UiSelector) -> list[Node]:
    return list(selector.find(on.screen.tree(), Scene(on.package, on.screen.focus)))
