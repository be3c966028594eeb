"""The selectors of the Python client: a UiSelector as a JSON object, with a chain of children and siblings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from framework.virtual.apps.u2.errors import INVALID_PARAMS, RpcError
from framework.virtual.ui.automation import Automation
from framework.virtual.ui.automation.uiselector import Scene, UiSelector, parse
from framework.virtual.ui.tree import Node

CHAIN, CHAINED, MASK, INSTANCE = "childOrSibling", "childOrSiblingSelector", "mask", "instance"

Selector = Mapping[str, Any]


def find(on: Automation, selector: Selector, below: Node | None = None) -> Sequence[Node]:
    """All views that match, in the order of the tree: on the whole screen, or below a view, itself left out."""
    found = _level(on, selector, [below or on.screen.tree()], inside=below is not None)
    chain = zip(selector.get(CHAIN, ()), selector.get(CHAINED, ()), strict=True)
    for kind, then in chain:
        found = _level(on, then, found if kind == "child" else _parents(on, found), inside=True)
    return found


def _level(on: Automation, selector: Selector, roots: Iterable[Node], *, inside: bool) -> list[Node]:
    """What one UiSelector finds in each of the views; with an instance that one alone."""
    compiled, scene = _compiled(selector), Scene(on.package, on.screen.focus)
    found = []
    for root in roots:
        matches = [node for node in compiled.find(root, scene) if not inside or node is not root]
        if INSTANCE in selector:
            matches = matches[selector[INSTANCE] :][:1]
        found += matches
    return found


def _parents(on: Automation, nodes: Iterable[Node]) -> list[Node]:
    children = {id(child): node for node in on.screen.tree().walk() for child in node.children}
    return [children[id(node)] for node in nodes if id(node) in children]


def _compiled(selector: Selector) -> UiSelector:
    """By way of UiSelector's Java text, which has names and meaning of each condition."""
    if not isinstance(selector, dict):
        raise RpcError(INVALID_PARAMS, f"a selector expected, not {selector!r}")
    conditions = [
        f".{name}({json.dumps(value, ensure_ascii=False)})"
        for name, value in selector.items()
        if name not in (CHAIN, CHAINED, MASK, INSTANCE)
    ]
    return parse("new UiSelector()" + "".join(conditions))
