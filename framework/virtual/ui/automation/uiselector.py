"""Locators of strategy `-android uiautomator`: a `new UiSelector()` with chained conditions.

Methods and their meaning as in androidx.test.uiautomator.UiSelector; `UiScrollable`, `fromParent` and layout
relations are not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NoReturn

from framework.virtual.ui.automation.errors import AutomationError
from framework.virtual.ui.tree import Node

_START = re.compile(r"\s*new\s+UiSelector\s*\(\s*\)")
_CALL = re.compile(r"\s*\.\s*(?P<name>\w+)\s*\(\s*")
_STRING = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"')
_WORD = re.compile(r"true|false|-?\d+")
_END = re.compile(r"\s*\)")

_TEXTS: Mapping[str, Callable[[Node, str], str]] = {
    "text": lambda node, _: node.text or node.hint,
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


@dataclass(frozen=True, slots=True)
class Scene:
    """What a selector is held against: the package in front and the key of the focused view."""

    package: str
    focus: str | None


@dataclass(frozen=True, slots=True)
class UiSelector:
    """Conditions on one view; with `child`, what is found is a view below that meets those."""

    conditions: tuple[Callable[[Node, Scene], bool], ...] = ()
    index: int | None = None
    instance: int | None = None
    child: UiSelector | None = None

    def find(self, root: Node, scene: Scene) -> Iterator[Node]:
        """The views below `root`, itself included, in the order of the tree."""
        yield from self._among(_numbered(root), scene)

    def _among(self, views: Iterable[tuple[Node, int]], scene: Scene) -> Iterator[Node]:
        found = [node for node, index in views if self._meets(node, index, scene)]
        if self.instance is not None:
            found = found[self.instance : self.instance + 1]
        for node in found:
            if self.child is None:
                yield node
            else:
                yield from self.child._among(islice(_numbered(node), 1, None), scene)

    def _meets(self, node: Node, index: int, scene: Scene) -> bool:
        return self.index in (None, index) and all(condition(node, scene) for condition in self.conditions)


def parse(text: str) -> UiSelector:
    """Read a selector; a AutomationError "invalid selector" says what is wrong with it."""
    parser = _Parser(text)
    selector = parser.selector()
    parser.expect_end()
    return selector


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def selector(self) -> UiSelector:
        if not self._accept(_START):
            self._fail("new UiSelector() expected")
        conditions: list[Callable[[Node, Scene], bool]] = []
        numbers: dict[str, int] = {}
        child: UiSelector | None = None
        while (call := self._accept(_CALL)) is not None:
            name = call["name"]
            if name == "childSelector":
                child = self.selector()
            elif name in ("index", "instance"):
                numbers[name] = int(self._word())
            else:
                conditions.append(self._condition(name))
            if not self._accept(_END):
                self._fail(f"{name}(…) is not closed")
        return UiSelector(tuple(conditions), numbers.get("index"), numbers.get("instance"), child)

    def expect_end(self) -> None:
        if self._text[self._at :].strip(" \t\n;"):
            self._fail("the selector should end")

    def _condition(self, name: str) -> Callable[[Node, Scene], bool]:
        if name in _FLAGS:
            wanted = self._word() == "true" if _WORD.match(self._text, self._at) else True
            return lambda node, scene: _FLAGS[name](node, scene.focus) == wanted
        if name not in _TEXT_METHODS:
            self._fail(f"UiSelector.{name} is not known here")
        of, how = _TEXT_METHODS[name]
        value = self._string()
        if how == "Matches":
            self._check_pattern(value)
        return lambda node, scene: _COMPARISONS[how](_TEXTS[of](node, scene.package), value)

    def _check_pattern(self, pattern: str) -> None:
        try:
            re.compile(pattern)
        except re.error as error:
            self._fail(f"bad regular expression: {error}")

    def _string(self) -> str:
        found = self._accept(_STRING)
        if found is None:
            self._fail("a string expected")
        return re.sub(r"\\(.)", r"\1", found["text"])

    def _word(self) -> str:
        found = self._accept(_WORD)
        if found is None:
            self._fail("a number or a truth value expected")
        return found[0]

    def _accept(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _fail(self, what: str) -> NoReturn:
        raise AutomationError("invalid selector", f"{what} at character {self._at} of {self._text!r}")


def _numbered(root: Node, index: int = 0) -> Iterator[tuple[Node, int]]:
    """Every node with its index among its siblings."""
    yield root, index
    for number, child in enumerate(root.children):
        yield from _numbered(child, number)
