"""mobly 1.13.1: an AndroidDevice with its services, and a snippet on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from framework.formats.apk_writer import build_apk
from framework.formats.axml_writer import element
from framework.formats.demonstration_key import demonstration_certificate, demonstration_key
from framework.virtual.profiles import load_profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Environment

pytestmark = pytest.mark.foreign

PACKAGE = "com.google.android.mobly.snippet.bundled"
RUNNER = "com.google.android.mobly.snippet.SnippetRunner"


def snippet_apk() -> bytes:
    """An APK that declares what Mobly's bundled snippets declare; the code is the handset's."""
    key = demonstration_key()
    manifest = element(
        "manifest",
        {"package": PACKAGE, "android:versionCode": 1, "android:versionName": "1.0"},
        element("uses-sdk", {"android:minSdkVersion": 26, "android:targetSdkVersion": 34}),
        element("instrumentation", {"android:name": RUNNER, "android:targetPackage": PACKAGE}),
        element("application", {"android:hasCode": False}),
    )
    return build_apk(manifest, {}, key, demonstration_certificate(key))


@pytest.fixture(scope="module")
def said(client: Environment) -> Iterator[dict[str, Any]]:
    with client("mobly") as mobly:
        apk = mobly.folder / "snippets.apk"
        apk.write_bytes(snippet_apk())
        assert "Success" in mobly.adb("install", "-g", str(apk))
        yield mobly.run("mobly_session.py", PACKAGE, str(mobly.folder))


def test_the_device(said: dict[str, Any]) -> None:
    """Its properties; no root and no emulator by its name."""
    profile = load_profile("xiaomi-11")
    assert said["model"] == profile.identity.device
    assert said["info"]["build_version_sdk"] == str(profile.build.sdk)
    assert (said["root"], said["booted"], said["emulator"]) == (False, True, False)


def test_rpcs_of_the_snippet(said: dict[str, Any]) -> None:
    """Values come back, and what they do is done to the handset."""
    assert said["wifi"] == [True, None, False, None, True]
    assert said["volume"] == [3, 15]
    assert "  getMusicVolume\n" in said["help"]
    assert f"instrumentation:{PACKAGE}/{RUNNER} (target={PACKAGE})" in said["instrumented"].splitlines()


def test_events(said: dict[str, Any]) -> None:
    """A scheduled RPC tells its result to whoever waits, through a second connection to the same session."""
    assert (said["event"], said["others"]) == ({"callback": "3"}, 0)


def test_what_is_refused(said: dict[str, Any]) -> None:
    """Errors of the snippet become the client's own."""
    assert said["refused"]["volume"].startswith("ApiError: ")
    assert "Unknown RPC: noSuchRpc" in said["refused"]["unknown"]
    assert said["refused"]["event"].startswith("CallbackHandlerTimeoutError: ")


def test_evidence(said: dict[str, Any]) -> None:
    """A picture, a bug report, and the log that was followed from the beginning."""
    assert said["picture"] == b"\x89PNG\r\n\x1a\n".hex()
    assert {"main_entry.txt", "version.txt"} <= set(said["report"])
    assert (said["main"], said["log"]) == ("== dumpstate:", 1)


def test_the_end(said: dict[str, Any]) -> None:
    """Nothing of the snippet runs any more."""
    assert said["stopped"] == "0"
