"""The genuine Appium 3 and a Node client, WebdriverIO, on a virtual handset that is fresh."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from support.appium_lab import DEADLINE_S, PACKAGE, PROFILE, WEIGHTS

from framework.virtual.profiles import load_profile

if TYPE_CHECKING:
    from support.appium_lab import AppiumLab

    from framework.handset.appium.install import Installation

pytestmark = pytest.mark.foreign

CLIENT = Path(__file__).parents[3] / ".ci/foreign/node_modules/webdriverio"


@pytest.fixture(scope="module")
def said(lab: AppiumLab, appium: Installation) -> dict[str, Any]:
    if not CLIENT.is_dir():
        pytest.skip(f"no WebdriverIO: npm ci in {CLIENT.parents[1]}")
    module = (CLIENT / json.loads((CLIENT / "package.json").read_text())["main"]).resolve().as_uri()
    capabilities = lab.capabilities(
        lab.furnish("node"),
        appPackage=PACKAGE,
        appActivity=".ConversationActivity",
        optionalIntentArguments=f"--es model {WEIGHTS}",
    )
    script = Path(__file__).with_name("appium_session.mjs")
    arguments = (module, str(urlsplit(lab.url).port), json.dumps(capabilities), PACKAGE)
    command = [str(appium.node.program), str(script), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S)
    assert ran.returncode == 0, f"{ran.stdout[-3000:]}\n{ran.stderr[-6000:]}"
    result: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return result


def test_a_conversation(said: dict[str, Any]) -> None:
    """Typed, corrected by a key, sent, answered; found by id, description, UiSelector and XPath."""
    question = "What is the capital of France"
    assert (said["model"], said["activity"]) == (load_profile(PROFILE).identity.model, ".ConversationActivity")
    assert (said["typed"], said["byXPath"], said["questions"]) == (question, question, [question])
    assert "Paris" in said["reply"]
    assert (said["left"], said["missing"]) == (0, False)


def test_pictures_turns_and_the_clipboard(said: dict[str, Any]) -> None:
    """The picture is of the window's size, the source has the reply, the screen turns and returns."""
    assert said["picture"] == said["size"]
    assert (said["source"], said["orientation"], said["clipboard"]) == (True, ["LANDSCAPE", "PORTRAIT"], "café")


def test_the_microphone_is_asked_for(said: dict[str, Any]) -> None:
    """In an alert; accepted, the permission is granted."""
    assert said["alert"] == "Allow Pocketfarm Assistant to record audio?"
    assert "android.permission.RECORD_AUDIO" in said["permissions"]


def test_background_and_foreground(said: dict[str, Any]) -> None:
    """Behind the launcher it runs on; activated, it is in front."""
    assert (said["background"], said["foreground"]) == (["com.miui.home", 3], [PACKAGE, 4])
