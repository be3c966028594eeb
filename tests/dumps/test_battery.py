"""`dumpsys battery` output."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.battery import parse
from framework.dumps.errors import DumpError

DUMP = """Current Battery Service state:\r
  (UPDATES STOPPED -- use 'reset' to restart)\r
  USB powered: true\r
  Charge counter: 2500000\r
  status: 3\r
  level: 50\r
  scale: 100\r
  voltage: 3900\r
  temperature: -45\r
MakerService:\r
  temperature: 999\r
  mSavedBatteryMaxTemp: 500\r
"""


def test_the_first_exact_key_counts() -> None:
    """What a maker adds below does not replace the battery's own line; line ends may be CRLF."""
    battery = parse(DUMP)
    assert (
        battery.temperature_c,
        battery.voltage_mv,
        battery.level,
        battery.status,
    ) == (-4.5, 3900, 50, "discharging")


def test_what_is_not_printed_is_none() -> None:
    """No key, no value."""
    battery = parse("  level: 0\n")
    assert (
        battery.level,
        battery.temperature_c,
        battery.usb_powered,
        battery.charge_counter_uah,
        battery.health,
    ) == (0, None, None, None, None)


def test_values_set_by_hand_are_told() -> None:
    """`dumpsys battery set` freezes what is reported."""
    assert parse(DUMP).updates_stopped
    assert not parse("level: 1").updates_stopped


@pytest.mark.parametrize(
    ("line", "field"),
    [("temperature: -999", "temperature_c"), ("voltage: 4", "voltage_mv"), ("voltage: -1", "voltage_mv")],
)
def test_an_impossible_value_is_none(line: str, field: str) -> None:
    """A sentinel or another unit is no measurement."""
    assert getattr(parse(f"level: 50\n{line}\n"), field) is None


@pytest.mark.parametrize(("counter", "expected"), [(2_500_000, 2_500_000), (4274, None), (-1, None), (10**12, None)])
def test_a_charge_counter_in_another_unit_is_kept_raw(counter: int, expected: int | None) -> None:
    """The full charge that counter and level imply must be that of a handset."""
    battery = parse(f"level: 50\nscale: 100\nCharge counter: {counter}\n")
    assert (expected, counter) == (battery.charge_counter_uah, battery.charge_counter_raw)


@pytest.mark.parametrize("text", ["", "Can't find service: battery\n", "mLevel: 3\n"])
def test_other_text_is_refused(text: str) -> None:
    """The error says what was looked for."""
    with pytest.raises(DumpError, match="line 1: expected lines such as"):
        parse(text)


@given(st.text(max_size=200), st.integers(0, len(DUMP)))
def test_any_text_is_read_or_refused(read_or_refused: Callable[[str, str], bool], noise: str, cut: int) -> None:
    """Whatever a handset prints, nothing but DumpError comes out."""
    for text in (noise, DUMP[:cut] + noise, f"level: {noise}"):
        assert read_or_refused("battery", text)


@pytest.mark.parametrize(
    ("name", "usb", "values"),
    [
        ("chkbugreport__miui1_nexusone", True, (96, "charging", 4060, 28.5, None, None)),
        ("skia-buildbot__adb_test_level75", False, (75, "charging", 3997, 24.8, 1928561, "Li-ion")),
        ("skia-buildbot__nexus5_hammerhead_crlf", True, (45, "full", 4189, 18.0, None, "Li-ion")),
        ("amply__redmi_note14_hyperos3", False, (80, "charging", 4228, 36.4, None, "Li-poly")),
    ],
)
def test_real_dumps(capture: Callable[[str], str], name: str, usb: bool, values: tuple[object, ...]) -> None:
    """The values of real handsets; all four have a scale of 100."""
    battery = parse(capture(f"battery/{name}.txt"))
    assert (battery.ac_powered, battery.usb_powered, battery.scale) == (not usb, usb, 100)
    assert values == (
        battery.level,
        battery.status,
        battery.voltage_mv,
        battery.temperature_c,
        battery.charge_counter_uah,
        battery.technology,
    )
