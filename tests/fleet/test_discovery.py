"""Handsets that no file names, found at an adb server."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.adb_servers import answering, block

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError, UsageError
from framework.contract.handsets import Handset, Inventory, UsbHandset
from framework.fleet import discovery
from framework.fleet.discovery import discovered, plugged_beside, slug
from framework.fleet.expand import expanded
from framework.fleet.inventory import choose, target
from framework.handset.plugged import Plugged, plugged_in

XIAOMI = Plugged("B2", "device", "Xiaomi", "Xiaomi 13", "hw-b2")
TWIN = Plugged("A1", "device", "Xiaomi", "Xiaomi 13", "hw-a1")
PIXEL = Plugged("10.0.0.9:5555", "device", "Google", "Pixel 6", "hw-p")
EMULATOR = Plugged("emulator-5554", "device", "Google", "sdk_gphone64_x86_64", "EMULATOR1", "Pixel_Fold_API_34")
SHY = Plugged("Z9", "unauthorized")


def inventory(*entries: dict[str, object]) -> Inventory:
    return expanded(Inventory.model_validate({"handsets": entries}))


@pytest.fixture
def has(monkeypatch: pytest.MonkeyPatch) -> list[Plugged]:
    """What every adb server has; a test fills it."""
    plugged: list[Plugged] = []
    monkeypatch.setattr(discovery, "plugged_in", lambda address: tuple(plugged))
    return plugged


def named(handsets: Sequence[Handset]) -> list[tuple[str, str]]:
    return [(handset.name, handset.serial) for handset in handsets if isinstance(handset, UsbHandset)]


def test_names_are_those_of_models(has: list[Plugged]) -> None:
    """Unique, never a serial, and the same in whichever order the server lists them."""
    expected = [
        ("google-pixel-6", "10.0.0.9:5555"),
        ("handset", "Z9"),
        ("pixel-fold-api-34", "emulator-5554"),
        ("xiaomi-13", "A1"),
        ("xiaomi-13-2", "B2"),
    ]
    has[:] = [XIAOMI, TWIN, PIXEL, EMULATOR, SHY]
    assert named(discovered(None, ())) == expected
    has.reverse()
    assert named(discovered(None, ())) == expected


def test_a_handset_that_is_connected_twice_is_one(has: list[Plugged]) -> None:
    """By cable and by network: the cable counts."""
    has[:] = [Plugged("adb-B2-x3._adb-tls-connect._tcp", "device", "Xiaomi", "Xiaomi 13", "hw-b2"), XIAOMI]
    assert named(discovered(None, ())) == [("xiaomi-13", "B2")]


def test_emulators_of_one_image_are_several(has: list[Plugged]) -> None:
    """They all say the same number of themselves; so may what is forwarded to this machine."""
    has[:] = [
        Plugged("emulator-5554", "device", "Google", "sdk_gphone64", "EMULATOR34X1X19X0", "One"),
        Plugged("emulator-5556", "device", "Google", "sdk_gphone64", "EMULATOR34X1X19X0", "Two"),
        Plugged("127.0.0.1:7001", "device", "Xiaomi", "Xiaomi 13", "0123456789ABCDEF"),
        Plugged("127.0.0.1:7002", "device", "Xiaomi", "Xiaomi 13", "0123456789ABCDEF"),
    ]
    assert [name for name, _ in named(discovered(None, ()))] == ["one", "two", "xiaomi-13", "xiaomi-13-2"]


def test_what_the_file_lists_is_not_found_again(has: list[Plugged]) -> None:
    """By its serial at the same server, its address, or its AVD; and a name of the file is not given twice."""
    has[:] = [XIAOMI, TWIN, PIXEL, EMULATOR]
    listed = inventory(
        {"name": "xiaomi-13", "kind": "usb", "serial": "B2"},
        {"name": "rack", "kind": "tcp", "address": "10.0.0.9:5555"},
        {"name": "fold", "kind": "avd", "avd": "Pixel_Fold_API_34"},
        {"name": "far", "kind": "usb", "serial": "A1", "adb": "10.0.0.3:5037"},
    )
    assert named(discovered(None, listed.handsets)) == [("xiaomi-13-2", "A1")]


def test_any_is_the_file_and_what_is_plugged_in(has: list[Plugged]) -> None:
    """Nothing asked for means the file alone; a name that the file does not know may be one that is plugged in."""
    has[:] = [XIAOMI]
    listed = inventory({"name": "fold", "kind": "virtual", "profile": "xiaomi-mix-fold-3"})
    chosen = {
        wanted: [handset.name for handset in choose(listed, wanted, "devices.yaml")]
        for wanted in ((), ("any",), ("xiaomi-13",), ("B2",))
    }
    assert chosen == {
        (): ["fold"],
        ("any",): ["fold", "xiaomi-13"],
        ("xiaomi-13",): ["xiaomi-13"],
        ("B2",): ["xiaomi-13"],
    }


def test_a_whole_server_is_one_entry(has: list[Plugged]) -> None:
    """Its handsets stand in its place, with its name before theirs and with what it says of each."""
    has[:] = [XIAOMI, TWIN]
    listed = inventory(
        {"name": "rack", "kind": "adb", "adb": "10.0.0.8:5037", "tags": ["far"], "prepare": False},
        {"name": "fold", "kind": "virtual", "profile": "xiaomi-mix-fold-3"},
    )
    chosen = choose(listed, (), "devices.yaml")
    assert [handset.name for handset in chosen] == ["rack-xiaomi-13", "rack-xiaomi-13-2", "fold"]
    assert choose(listed, ["rack"], "devices.yaml") == chosen[:2]
    assert target(chosen[0], _never) == Target(
        "rack-xiaomi-13", serial="A1", adb_server="10.0.0.8:5037", tags=("far",), prepare=False
    )


def test_a_server_that_has_nothing_stays_and_says_why() -> None:
    """So that a run, and `farm devices`, tell of it instead of passing it over."""
    with answering({"host:devices": b"OKAY" + block("")}) as server:
        listed = inventory({"name": "rack", "kind": "adb", "adb": server.address})
        (entry,) = choose(listed, (), "devices.yaml")
        with pytest.raises(HandsetError, match=f"rack: the adb server at {server.address} has no handset of its own"):
            target(entry, _never)
    (entry,) = choose(listed, (), "devices.yaml")
    with pytest.raises(HandsetError, match=f"rack: no adb server answers at {server.address}"):
        target(entry, _never)


def test_no_handset_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file and no adb server: what to do is told, and no server is started."""
    with answering({}) as server:
        address = server.address
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", address.rpartition(":")[2])
    nothing = Inventory.model_construct(handsets=())
    assert plugged_beside((), nothing.defaults) == ()
    with pytest.raises(UsageError, match=f"no handset: there is no devices.yaml, and the adb server at {address}"):
        choose(nothing, ["any"], "devices.yaml")


def test_defaults_hold_for_what_is_plugged_in_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tags, and whether settings may be changed; and their adb server is the one that is looked at."""
    asked: list[str | None] = []

    def has_one(address: str | None) -> tuple[Plugged, ...]:
        asked.append(address)
        return (XIAOMI,)

    monkeypatch.setattr(discovery, "plugged_in", has_one)
    listed = Inventory.model_validate(
        {
            "defaults": {"tags": ["hanoi"], "prepare": False, "reboot": True, "adb": "10.0.0.8:5037"},
            "handsets": [{"name": "a", "kind": "tcp", "address": "h:1"}],
        }
    )
    (found,) = plugged_beside(listed.handsets, listed.defaults)
    assert (asked, target(found, _never)) == (
        ["10.0.0.8:5037"],
        Target("xiaomi-13", serial="B2", adb_server="10.0.0.8:5037", tags=("hanoi",), prepare=False, may_reboot=True),
    )


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_slug_is_always_part_of_a_name(manufacturer: str, model: str) -> None:
    """Whatever a handset says of itself, devices.yaml would take it as a name."""
    made = slug(Plugged("S", "device", manufacturer, model))
    assert UsbHandset.model_validate({"name": made, "kind": "usb", "serial": "S"}).name == made


def _never(name: str) -> Target:
    raise AssertionError(f"{name} is not started")


def test_the_local_server_is_that_of_adb(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handset that does not say who it is, here because it never answers, is found all the same."""
    with answering({"host:devices": b"OKAY" + block("S1\tunauthorized\nS2\tdevice\n")}) as server:
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", server.address.rpartition(":")[2])
        monkeypatch.setattr(discovery, "plugged_in", partial(plugged_in, timeout_s=0.3))
        assert named(discovered(None, ())) == [("handset", "S1"), ("handset-2", "S2")]
