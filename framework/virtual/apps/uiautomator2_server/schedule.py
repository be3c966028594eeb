"""Actions that the server repeats by itself (`mobile: scheduleAction`; ScheduledActionsManager.java)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from framework.virtual.apps.uiautomator2_server.elements import parts
from framework.virtual.ui.automation import Automation, AutomationError, find, window
from framework.virtual.ui.automation.arguments import argument
from framework.virtual.ui.automation.errors import outcome
from framework.virtual.ui.automation.mobile_gestures import GESTURES

MS = 1_000_000
SUBTYPES: Mapping[str, tuple[str, ...]] = {
    "gesture": ("click", "doubleClick", "longClick"),
    "source": ("xml",),
    "screenshot": ("png",),
}


@dataclass(slots=True)
class Scheduled:
    """One action; the newest results are the first. Limits below 1 are none."""

    name: str
    steps: tuple[Mapping[str, Any], ...]
    times: int
    interval_ns: int
    most_kept: int
    most_passed: int
    most_failed: int
    repeats: int = 0
    passed: int = 0
    results: list[list[dict[str, Any]]] = field(default_factory=list)
    task: asyncio.Task[None] | None = None

    @property
    def history(self) -> dict[str, Any]:
        return {"repeats": self.repeats, "stepResults": self.results}

    @property
    def over(self) -> bool:
        failed = self.repeats - self.passed
        enough = 0 < self.most_passed <= self.passed or 0 < self.most_failed <= failed
        return enough or self.repeats >= self.times

    def note(self, results: list[dict[str, Any]]) -> None:
        self.results = [results, *self.results[: self.most_kept - 1]]
        self.repeats += 1
        self.passed += all(result["passed"] for result in results)


class Schedule:
    """The scheduled actions of one session, by name."""

    def __init__(self) -> None:
        self._actions: dict[str, Scheduled] = {}

    def add(self, on: Automation, body: Mapping[str, Any]) -> None:
        """Begin at once; an AutomationError "invalid argument" for what cannot be scheduled."""
        action = _read(body)
        if action.name in self._actions:
            raise AutomationError("invalid argument", f"the action {action.name!r} has been scheduled already")
        self._actions[action.name] = action
        action.task = asyncio.create_task(_repeat(on, action))

    def history(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._known(body).history

    def remove(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Stop an action and forget it; its history."""
        action = self._known(body)
        del self._actions[action.name]
        _cancel(action)
        return action.history

    def clear(self) -> None:
        for action in self._actions.values():
            _cancel(action)
        self._actions.clear()

    def _known(self, body: Mapping[str, Any]) -> Scheduled:
        name = argument(body, "name", str)
        if name not in self._actions:
            raise AutomationError("invalid argument", f"the action name {name!r} is not known")
        return self._actions[name]


def _cancel(action: Scheduled) -> None:
    if action.task is not None:
        action.task.cancel()


def _read(body: Mapping[str, Any]) -> Scheduled:
    given = {name: value for name, value in body.items() if value is not None}
    name, steps = argument(given, "name", str), argument(given, "steps", list)
    if not name.strip() or not steps or not all(isinstance(step, dict) for step in steps):
        raise AutomationError("invalid argument", "an action needs a name and at least one step")
    interval_ms = argument({"intervalMs": 1000} | given, "intervalMs", int)
    most_kept = argument({"maxHistoryItems": 20} | given, "maxHistoryItems", int)
    if interval_ms < 0 or most_kept < 1:
        raise AutomationError("invalid argument", "intervalMs must not be negative, maxHistoryItems at least 1")
    times, most_passed, most_failed = (
        argument({key: default} | given, key, int) for key, default in (("times", 1), ("maxPass", -1), ("maxFail", -1))
    )
    return Scheduled(name, tuple(steps), times, interval_ms * MS, most_kept, most_passed, most_failed)


async def _repeat(on: Automation, action: Scheduled) -> None:
    while True:
        action.note([await _result(on, step) for step in action.steps])
        if action.over:
            return
        await on.device.clock.sleep(action.interval_ns)


async def _result(on: Automation, step: Mapping[str, Any]) -> dict[str, Any]:
    at_ms = on.device.clock.wall_ns() // MS
    status, value = await outcome(_run(on, step))
    passed = status == 200
    error = value if not passed and isinstance(value, dict) else {}
    told = {"name": error.get("error"), "message": error.get("message"), "stacktrace": error.get("stacktrace")}
    return {
        "name": step.get("name"),
        "type": step.get("type"),
        "timestamp": at_ms,
        "passed": passed,
        "result": value if passed else None,
        "exception": None if passed else told,
    }


async def _run(on: Automation, step: Mapping[str, Any]) -> object:
    kind, payload = argument(step, "type", str), argument(step, "payload", dict)
    subtype = argument(payload, "subtype", str)
    if subtype not in SUBTYPES.get(kind, ()):
        raise AutomationError("invalid argument", f"a step of type {kind!r} has no subtype {subtype!r}")
    if kind == "source":
        return window.source(on)
    if kind == "screenshot":
        return await window.screenshot(on)
    return await _gesture(on, f"{subtype}Gesture", {key: value for key, value in payload.items() if key != "subtype"})


async def _gesture(on: Automation, name: str, payload: dict[str, Any]) -> object:
    """In an element that is named, or found by its locator."""
    locator = payload.pop("locator", None)
    options = parts(payload)
    if isinstance(locator, dict):
        strategy, selector = argument(locator, "strategy", str), argument(locator, "selector", str)
        options["elementId"] = on.refer_to(await find.find_one(on, strategy, selector))
    return await GESTURES[name](on, options)
