"""`adb devices` output."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.adb_devices import AdbDevice, parse
from framework.dumps.errors import DumpError

LISTING = """* daemon not running; starting now at tcp:5037\r
List of devices attached\r
emulator-5554\tdevice\r
ABC DEF        no permissions (missing udev rules?); see [http://example.org] usb:1-2 transport_id:9\r
\r
"""


def row(serial: str, state: str, **details: str | int) -> tuple[str, str, dict[str, str | int]]:
    return serial, state, details


def told(device: AdbDevice) -> tuple[str, str, dict[str, str | int]]:
    fields = {name: getattr(device, name) for name in ("reason", "usb", "product", "model", "device", "transport_id")}
    return device.serial, device.state, {name: value for name, value in fields.items() if value is not None}


def test_messages_are_no_rows_and_what_is_not_printed_is_none() -> None:
    """The client's messages may stand before the heading; a state may be of two words, a serial hold a space."""
    reason = "(missing udev rules?); see [http://example.org]"
    assert [
        row("emulator-5554", "device"),
        row("ABC DEF", "no permissions", reason=reason, usb="1-2", transport_id=9),
    ] == [told(device) for device in parse(LISTING).devices]


def test_no_devices() -> None:
    """The heading alone is a whole listing."""
    assert parse("List of devices attached\n\n").devices == ()


def test_a_state_of_a_later_adb_is_told_after_a_tab() -> None:
    """An unknown word is a state where the tab shows it."""
    assert [device.state for device in parse("List of devices attached\nA1\tfrozen\n").devices] == ["frozen"]


@pytest.mark.parametrize(
    ("text", "line"), [("", 1), ("error: no devices\n", 1), ("List of devices attached\nwhat is this\n", 2)]
)
def test_other_text_is_refused(text: str, line: int) -> None:
    """The error tells the line."""
    with pytest.raises(DumpError) as refusal:
        parse(text)
    assert line == refusal.value.line


@given(st.text(max_size=100), st.integers(0, len(LISTING)))
def test_any_text_is_read_or_refused(read_or_refused: Callable[[str, str], bool], noise: str, cut: int) -> None:
    """Whatever adb prints, nothing but DumpError comes out."""
    for text in (noise, LISTING[:cut] + noise, f"List of devices attached\nA\tdevice {noise}"):
        assert read_or_refused("adb_devices", text)


NO_RULES = "(missing udev rules? user is in the plugdev group); see [http://developer.android.com/tools/device"


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        # The fixture's one row is its makers' invention; the banner around it is real.
        ("agi__version_mismatch_banner", [row("debug_device", "unknown")]),
        ("flutter358__unauthorized", [row("8XV5000A20007972", "unauthorized")]),
        (
            "openpilot36516__no_permissions_missing_udev",
            [row("863276c1", "no permissions", reason=f"{NO_RULES}.htm")],
        ),
        (
            "udevrules345__two_ok_one_noperm",
            [row("<ID removed>", "no permissions", reason=f"{NO_RULES}.html]")],
        ),
        (
            "scrcpy__adb_devices_1",
            [
                row(
                    "0123456789abcdef",
                    "device",
                    usb="2-1",
                    product="MyProduct",
                    model="MyModel",
                    device="MyDevice",
                    transport_id=1,
                ),
                row("192.168.1.1:5555", "device", product="MyWifiProduct", model="MyWifiModel", device="MyWifiDevice"),
            ],
        ),
        (
            "scrcpy__adb_devices_4",
            [
                row(
                    "0123456789abcdef",
                    "device",
                    usb="2-1",
                    product="MyProduct",
                    model="MyModel",
                    device="MyDevice",
                    transport_id=1,
                )
            ],
        ),
        ("scrcpy__adb_devices_7", [row("0123456789abcdef", "unauthorized", usb="1-4", transport_id=3)]),
        (
            "scrcpy__adb_devices_9",
            [
                row(
                    "12345678",
                    "device",
                    usb="3-1",
                    product="manet",
                    model="23117RK66C",
                    device="manet",
                    transport_id=2,
                )
            ],
        ),
    ],
)
def test_real_listings(
    capture: Callable[[str], str], name: str, rows: list[tuple[str, str, dict[str, str | int]]]
) -> None:
    """The rows of real listings, and nothing else."""
    assert rows == [told(device) for device in parse(capture(f"adb_devices/{name}.txt")).devices]


@pytest.mark.parametrize(
    "serial",
    [
        "adb-9A1FFB0-x3Wq._adb-tls-connect._tcp",
        "adb-9A1FFB0-x3Wq (2)._adb-tls-connect._tcp",
        "10.0.0.7:37099",
    ],
)
@pytest.mark.parametrize("row", ["{}\tdevice\n", "{}  device product:fuxi model:2211133C device:fuxi transport_id:7\n"])
def test_handsets_on_wireless_debugging(serial: str, row: str) -> None:
    """The name of their mDNS service, which may have a space, or where they are."""
    (device,) = parse("List of devices attached\n" + row.format(serial)).devices
    assert (device.serial, device.state) == (serial, "device")
