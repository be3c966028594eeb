"""The endpoint without a client library: the exact words of the W3C recommendation."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import InLab, Lab


def ask(lab: Lab, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """Status and `value` of one request; a str is sent as it is."""
    connection = http.client.HTTPConnection(*lab.address, timeout=10)
    content = body if isinstance(body, str) else None if body is None else json.dumps(body)
    connection.request(method, path, content)
    response = connection.getresponse()
    value = json.loads(response.read())["value"]
    connection.close()
    return response.status, value


def new_session(lab: Lab, **capabilities: Any) -> str:
    status, value = ask(lab, "POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
    assert status == 200, value
    return str(value["sessionId"])


def test_it_is_ready(in_lab: InLab) -> None:
    """Before there is any session."""
    status, value = in_lab(lambda lab: ask(lab, "GET", "/status"))
    assert (status, value["ready"]) == (200, True)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "error"),
    [
        ("GET", "/nowhere", None, 404, "unknown command"),
        ("GET", "/session/{id}/nowhere", None, 404, "unknown command"),
        ("DELETE", "/session/{id}/source", None, 405, "unknown method"),
        ("GET", "/session/other/source", None, 404, "invalid session id"),
        ("DELETE", "/session/other", None, 404, "invalid session id"),
        ("POST", "/session/{id}/element", "{not json", 400, "invalid argument"),
        ("POST", "/session/{id}/element", [1], 400, "invalid argument"),
        ("POST", "/session/{id}/element", {"using": "id"}, 400, "invalid argument"),
        ("POST", "/session/{id}/element", {"using": "id", "value": "none"}, 404, "no such element"),
        ("POST", "/session/{id}/element/nothing/click", {}, 404, "no such element"),
        ("GET", "/session/{id}/element/active", None, 404, "no such element"),
        ("POST", "/session/{id}/timeouts", {"implicit": -1}, 400, "invalid argument"),
        ("POST", "/session/{id}/timeouts", {"implicit": "long"}, 400, "invalid argument"),
        ("POST", "/session/{id}/actions", {"actions": [{"type": "pointer"}]}, 400, "invalid argument"),
        (
            "POST",
            "/session/{id}/actions",
            {"actions": [{"type": "x", "actions": [{"type": "y"}]}]},
            400,
            "invalid argument",
        ),
        ("POST", "/session/{id}/execute/sync", {"script": "return 1", "args": []}, 404, "unknown command"),
        ("POST", "/session", {"capabilities": []}, 400, "invalid argument"),
        ("POST", "/session", {"capabilities": {"alwaysMatch": {"bogus": 1}}}, 400, "invalid argument"),
        ("POST", "/session", {"capabilities": {"firstMatch": []}}, 400, "invalid argument"),
        ("POST", "/session", {"capabilities": {"alwaysMatch": {"platformName": "ios"}}}, 500, "session not created"),
    ],
)
def test_errors_have_w3c_names_and_statuses(
    in_lab: InLab, method: str, path: str, body: object, status: int, error: str
) -> None:
    """With a message and a stack trace field, as section 6.6 asks."""

    def fail(lab: Lab) -> tuple[int, Any]:
        return ask(lab, method, path.replace("{id}", new_session(lab)), body)

    got, value = in_lab(fail)
    assert (got, value["error"], sorted(value)) == (status, error, ["error", "message", "stacktrace"])


def test_the_first_match_that_fits_is_taken(in_lab: InLab) -> None:
    """And merged with what always holds."""

    def match(lab: Lab) -> dict[str, Any]:
        wanted = {
            "alwaysMatch": {"appium:noReset": True},
            "firstMatch": [{"platformName": "ios"}, {"platformName": "android"}],
        }
        status, value = ask(lab, "POST", "/session", {"capabilities": wanted})
        assert status == 200
        return dict(value["capabilities"])

    capabilities = in_lab(match)
    assert (capabilities["noReset"], capabilities["platformName"]) == (True, "Android")


def test_timeouts_are_kept(in_lab: InLab) -> None:
    """As they were set; the others keep their defaults."""

    def keep(lab: Lab) -> Any:
        session = new_session(lab)
        ask(lab, "POST", f"/session/{session}/timeouts", {"implicit": 500, "script": None})
        return ask(lab, "GET", f"/session/{session}/timeouts")

    assert in_lab(keep) == (200, {"implicit": 500, "script": None, "pageLoad": 300_000})
