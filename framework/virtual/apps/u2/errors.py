"""What a method of the server ends with when it does not answer."""

from __future__ import annotations

from framework.virtual.ui.automation.errors import AutomationError

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
"""JSON-RPC 2.0, section 5.1"""

INTERNAL, NOT_FOUND = -32001, -32002
"""AutomatorService.ERROR_CODE_BASE and what it adds for UiObjectNotFoundException."""


class RpcError(Exception):
    """The error object of a response."""

    def __init__(self, code: int, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


def not_found(selector: object) -> RpcError:
    return RpcError(NOT_FOUND, f"androidx.test.uiautomator.UiObjectNotFoundException: {selector}")


def of_automation(fault: AutomationError) -> RpcError:
    """What the automation refused: a view that is not there, or arguments that it cannot use."""
    if fault.error in ("no such element", "stale element reference"):
        return not_found(fault)
    return RpcError(INTERNAL, f"java.lang.IllegalStateException: {fault}")
