"""uiautomator2 3.7.1, the Python client: its server on the handset, and what it does with the assistant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from framework.formats.demonstration import PACKAGE
from framework.virtual.profiles import load_profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Environment

pytestmark = pytest.mark.foreign

ACTIVITY = ".ConversationActivity"
"""As `dumpsys activity top` has it: since Android 10, `dumpsys window windows` does not tell the focus."""


@pytest.fixture(scope="module")
def said(client: Environment, assistant_apk: tuple[Path, Path]) -> Iterator[dict[str, Any]]:
    apk, weights = assistant_apk
    with client("uiautomator2") as made:
        assert "Success" in made.adb("install", str(apk))
        made.adb("push", str(weights), "/data/local/tmp/pocketfarm/models/model.gguf")
        yield made.run("uiautomator2_session.py", PACKAGE, ACTIVITY, str(made.folder))


def test_who_the_handset_is(said: dict[str, Any]) -> None:
    """Asked of the server on the handset, and of its shell."""
    profile = load_profile("xiaomi-11")
    display, identity = profile.displays[0], profile.identity
    info = {name: said["info"][name] for name in ("displayWidth", "displayHeight", "productName", "sdkInt")}
    assert info == {
        "displayWidth": display.width,
        "displayHeight": display.height,
        "productName": identity.product,
        "sdkInt": profile.build.sdk,
    }
    assert said["info"]["currentPackageName"] == "com.miui.home"
    assert (said["device_info"]["brand"], said["device_info"]["model"]) == (identity.brand, identity.model)
    assert said["size"] == said["picture"] == [display.width, display.height]
    assert said["wlan_ip"].startswith("192.168.")


def test_an_app_is_started_seen_and_stopped(said: dict[str, Any]) -> None:
    """By monkey's way, `am force-stop`, and a session that ends with it."""
    assert (said["wait_activity"], said["running"]) == (True, True)
    assert said["app_info"] == {"versionName": "1.0", "versionCode": 1}
    assert (said["session"], said["stopped"], said["home"]) == (True, True, "com.miui.home")


def test_a_conversation_by_selectors(said: dict[str, Any]) -> None:
    """Text is typed and read back, a button clicked, the reply awaited and found in several ways."""
    assert (said["typed"], said["before"], said["answered"]) == ("What is 12 times 12?", 0, True)
    reply = said["reply"]
    assert (reply["text"], reply["className"]) == ("The result is 144.", "android.widget.TextView")
    assert reply["resourceName"] == f"{PACKAGE}:id/reply"
    assert said["children"] == ["What is 12 times 12?", "The result is 144."]
    assert said["named"] == said["xpath"][0] == "The result is 144."
    assert {f"{PACKAGE}:id/{name}" for name in ("question", "reply", "input", "send")} <= set(said["ids"])


def test_what_is_not_there_is_said(said: dict[str, Any]) -> None:
    """UiObjectNotFoundException becomes the client's own error."""
    assert not said["not_there"]
    assert "-32002" in said["refused"]


def test_the_clipboard_and_the_rotation(said: dict[str, Any]) -> None:
    """What is pasted is written into the field that has the focus; a turned screen is wide."""
    assert said["pasted"] == said["clipboard"] == "写在这里 and here"
    assert said["turned"] == ["left", said["size"][::-1]]


def test_its_own_keyboard(said: dict[str, Any]) -> None:
    """The APK that it brings is installed, chosen, told what to write, and left."""
    assert (said["keyboard"], said["by_keyboard"]) == ("com.github.uiautomator/.AdbKeyboard", "键盘 typed")
    assert "typed" not in said["cleared"]


def test_keys_files_and_commands(said: dict[str, Any]) -> None:
    """The screen goes dark and is lit again; what is pushed comes back; a status is told."""
    assert (said["dark"], said["lit"], said["same"]) == (False, True, True)
    assert said["shell"] == ["out\n", 3]
    assert said["ime"] == "com.android.inputmethod.latin/.LatinIME"
