"""The adb programs of this machine, for what speaks to handsets through one: our own servers, and Appium.

An adb program kills an adb server that speaks another version of the protocol (AOSP adb_client.cpp,
__adb_check_server_version), even on another machine: one is only ever run against a server of its own version.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from framework.contract.errors import UsageError

_ANSWER_S = 20.0
_SDK_VARIABLES = ("ANDROID_HOME", "ANDROID_SDK_ROOT")
_NAME = "adb.exe" if os.name == "nt" else "adb"
_BANNER = re.compile(rb"Android Debug Bridge version \d+\.\d+\.(?P<protocol>\d+)(?:\s+Version (?P<release>\S+))?")


@dataclass(frozen=True, slots=True)
class Adb:
    """A program of that name. `protocol` is what it and a server must have in common, such as 41 of `Android Debug
    Bridge version 1.0.41`; None where it does not run, or is no adb."""

    path: str
    protocol: int | None
    release: str = ""


def bundled() -> Path:
    """The adb that adbutils brings, else another of this machine; UsageError where there is none."""
    found = next((adb.path for adb in programs() if adb.protocol is not None), None)
    if found is None:
        raise UsageError("no adb runs here: adbutils brought none for this platform; install platform-tools")
    return Path(found)


def of_version(version: int) -> Path | None:
    """An adb that speaks a server's version; None where this machine has none."""
    return next((Path(adb.path) for adb in programs() if adb.protocol == version), None)


def programs() -> Iterator[Adb]:
    """Each adb of this machine, once, asked when it is its turn: that of adbutils, those of the PATH, of an SDK."""
    seen: set[str] = set()
    for path in (shutil.which(_NAME, path=folder) for folder in _folders()):
        if path is not None and (real := os.path.realpath(path)) not in seen:
            seen.add(real)
            yield examined(path)


def examined(program: str) -> Adb:
    """What a program says of itself; it asks no server."""
    try:
        done = subprocess.run(
            [program, "version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=_ANSWER_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return Adb(program, None)
    banner = _BANNER.search(done.stdout)
    return Adb(program, int(banner["protocol"]), (banner["release"] or b"").decode()) if banner else Adb(program, None)


def sdk_with(program: Path, cache: Path) -> Path:
    """An ANDROID_HOME in which there is nothing but this adb; what Appium needs of an Android SDK."""
    real = program.resolve()
    folder = cache / f"android-home-{hashlib.sha256(os.fsencode(real)).hexdigest()[:16]}"
    link = folder / "platform-tools" / "adb"
    if not link.is_file():
        link.parent.mkdir(parents=True, exist_ok=True)
        made = link.with_name(f"adb.{os.getpid()}")
        made.symlink_to(real)
        made.replace(link)
    return folder


def _folders() -> Iterator[str]:
    spec = find_spec("adbutils")
    if spec is not None and spec.origin is not None:
        yield str(Path(spec.origin).parent / "binaries")
    yield from filter(None, os.environ.get("PATH", "").split(os.pathsep))
    yield from (str(Path(sdk) / "platform-tools") for each in _SDK_VARIABLES if (sdk := os.environ.get(each)))
