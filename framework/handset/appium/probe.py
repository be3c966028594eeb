"""What an Appium server that somebody else runs can do, asked before it is needed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from framework.contract.errors import UsageError
from framework.handset.appium.install import MAJOR

_ANSWER_S = 20.0
_NOT_TO_BE_OPENED = {
    "platformName": "Android",
    "appium:automationName": "UiAutomator2",
    "appium:systemPort": "none",
}
"""Capabilities that the driver refuses before it looks for a handset, and a server without the driver otherwise."""


def appium_version(url: str) -> str:
    """Version of the Appium server at `url`; UsageError with the mend where it will not do for the farm."""
    from requests import RequestException, Session

    shown = without_secrets(url)
    with Session() as session:
        session.trust_env = False  # no proxy, no .netrc
        try:
            answer = session.get(f"{url.rstrip('/')}/status", timeout=_ANSWER_S)
            version = _version(answer.json())
            refused = session.post(f"{url.rstrip('/')}/session", json=_wanted(), timeout=_ANSWER_S).json()
        except RequestException as error:
            raise _unreachable(shown, error) from error
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{shown} answers, but is no Appium server: give the URL with its base path") from error
    if version.partition(".")[0] != str(MAJOR):
        raise UsageError(
            f"{shown} is Appium {version}, and the farm needs Appium {MAJOR}: npm install -g appium@{MAJOR} there, "
            "or --appium auto"
        )
    if "Could not find a driver" in str(refused.get("value")):
        raise UsageError(f"{shown} has no uiautomator2 driver: appium driver install uiautomator2 there")
    return version


def without_secrets(url: str) -> str:
    """The URL without user and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def is_on_this_machine(url: str) -> bool:
    """Whether the server shares our loopback, on which virtual handsets and our own adb server listen."""
    return (urlsplit(url).hostname or "") in ("127.0.0.1", "localhost", "::1")


def _version(status: Any) -> str:
    version: str = status["value"]["build"]["version"]
    if not version[:1].isdecimal():
        raise ValueError(version)
    return version


def _wanted() -> dict[str, Any]:
    return {"capabilities": {"alwaysMatch": _NOT_TO_BE_OPENED, "firstMatch": [{}]}}


def _unreachable(shown: str, error: Exception) -> UsageError:
    from requests import JSONDecodeError, Timeout

    if isinstance(error, JSONDecodeError):
        return UsageError(f"{shown} answers, but is no Appium server: give the URL with its base path")
    why = f"no answer within {_ANSWER_S:g} s" if isinstance(error, Timeout) else "nothing listens there"
    return UsageError(
        f"no Appium server answers at {shown} ({why}): start it with `appium`, or let --appium auto do so"
    )
