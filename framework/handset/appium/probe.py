"""What an Appium server that somebody else runs can do, asked before it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from framework.contract.errors import UsageError
from framework.handset.appium.install import MAJOR

_ANSWER_S = 20.0
_OURS = "pocketfarm"
"""Name of the build of a virtual handset's endpoint; Appium tells no name."""
_NOT_TO_BE_OPENED = {
    "platformName": "Android",
    "appium:automationName": "UiAutomator2",
    "appium:systemPort": "none",
}
"""Capabilities that the driver refuses before it looks for a handset, and a server without the driver otherwise."""


class NoAnswerError(UsageError):
    """Nothing answers at the URL: its server may have died, or never have been started."""


@dataclass(frozen=True, slots=True)
class Server:
    """What answers at a URL; `adb`: it reaches handsets through an adb server, and is no handset's own endpoint."""

    told: str
    adb: bool


def look_at(url: str) -> Server:
    """The Appium server at `url`, or a virtual handset's endpoint; UsageError with the mend where it will not do.

    NoAnswerError where nothing answers.
    """
    from requests import RequestException, Session

    shown = without_secrets(url)
    with Session() as session:
        session.trust_env = False  # no proxy, no .netrc
        try:
            answer = session.get(f"{url.rstrip('/')}/status", timeout=_ANSWER_S)
            build = _build(answer.json())
            if build.get("name") == _OURS:
                return Server(f"embedded endpoint at {shown}", adb=False)
            version = build["version"]
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
    return Server(f"Appium {version} at {shown}", adb=True)


def without_secrets(url: str) -> str:
    """The URL without user and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def is_on_this_machine(url: str) -> bool:
    """Whether the server shares our loopback, on which virtual handsets and our own adb server listen."""
    return (urlsplit(url).hostname or "") in ("127.0.0.1", "localhost", "::1")


def _build(status: Any) -> dict[str, str]:
    build: dict[str, str] = status["value"]["build"]
    if not build["version"][:1].isdecimal():
        raise ValueError(build)
    return build


def _wanted() -> dict[str, Any]:
    return {"capabilities": {"alwaysMatch": _NOT_TO_BE_OPENED, "firstMatch": [{}]}}


def _unreachable(shown: str, error: Exception) -> UsageError:
    from requests import JSONDecodeError, Timeout

    if isinstance(error, JSONDecodeError):
        return UsageError(f"{shown} answers, but is no Appium server: give the URL with its base path")
    why = f"no answer within {_ANSWER_S:g} s" if isinstance(error, Timeout) else "nothing listens there"
    return NoAnswerError(
        f"no Appium server answers at {shown} ({why}): start it with `appium`, or let --appium auto do so"
    )
