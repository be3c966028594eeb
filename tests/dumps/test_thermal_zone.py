"""`/sys/class/thermal/thermal_zone*`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.thermal_zone import ThermalZone, parse

FOLDER = "/sys/class/thermal"
SKIN = ThermalZone(3, "skin", 35123, 35.123)


@pytest.mark.parametrize(
    "text",
    [
        f"{FOLDER}/thermal_zone3/type:skin\r\n{FOLDER}/thermal_zone3/temp:35123\r\n",
        f"==> {FOLDER}/thermal_zone3/type <==\nskin\n\n==> {FOLDER}/thermal_zone3/temp <==\n35123\n",
        f"$ adb shell cat {FOLDER}/thermal_zone3/temp\n35123\n$ adb shell cat {FOLDER}/thermal_zone3/type\nskin\n",
    ],
)
def test_each_layout_is_read(text: str) -> None:
    """As `grep .`, `tail -n +1` and a terminal show the files."""
    assert parse(text).zones == (SKIN,)


@pytest.mark.parametrize(
    ("raw", "temperature_c"),
    [(35123, 35.123), (-1500, -1.5), (35, 35.0), (0, 0.0), (350, None), (-273000, None), (200000, None)],
)
def test_a_temperature_that_no_handset_has_is_none(raw: int, temperature_c: float | None) -> None:
    """Millidegrees, or whole degrees of some vendors; sentinels and what lies between the units are None."""
    (zone,) = parse(f"{FOLDER}/thermal_zone0/temp:{raw}\n").zones
    assert (zone.type, zone.raw, zone.temperature_c) == (None, raw, temperature_c)


def test_a_refused_file_is_none() -> None:
    """Others are read all the same."""
    path = f"{FOLDER}/thermal_zone3/temp"
    text = f"{FOLDER}/thermal_zone3/type:skin\n$ cat {path}\ncat: {path}: Permission denied\n"
    assert parse(text).zones == (ThermalZone(3, "skin", None, None),)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("skin\n35123\n", 3),
        (f"{FOLDER}/thermal_zone3/temp:warm\n", 1),
        (f"cat: {FOLDER}/thermal_zone3/temp: Permission denied\n", 2),
    ],
)
def test_what_is_no_zone_is_refused(text: str, line: int) -> None:
    """Values without their paths cannot be told apart."""
    with pytest.raises(DumpError) as caught:
        parse(text)
    assert (caught.value.kind, caught.value.line) == ("thermal_zone", line)


@pytest.mark.parametrize(
    ("name", "count", "types"),
    [
        ("sony_kugo__msm8956_types", 15, {1: "battery", 5: "case_therm"}),
        ("sony_maple__msm8998_types", 14, {7: "msm_therm", 8: "quiet_therm", 9: "xo_therm"}),
    ],
)
def test_real_handsets(capture: Callable[[str], str], name: str, count: int, types: dict[int, str]) -> None:
    """The true types of real captures, which hold no temperatures."""
    zones = parse(capture(f"thermal_zone/{name}.txt")).zones
    assert [zone.zone for zone in zones] == list(range(count))
    assert {zone.zone: zone.type for zone in zones if zone.zone in types} == types
    assert {zone.temperature_c for zone in zones} == {None}
