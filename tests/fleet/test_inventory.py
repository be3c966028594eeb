from __future__ import annotations

import socket
from pathlib import Path

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import UsageError
from framework.contract.handsets import PROFILES, VirtualHandset
from framework.fleet.inventory import choose, read_inventory, screen_driver, speed, target

DEVICES = """
defaults: {speed: 5}
handsets:
  - {name: fold, kind: virtual, profile: xiaomi-mix-fold-3, tags: [flagship]}
  - {name: slow, kind: virtual, profile: xiaomi-10, speed: 2}
  - {name: bench, kind: usb, serial: 0123456, adb: "10.0.0.2:5037"}
  - {name: rack, kind: tcp, address: "10.0.0.7:5555", appium: "http://10.0.0.7:4723"}
  - {name: avd, kind: avd, avd: Pixel_Fold_API_34}
"""


@pytest.fixture
def devices(tmp_path: Path) -> Path:
    path = tmp_path / "devices.yaml"
    path.write_text(DEVICES)
    return path


@pytest.fixture(autouse=True)
def no_local_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is plugged in."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(taken.getsockname()[1]))


def virtual(name: str) -> Target:
    return Target(name, adbd="127.0.0.1:1", appium_url="http://127.0.0.1:2")


def test_each_kind_is_reached_in_its_way(devices: Path) -> None:
    """Virtual ones where they answer, USB through an adb server by the serial as written, TCP straight."""
    targets = [target(handset, virtual) for handset in read_inventory(devices).handsets[:4]]
    assert targets == [
        virtual("fold"),
        virtual("slow"),
        Target("bench", serial="0123456", adb_server="10.0.0.2:5037"),
        Target("rack", adbd="10.0.0.7:5555"),
    ]


@pytest.mark.parametrize(
    ("asked", "defaults", "otherwise", "expected"),
    [
        (None, "", None, ["embedded", "auto", "http://10.0.0.7:4723"]),
        (None, "", "http://h:2", ["http://h:2", "http://h:2", "http://10.0.0.7:4723"]),
        (None, "appium: auto", "http://h:2", ["auto", "auto", "http://10.0.0.7:4723"]),
        ("http://h:1", "appium: auto", "http://h:2", ["http://h:1", "http://h:1", "http://h:1"]),
        ("auto", "", None, ["auto", "auto", "auto"]),
    ],
)
def test_what_drives_a_screen(
    tmp_path: Path, asked: str | None, defaults: str, otherwise: str | None, expected: list[str]
) -> None:
    """What this run asks for, else the handset's own entry, the defaults, the ini option, what suits its kind."""
    path = tmp_path / "devices.yaml"
    path.write_text(DEVICES.replace("{speed: 5}", f"{{speed: 5, {defaults}}}" if defaults else "{speed: 5}"))
    inventory = read_inventory(path)
    chosen = [inventory.handsets[index] for index in (0, 2, 3)]
    assert [screen_driver(handset, inventory, asked, otherwise) for handset in chosen] == expected


def test_only_virtual_handsets_have_an_endpoint(devices: Path) -> None:
    """`embedded` is refused for others, on the command line as in the file."""
    inventory = read_inventory(devices)
    with pytest.raises(UsageError, match="--appium embedded: bench has no endpoint of its own"):
        screen_driver(inventory.handsets[2], inventory, "embedded", None)
    assert screen_driver(inventory.handsets[0], inventory, "embedded", None) == "embedded"
    devices.write_text(DEVICES.replace('appium: "http://10.0.0.7:4723"', "appium: embedded"))
    with pytest.raises(UsageError, match="expected auto, or a URL"):
        read_inventory(devices)


def test_what_may_be_done_to_a_handset_goes_with_it(tmp_path: Path) -> None:
    """`prepare: false`, and the name of the variable with the PIN, which alone is kept; virtual ones alike."""
    path = tmp_path / "devices.yaml"
    path.write_text(
        "handsets:\n"
        "  - {name: fold, kind: virtual, profile: xiaomi-13, prepare: false, reboot: true}\n"
        "  - {name: bench, kind: usb, serial: 99, pin_from: BENCH_PIN}\n"
    )
    targets = [target(handset, virtual) for handset in read_inventory(path).handsets]
    assert [(one.prepare, one.may_reboot, one.pin_from) for one in targets] == [
        (False, True, None),
        (True, False, "BENCH_PIN"),
    ]


def test_what_is_started_on_demand(devices: Path) -> None:
    """An AVD is reached where its starter says, as a virtual handset is."""
    assert target(read_inventory(devices).handsets[4], virtual) == virtual("avd")


def test_what_holds_for_every_handset(tmp_path: Path) -> None:
    """Defaults hold where an entry says nothing, tags come together, and the adb server is that of usb handsets."""
    path = tmp_path / "devices.yaml"
    path.write_text(
        "defaults: {tags: [hanoi], prepare: false, reboot: true, adb: '10.0.0.2:5037'}\n"
        "handsets:\n"
        "  - {name: bench, kind: usb, serial: 99, tags: [flagship]}\n"
        "  - {name: far, kind: usb, serial: 99, adb: '10.0.0.3:5037', prepare: true, reboot: false}\n"
    )
    bench, far = (target(handset, virtual) for handset in read_inventory(path).handsets)
    assert bench == Target(
        "bench", serial="99", adb_server="10.0.0.2:5037", tags=("flagship", "hanoi"), prepare=False, may_reboot=True
    )
    assert far == Target("far", serial="99", adb_server="10.0.0.3:5037", tags=("hanoi",))


def test_many_units_of_one_entry(tmp_path: Path) -> None:
    """`count` makes handsets of their own, each with another seed; the entry's name means all of them."""
    path = tmp_path / "devices.yaml"
    path.write_text(
        "handsets:\n"
        "  - {name: fold, kind: virtual, profile: xiaomi-mix-fold-3, count: 20, seed: 5, tags: [flagship]}\n"
        "  - {name: fold-x, kind: virtual, profile: xiaomi-13}\n"
    )
    inventory = read_inventory(path)
    units = [handset for handset in inventory.handsets if isinstance(handset, VirtualHandset)]
    names = [f"fold-{number}" for number in range(1, 21)]
    assert [handset.name for handset in units] == [*names, "fold-x"]
    assert [handset.seed for handset in units] == [*range(5, 25), 0]
    assert {handset.tags for handset in units[:20]} == {("flagship",)}
    assert [handset.name for handset in choose(inventory, ["fold"], "devices.yaml")] == names
    assert [handset.name for handset in choose(inventory, ["fold-7"], "devices.yaml")] == ["fold-7"]


def test_a_missing_file_is_an_empty_fleet_where_it_may_be(tmp_path: Path) -> None:
    """Otherwise it is an error that names it."""
    missing = tmp_path / "devices.yaml"
    assert read_inventory(missing, may_be_missing=True).handsets == ()
    with pytest.raises(UsageError, match=r"devices\.yaml"):
        read_inventory(missing)


def test_what_is_stated_goes_with_the_target(tmp_path: Path) -> None:
    """Only what the file says, by its names there."""
    path = tmp_path / "devices.yaml"
    path.write_text(
        "handsets:\n  - name: b\n    kind: tcp\n    address: 'h:1'\n"
        "    capabilities: {ram_gb: 16, system: HyperOS, android: 14}\n"
    )
    (handset,) = read_inventory(path).handsets
    assert target(handset, virtual).stated == {"ram_gb": 16.0, "system": "HyperOS", "android": "14"}


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ([], ["fold", "slow", "bench", "rack", "avd"]),
        (["any"], ["fold", "slow", "bench", "rack", "avd"]),
        (["rack", "fold"], ["rack", "fold"]),
        (["0123456"], ["bench"]),
        (["10.0.0.7:5555"], ["rack"]),
    ],
)
def test_handsets_are_chosen_by_name_serial_or_address(devices: Path, wanted: list[str], names: list[str]) -> None:
    """In the order asked for; `any` and nothing mean all of the file."""
    assert [handset.name for handset in choose(read_inventory(devices), wanted, "devices.yaml")] == names


def test_a_misspelt_name_gets_the_near_one(devices: Path) -> None:
    """What is not there is refused with what is."""
    with pytest.raises(UsageError, match=r'^no handset "rak" in devices.yaml.*did you mean "rack"'):
        choose(read_inventory(devices), ["rak"], "devices.yaml")


def test_a_handset_without_a_speed_has_the_default(devices: Path) -> None:
    """The handset's own speed wins over the file's default."""
    inventory = read_inventory(devices)
    emulated = [handset for handset in inventory.handsets if isinstance(handset, VirtualHandset)]
    assert [speed(handset, inventory) for handset in emulated] == [5.0, 2.0]


def test_the_profiles_that_files_may_name_are_those_that_there_are() -> None:
    """The contract's list and the emulator's folder of profiles agree."""
    import framework.virtual.profiles as profiles

    folder = Path(str(profiles.__file__)).parent
    assert sorted(path.stem for path in folder.glob("*.yaml")) == sorted(PROFILES)
