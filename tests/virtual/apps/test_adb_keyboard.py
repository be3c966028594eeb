"""AdbKeyboard: broadcasts write while it is the current input method, and only then."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from framework.formats.apk_writer import build_apk
from framework.formats.axml_writer import element
from framework.formats.demonstration_key import demonstration_certificate, demonstration_key
from framework.virtual.apps.adb_keyboard import METHOD, PACKAGE, AdbKeyboard

if TYPE_CHECKING:
    from conftest import Bench, OnBench


def apk() -> bytes:
    key = demonstration_key()
    action = element("intent-filter", {}, element("action", {"android:name": "android.view.InputMethod"}))
    manifest = element(
        "manifest",
        {"package": PACKAGE, "android:versionCode": 1},
        element("uses-sdk", {"android:minSdkVersion": 26, "android:targetSdkVersion": 34}),
        element(
            "application",
            {},
            element("activity", {"android:name": AdbKeyboard.main_class, "android:exported": True}),
            element("service", {"android:name": ".AdbKeyboard", "android:exported": True}, action),
        ),
    )
    return build_apk(manifest, {}, key, demonstration_certificate(key))


def test_it_takes_broadcasts_while_it_is_in_use(on_bench: OnBench) -> None:
    """Without a field there is nothing to write into, which it says; afterwards nobody answers."""

    async def story(bench: Bench) -> list[str]:
        data = apk()
        assert (await bench.cmd("package", "install", "-S", str(len(data)), stdin=data)).status == 0
        text = base64.b64encode(b"hello").decode()
        lines = (
            await bench.sh(
                f"""ime list -a -s | grep -c {METHOD}; ime enable {METHOD} >/dev/null
ime set {METHOD} >/dev/null; sleep 1
am broadcast -a ADB_KEYBOARD_INPUT_TEXT --es text {text} | tail -n 1
am broadcast -a ADB_KEYBOARD_HIDE | tail -n 1
ime disable {METHOD} >/dev/null; settings get secure default_input_method
am broadcast -a ADB_KEYBOARD_HIDE | tail -n 1"""
            )
        ).out
        return lines.splitlines()

    assert on_bench(story) == [
        "1",
        'Broadcast completed: result=0, data="fail"',
        'Broadcast completed: result=-1, data="success"',
        "com.android.inputmethod.latin/.LatinIME",
        "Broadcast completed: result=0",
    ]
