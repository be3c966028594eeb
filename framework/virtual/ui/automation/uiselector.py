"""Locators of strategy `-android uiautomator`: a UiSelector with chained conditions.

Methods and their meaning as in androidx.test.uiautomator.UiSelector and QueryController.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from framework.virtual.ui.automation import uiexpression
from framework.virtual.ui.automation.uiexpression import Expression, Invocation, fits
from framework.virtual.ui.tree import Node

_TEXTS: Mapping[str, Callable[[Node, str], str]] = {
    "text": lambda node, _: node.said,
    "description": lambda node, _: node.content_desc,
    "resourceId": lambda node, _: node.resource_id,
    "className": lambda node, _: node.class_name,
    "packageName": lambda _, package: package,
}
_FLAGS: Mapping[str, Callable[[Node, str | None], bool]] = {
    "clickable": lambda node, _: node.clickable,
    "enabled": lambda node, _: node.enabled,
    "focusable": lambda node, _: node.focusable,
    "focused": lambda node, focus: node.key == focus,
    "scrollable": lambda node, _: node.scrollable,
    "selected": lambda node, _: node.selected,
    "checkable": lambda node, _: node.checkable,
    "checked": lambda node, _: node.checked,
    "longClickable": lambda node, _: node.long_clickable,
    "password": lambda node, _: node.password,
}
_COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "": lambda have, want: have == want,
    "Contains": lambda have, want: want.lower() in have.lower(),
    "StartsWith": lambda have, want: have.lower().startswith(want.lower()),
    "Matches": lambda have, want: re.fullmatch(want, have, re.DOTALL) is not None,
}
_COMPARABLE = {
    "text": ("", "Contains", "StartsWith", "Matches"),
    "description": ("", "Contains", "StartsWith", "Matches"),
    "resourceId": ("", "Matches"),
    "className": ("", "Matches"),
    "packageName": ("", "Matches"),
}
_TEXT_METHODS = {f"{name}{how}": (name, how) for name, hows in _COMPARABLE.items() for how in hows}

Condition = Callable[[Node, "Scene"], bool]


@dataclass(frozen=True, slots=True)
class Scene:
    """What a selector is held against: the package in front and the key of the focused view."""

    package: str
    focus: str | None


@dataclass(frozen=True, slots=True)
class UiSelector:
    """Conditions on one view; with `child` or `sibling` what is found is below it, or below the view that it is in."""

    conditions: tuple[Condition, ...] = ()
    index: int | None = None
    instance: int | None = None
    child: UiSelector | None = None
    sibling: UiSelector | None = None

    def find(self, root: Node, scene: Scene) -> Iterator[Node]:
        """The views below `root`, itself included, in the order of the tree, each once."""
        parents = {child.key: node for node in root.walk() for child in node.children}
        seen = set[str]()
        for node in self._among(_numbered(root), scene, parents):
            if node.key not in seen:
                seen.add(node.key)
                yield node

    def _among(self, views: Iterable[tuple[Node, int]], scene: Scene, parents: Mapping[str, Node]) -> Iterator[Node]:
        found = [node for node, index in views if self._meets(node, index, scene)]
        if self.instance is not None:
            found = found[self.instance : self.instance + 1]
        for node in found:
            if self.child is not None:
                yield from self.child._among(islice(_numbered(node), 1, None), scene, parents)
            elif self.sibling is None:
                yield node
            elif node.key in parents:
                beside = islice(_numbered(parents[node.key]), 1, None)
                yield from self.sibling._among(beside, scene, parents)

    def _meets(self, node: Node, index: int, scene: Scene) -> bool:
        return self.index in (None, index) and all(condition(node, scene) for condition in self.conditions)


def parse(text: str) -> UiSelector:
    """Read one selector; an AutomationError "invalid selector" says what is wrong with it."""
    first, *more = uiexpression.parse(text)
    if more:
        uiexpression.fail(text, more[0].constructor.at, "the selector should end")
    return selector_of(first, text)


def selector_of(expression: Expression, text: str) -> UiSelector:
    """What an expression in the locator `text` selects."""
    built = expression.constructor
    if built.name != "UiSelector" or built.arguments:
        uiexpression.fail(text, built.at, "new UiSelector() expected")
    selector = UiSelector()
    for call in expression.calls:
        selector = _with(selector, call, text)
    return selector


def _with(selector: UiSelector, call: Invocation, text: str) -> UiSelector:
    match call.name, call.arguments:
        case "childSelector", (Expression() as below,):
            return replace(selector, child=selector_of(below, text))
        case "fromParent", (Expression() as beside,):
            return replace(selector, sibling=selector_of(beside, text))
        case "index", (int(number),) if not isinstance(number, bool):
            return replace(selector, index=number)
        case "instance", (int(number),) if not isinstance(number, bool):
            return replace(selector, instance=number)
    return replace(selector, conditions=(*selector.conditions, _condition(call, text)))


def _condition(call: Invocation, text: str) -> Condition:
    name = call.name
    if name in _FLAGS and (fits(call, bool) or fits(call)):
        wanted = bool(call.arguments[0]) if call.arguments else True
        return lambda node, scene: _FLAGS[name](node, scene.focus) == wanted
    if name not in _TEXT_METHODS or not fits(call, str):
        uiexpression.fail(text, call.at, f"UiSelector has no method {name} with these arguments")
    of, how = _TEXT_METHODS[name]
    value = str(call.arguments[0])
    if how == "Matches":
        _check_pattern(value, call, text)
    return lambda node, scene: _COMPARISONS[how](_TEXTS[of](node, scene.package), value)


def _check_pattern(pattern: str, call: Invocation, text: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        uiexpression.fail(text, call.at, f"bad regular expression: {error}")


def _numbered(root: Node, index: int = 0) -> Iterator[tuple[Node, int]]:
    """Every node with its index among its siblings."""
    yield root, index
    for number, child in enumerate(root.children):
        yield from _numbered(child, number)
