"""Whom `farm doctor` examines."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.adb_servers import answering, block

from framework.commands.doctor_patients import Farm, patients, read_farm
from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError, UsageError
from framework.handset.handset import connect

FILE = """handsets:
  - {name: bench, kind: usb, serial: "9A1F:5555"}
  - {name: rack, kind: tcp, address: "127.0.0.1:1", appium: "http://127.0.0.1:4723"}
  - {name: fold, kind: avd, avd: Pixel}
"""
LISTED = b"OKAY" + block("9A1F:5555\tdevice\nB2\tunauthorized\n")


@pytest.fixture
def farm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Farm:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADB_SERVER_SOCKET", "tcp:127.0.0.1:1")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "devices.yaml").write_text(FILE)
    return read_farm(None)


def named(farm: Farm, *words: str) -> list[tuple[str, str, str | None]]:
    """Name, kind and serial of those that are examined."""
    with patients(farm, words, None) as found:
        return [(each.name, each.kind, each.where.serial if isinstance(each.where, Target) else None) for each in found]


def test_all_of_the_file(farm: Farm) -> None:
    """Without a word; one that cannot be reached at all is there with its error."""
    assert named(farm) == [("bench", "usb", "9A1F:5555"), ("rack", "tcp", None), ("fold", "avd", None)]
    with patients(farm, ["fold"], None) as (fold,):
        assert isinstance(fold.where, HandsetError)


def test_by_name_serial_or_address(farm: Farm) -> None:
    """Each once; what the file has is taken from it, what it has not from the adb server."""
    assert named(farm, "9A1F:5555", "bench", "127.0.0.1:1") == [("bench", "usb", "9A1F:5555"), ("rack", "tcp", None)]
    with answering({"host:devices": LISTED}) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ADB_SERVER_SOCKET", f"tcp:{server.address}")
        assert named(farm, "B2") == [("B2", "usb", "B2")]
        assert named(farm, "rack", "B2") == [("rack", "tcp", None), ("B2", "usb", "B2")]


def test_without_a_file(farm: Farm) -> None:
    """All that the adb server lists; none without a server."""
    Path("devices.yaml").unlink()
    bare = read_farm(None)
    assert named(bare) == []
    with answering({"host:devices": LISTED}) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ADB_SERVER_SOCKET", f"tcp:{server.address}")
        assert [name for name, _, _ in named(bare)] == ["9A1F:5555", "B2"]


def test_a_broken_file(farm: Farm) -> None:
    """Its faults are kept for a finding; a handset by name cannot be had."""
    Path("devices.yaml").write_text("handsets: []\n")
    broken = read_farm(None)
    assert len(broken.faults) == 1
    assert named(broken) == []
    with pytest.raises(UsageError, match="rack"):
        named(broken, "rack")


def test_who_needs_appium(farm: Farm) -> None:
    """Phones for which no server is named, here or in the defaults, and that can be reached."""
    with patients(farm, [], None) as found:
        assert {each.name: each.needs_appium for each in found} == {"bench": True, "rack": False, "fold": False}
    Path("devices.yaml").write_text(f"defaults: {{appium: 'http://127.0.0.1:4723'}}\n{FILE}")
    with patients(read_farm(None), ["bench"], None) as (bench,):
        assert not bench.needs_appium


def test_virtual_handsets_as_a_run_has_them(farm: Farm) -> None:
    """Whom they let in and what drives their screens as the file says."""
    virtual = "kind: virtual, profile: xiaomi-13, speed: 40"
    handsets = f"  - {{name: shy, {virtual}, auth: ask}}\n  - {{name: driven, {virtual}, appium: auto}}\n"
    Path("devices.yaml").write_text(f"handsets:\n{handsets}")
    with patients(read_farm(None), [], None) as (shy, driven):
        assert (shy.needs_appium, driven.needs_appium) == (False, True)
        assert isinstance(shy.where, Target)
        assert isinstance(driven.where, Target)
        connect(driven.where, 20).close()
        with pytest.raises(HandsetError, match="unauthorized"):
            connect(shy.where, 2)
