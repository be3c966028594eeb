"""Which adb program is run against which server."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.contract.errors import UsageError
from framework.handset import adb_binary
from framework.handset.adb_binary import Adb, bundled, examined, of_version, programs, sdk_with


def adb(folder: Path, banner: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "adb"
    program.write_text(f"#!/bin/sh\necho '{banner}'\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without adbutils' adb, SDK, and adb in the PATH."""
    monkeypatch.setattr(adb_binary, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    for variable in ("ANDROID_HOME", "ANDROID_SDK_ROOT"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def test_one_of_the_servers_version(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all programs the first that speaks it; none rather than one that would kill the server."""
    monkeypatch.setenv("ANDROID_HOME", str(machine / "sdk"))
    in_path = adb(machine / "path", "Android Debug Bridge version 1.0.41")
    of_sdk = adb(machine / "sdk" / "platform-tools", "Android Debug Bridge version 1.0.39")
    assert (of_version(41), of_version(39), of_version(40)) == (in_path, of_sdk, None)


def test_none(machine: Path) -> None:
    """A machine without any, or with what is none, is told what to install."""
    adb(machine / "path", "hello")
    program = str(machine / "path" / "adb")
    assert list(programs()) == [Adb(program, None)]
    with pytest.raises(UsageError, match=r"no adb runs here"):
        bundled()
    (machine / "path" / "adb").unlink()
    with pytest.raises(UsageError, match=r"no adb runs here: .*install platform-tools"):
        bundled()


def test_an_sdk_with_an_adb_alone(machine: Path) -> None:
    """One folder for each adb, made once; a link that leads nowhere any more is mended."""
    one = adb(machine / "one", "x")
    sdk = sdk_with(one, machine / "cache")
    assert (sdk / "platform-tools" / "adb").resolve() == one
    assert sdk_with(one, machine / "cache") == sdk
    assert sdk_with(adb(machine / "two", "x"), machine / "cache") != sdk
    (sdk / "platform-tools" / "adb").unlink()
    (sdk / "platform-tools" / "adb").symlink_to(machine / "gone")
    assert sdk_with(one, machine / "cache") == sdk
    assert (sdk / "platform-tools" / "adb").is_file()


@pytest.mark.foreign
def test_that_of_adbutils(bundled_adb: str) -> None:
    """It comes first, whatever is in the PATH."""
    assert str(bundled()) == bundled_adb
    assert examined(bundled_adb).protocol == 41
