"""JSON-RPC 2.0: which method a request names, and what it is answered."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from framework.virtual.apps.u2.errors import (
    INTERNAL,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    PARSE_ERROR,
    RpcError,
    of_automation,
)
from framework.virtual.apps.u2.screen import Whole
from framework.virtual.apps.u2.views import Views
from framework.virtual.ui.automation import Automation, AutomationError

Method = Callable[..., Awaitable[object]]


async def _pong() -> str:
    return "pong"


def methods(on: Automation) -> Mapping[str, Method]:
    """Every method of AutomatorService that is there, by its name."""
    whole, views = Whole(on), Views(on)

    async def click(*arguments: Any) -> bool:
        of_point = arguments and isinstance(arguments[0], int | float)
        return await (whole.click(*arguments) if of_point else views.click(*arguments))

    async def swipe(*arguments: Any) -> bool:
        of_points = arguments and isinstance(arguments[0], int | float)
        return await (whole.swipe(*arguments) if of_points else views.swipe(*arguments))

    return {"ping": _pong, "click": click, "swipe": swipe, **_of_screen(whole), **_of_views(views)}


def _of_screen(whole: Whole) -> Mapping[str, Method]:
    return {
        "deviceInfo": whole.device_info,
        "swipePoints": whole.swipe_points,
        "drag": whole.drag,
        "injectInputEvent": whole.inject,
        "pressKey": whole.press_key,
        "pressKeyCode": whole.press_key_code,
        "wakeUp": whole.wake_up,
        "sleep": whole.sleep,
        "isScreenOn": whole.is_screen_on,
        "clearInputText": whole.clear_input_text,
        "dumpWindowHierarchy": whole.dump,
        "takeScreenshot": whole.screenshot,
        "waitForIdle": whole.wait_for_idle,
        "setOrientation": whole.set_orientation,
        "freezeRotation": whole.freeze_rotation,
        "setClipboard": whole.set_clipboard,
        "getClipboard": whole.get_clipboard,
        "pasteClipboard": whole.paste_clipboard,
        "openNotification": whole.open_notification,
        "openQuickSettings": whole.open_notification,
        "getLastToast": whole.nothing,
        "clearLastToast": whole.nothing,
        "getLastTraversedText": whole.nothing,
        "clearLastTraversedText": whole.nothing,
    }


def _of_views(views: Views) -> Mapping[str, Method]:
    return {
        "exist": views.exist,
        "count": views.count,
        "waitForExists": views.wait_for_exists,
        "waitUntilGone": views.wait_until_gone,
        "objInfo": views.info,
        "objInfoOfAllInstances": views.infos,
        "getText": views.get_text,
        "setText": views.set_text,
        "clearTextField": views.clear_text,
        "longClick": views.long_click,
        "dragTo": views.drag_to,
        "gesture": views.gesture,
        "pinchIn": views.pinch_in,
        "pinchOut": views.pinch_out,
        "scrollForward": views.scroll_forward,
        "scrollBackward": views.scroll_backward,
        "scrollToEnd": views.scroll_to_end,
        "scrollToBeginning": views.scroll_to_beginning,
        "scrollTo": views.scroll_to,
        "flingForward": views.fling_forward,
        "flingBackward": views.fling_backward,
        "flingToEnd": views.fling_to_end,
        "flingToBeginning": views.fling_to_beginning,
        "childByText": views.child_by_text,
        "childByDescription": views.child_by_description,
        "childByInstance": views.child_by_instance,
    }


async def answer(table: Mapping[str, Method], body: bytes) -> bytes:
    """The response to one request's body."""
    number: object = None
    try:
        number, name, params = _read(body)
        told: dict[str, object] = {"result": await _call(table, name, params)}
    except RpcError as fault:
        told = {"error": {"code": fault.code, "message": fault.message, "data": ""}}
    return json.dumps({"jsonrpc": "2.0", "id": number} | told, ensure_ascii=False).encode()


def _read(body: bytes) -> tuple[object, str, Any]:
    try:
        request = json.loads(body)
    except ValueError as error:
        raise RpcError(PARSE_ERROR, f"Parse error: {error}") from None
    if not isinstance(request, dict) or not isinstance(request.get("method"), str):
        raise RpcError(INVALID_REQUEST, "Invalid Request")
    return request.get("id"), request["method"], request.get("params") or []


async def _call(table: Mapping[str, Method], name: str, params: Any) -> object:
    method = table.get(name)
    if method is None:
        raise RpcError(METHOD_NOT_FOUND, f"Method not found: {name}")
    arguments = list(params.values()) if isinstance(params, dict) else params
    try:
        inspect.signature(method).bind(*arguments)
    except TypeError as error:
        raise RpcError(INVALID_PARAMS, f"Invalid params: {name}: {error}") from None
    try:
        return await method(*arguments)
    except AutomationError as error:
        raise of_automation(error) from None
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise RpcError(INTERNAL, f"java.lang.IllegalArgumentException: {name}: {error!r}") from None
