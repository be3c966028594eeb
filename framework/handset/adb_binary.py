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
from importlib.util import find_spec
from pathlib import Path

from framework.contract.errors import UsageError

_ANSWER_S = 20.0
_SDK_VARIABLES = ("ANDROID_HOME", "ANDROID_SDK_ROOT")


def bundled() -> Path:
    """The adb that adbutils brings, else another of this machine; UsageError where there is none."""
    found = next(_programs(), None)
    if found is None:
        raise UsageError("no adb runs here: adbutils brought none for this platform; install platform-tools")
    return found


def of_version(version: int) -> Path | None:
    """An adb that speaks a server's version; None where this machine has none."""
    return next((program for program in _programs() if version_of(program) == version), None)


def version_of(program: Path) -> int | None:
    """41 of `Android Debug Bridge version 1.0.41`; None for what is no adb. Asks no server."""
    try:
        done = subprocess.run(
            [program, "version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=_ANSWER_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = re.search(rb"Android Debug Bridge version \d+\.\d+\.(\d+)", done.stdout)
    return int(said[1]) if said else None


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


def _programs() -> Iterator[Path]:
    """Each adb of this machine: that of adbutils, of the PATH, and of an Android SDK."""
    spec = find_spec("adbutils")
    if spec is not None and spec.origin is not None:
        yield from _runnable(Path(spec.origin).parent / "binaries" / "adb")
    in_path = shutil.which("adb")
    if in_path is not None:
        yield Path(in_path)
    for variable in _SDK_VARIABLES:
        if os.environ.get(variable):
            yield from _runnable(Path(os.environ[variable]) / "platform-tools" / "adb")


def _runnable(program: Path) -> Iterator[Path]:
    if os.access(program, os.X_OK) and version_of(program) is not None:
        yield program
