"""Demonstration builds: an APK that declares the reference assistant, and scaled weights.

Nothing in such an APK runs (`android:hasCode="false"`): it declares the assistant that virtual handsets emulate, and
says so in its meta-data.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from framework.formats.apk import LAUNCHER, MAIN
from framework.formats.apk_writer import build_apk
from framework.formats.axml import Element
from framework.formats.axml_writer import element
from framework.formats.demonstration_key import demonstration_certificate, demonstration_key
from framework.formats.scaled_model import ScaledModel

PACKAGE: Final = "org.pocketfarm.assistant"
EMULATED: Final = f"{PACKAGE}.EMULATED_DEMONSTRATION"
"""Meta-data of the APK: true for a build that only virtual handsets can run."""

RETAINED_KB_PER_TOKEN: Final = f"{PACKAGE}.RETAINED_KB_PER_TOKEN"
"""Meta-data of the APK: memory that this version of the assistant never gives back, in KiB for each reply token."""

_ACTIVITY: Final = ".ConversationActivity"
_ACTIONS: Final = ("ASK", "RESET", "LISTEN")
_PERMISSIONS: Final = ("android.permission.RECORD_AUDIO",)
_CATEGORY_DEFAULT: Final = "android.intent.category.DEFAULT"
_MIN_SDK: Final = 29
_TARGET_SDK: Final = 34
_NOTE: Final = (
    b"An emulated demonstration build of Pocketfarm: it holds no code, and only virtual handsets can run it.\n"
)


@dataclass(frozen=True, slots=True)
class Demonstration:
    """One demonstration build: the version of the assistant, and its model.

    With `retained_kb_per_token` it leaks: see `RETAINED_KB_PER_TOKEN`.
    """

    label: str
    version_code: int
    version_name: str
    model: ScaledModel
    retained_kb_per_token: int = 0

    def write(self, apk: Path, weights: Path) -> Mapping[Path, str]:
        """Write both files; gives the sha256 of each. The same build gives the same bytes, always."""
        return {apk: _write(apk, self.apk()), weights: _write(weights, self.model.content())}

    def apk(self) -> bytes:
        key = demonstration_key()
        return build_apk(self._manifest(), {"assets/NOTE.txt": _NOTE}, key, demonstration_certificate(key))

    def _manifest(self) -> Element:
        return element(
            "manifest",
            {"package": PACKAGE, "android:versionCode": self.version_code, "android:versionName": self.version_name},
            element("uses-sdk", {"android:minSdkVersion": _MIN_SDK, "android:targetSdkVersion": _TARGET_SDK}),
            *(element("uses-permission", {"android:name": name}) for name in _PERMISSIONS),
            element(
                "application",
                {"android:label": self.label, "android:hasCode": False, "android:allowBackup": False},
                *(element("meta-data", {"android:name": name, "android:value": value}) for name, value in self._said()),
                _activity(),
            ),
        )

    def _said(self) -> Iterator[tuple[str, int]]:
        yield EMULATED, True
        if self.retained_kb_per_token:
            yield RETAINED_KB_PER_TOKEN, self.retained_kb_per_token


def _activity() -> Element:
    actions = tuple(f"{PACKAGE}.{action}" for action in _ACTIONS)
    return element(
        "activity",
        {"android:name": _ACTIVITY, "android:exported": True},
        _filter((MAIN,), LAUNCHER),
        _filter(actions, _CATEGORY_DEFAULT),
    )


def _filter(actions: tuple[str, ...], category: str) -> Element:
    return element(
        "intent-filter",
        {},
        *(element("action", {"android:name": action}) for action in actions),
        element("category", {"android:name": category}),
    )


def _write(path: Path, data: bytes) -> str:
    """Replace a file at once, so that nobody ever reads half of it; gives its sha256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return hashlib.sha256(data).hexdigest()
