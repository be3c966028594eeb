"""`dumpsys thermalservice`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.thermalservice import Cooling, Electrical, ThermalDump, parse

FOLDER = "thermalservice/"


def dump(*readings: str, ready: str = "true") -> str:
    lines = "".join(f"\tTemperature{{{reading}}}\r\n" for reading in readings)
    return f"Thermal Status: 0\r\nHAL Ready: {ready}\r\nCurrent temperatures from HAL:\r\n{lines}"


def hottest(found: ThermalDump) -> dict[str, float]:
    """Kind → the highest temperature now."""
    values: dict[str, float] = {}
    for sensor in found.temperatures:
        if sensor.temperature_c is not None:
            values[sensor.kind] = max(sensor.temperature_c, values.get(sensor.kind, sensor.temperature_c))
    return values


@pytest.mark.parametrize(
    ("reading", "kind", "temperature_c"),
    [
        ("mValue=35.5, mType=3, mName=skin, mStatus=0", "skin", 35.5),
        ("mValue=35.5, mType=4, mName=SKIN, mStatus=0", "skin", 35.5),
        ("mValue=30.0, mType=3, mName=mb-therm-monitor, mStatus=0", "skin", 30.0),
        ("mValue=-99.9, mType=3, mName=SKIN, mStatus=0", "skin", None),
        ("mValue=0.0, mType=2, mName=SUBBAT, mStatus=0", "battery", None),
        ("mValue=0.0, mType=3, mName=SUBBAT, mStatus=0", "battery", None),
        ("mValue=NaN, mType=3, mName=skin, mStatus=0", "skin", None),
        ("mValue=0.0, mType=0, mName=AP, mStatus=0", "cpu", 0.0),
    ],
)
def test_names_win_over_types_and_sentinels_are_none(reading: str, kind: str, temperature_c: float | None) -> None:
    """A vendor shifts the types by one and writes -99.9, NaN or 0.0 for a sensor that is not there."""
    (sensor,) = parse(dump(reading)).temperatures
    assert (sensor.kind, sensor.temperature_c) == (kind, temperature_c)


def test_a_voltage_that_is_no_number_is_none() -> None:
    """JSON has no NaN."""
    found = parse(dump("mValue=NaN, mType=6, mName=vbat, mStatus=0"))
    assert (found.temperatures, found.electrical) == ((), (Electrical("vbat", "voltage", None),))


def test_a_hal_that_is_not_ready_is_missing_and_not_cool() -> None:
    """Its temperatures are not believed."""
    found = parse(dump("mValue=0.0, mType=3, mName=skin, mStatus=0", ready="false"))
    assert (found.hal_ready, found.temperatures) == (False, ())


@pytest.mark.parametrize("text", ["", "Can't find service: thermalservice\n", "Thermal Status: hot\n"])
def test_what_is_no_dump_is_refused(text: str) -> None:
    """Neither status nor HAL: another text."""
    with pytest.raises(DumpError) as caught:
        parse(text)
    assert (caught.value.kind, caught.value.expected) == ("thermalservice", "`Thermal Status: N` or `HAL Ready: true`")


@pytest.mark.parametrize(
    ("name", "status", "now"),
    [
        ("bort__emulator_space_in_name", 0, {"skin": 30.8}),
        ("bort__qualcomm_6core_nsp_socd", 0, {"battery": 29.0, "skin": 33.136, "npu": 34.7, "gpu": 34.3, "cpu": 36.2}),
        (
            "bort__status2_moderate_aidl_style_thresholds",
            2,
            {"battery": 43.8, "skin": 44.637, "gpu": 45.9, "cpu": 48.2},
        ),
        (
            "skia-buildbot__pixel_mb-therm-monitor",
            0,
            {"battery": 28.000002, "cpu": 44.1, "gpu": 32.9, "skin": 30.147001, "usb": 26.926},
        ),
        ("code_index__samsung_status1_truncated", 1, {}),
        ("shield_optimizer__nvidia_shield_cached_only", 0, {}),
    ],
)
def test_real_temperatures(capture: Callable[[str], str], name: str, status: int, now: dict[str, float]) -> None:
    """Status and the hottest sensor of each kind; a dump cut before its temperatures has none."""
    found = parse(capture(f"{FOLDER}{name}.txt"))
    assert (found.status, found.hal_ready, hottest(found)) == (status, True, now)


@pytest.mark.parametrize(
    ("name", "kind", "cached"),
    [
        ("bort__status2_moderate_aidl_style_thresholds", "battery", [25.0]),
        ("skia-buildbot__pixel_mb-therm-monitor", "skin", [32.401]),
        ("code_index__samsung_status1_truncated", "skin", [38.0]),
        ("code_index__samsung_status1_truncated", "battery", [None, 32.2]),
        ("shield_optimizer__nvidia_shield_cached_only", "cpu", [37.0, 37.0, 37.0, 37.0]),
    ],
)
def test_cached_temperatures_stand_apart(
    capture: Callable[[str], str], name: str, kind: str, cached: list[float | None]
) -> None:
    """They may be stale."""
    found = parse(capture(f"{FOLDER}{name}.txt")).cached
    assert [sensor.temperature_c for sensor in found if sensor.kind == kind] == cached


@pytest.mark.parametrize(
    ("name", "hal"),
    [
        ("skia-buildbot__pixel_mb-therm-monitor", "2.0"),
        ("code_index__samsung_status1_truncated", "AIDL 1"),
        ("shield_optimizer__nvidia_shield_cached_only", None),
    ],
)
def test_the_real_hal_is_named(capture: Callable[[str], str], name: str, hal: str | None) -> None:
    """None for a dump that ends before it."""
    assert parse(capture(f"{FOLDER}{name}.txt")).hal == hal


def test_real_cooling_devices(capture: Callable[[str], str]) -> None:
    """Levels by name, 0 where a device does nothing."""
    emulator = parse(capture(f"{FOLDER}bort__emulator_space_in_name.txt"))
    moderate = parse(capture(f"{FOLDER}bort__status2_moderate_aidl_style_thresholds.txt"))
    pixel = parse(capture(f"{FOLDER}skia-buildbot__pixel_mb-therm-monitor.txt"))
    assert emulator.cooling == (Cooling("test cooling device", 100),)
    assert Cooling("thermal-cpufreq-6", 11) in moderate.cooling
    assert [device.level for device in pixel.cooling] == [0, 0, 0, 0]


def test_real_volts_and_percent_are_no_temperatures(capture: Callable[[str], str]) -> None:
    """Types 6 and 8 come with the value that was printed."""
    found = parse(capture(f"{FOLDER}bort__qualcomm_6core_nsp_socd.txt"))
    assert found.electrical == (Electrical("socd", "percentage", 11.0), Electrical("vbat", "voltage", 4.384))


@pytest.mark.parametrize(
    ("name", "count", "skin"),
    [
        ("bort__qualcomm_6core_nsp_socd", 14, {"severe": 40.0, "shutdown": 95.0}),
        (
            "bort__status2_moderate_aidl_style_thresholds",
            11,
            {
                "none": 25.0,
                "light": 35.0,
                "moderate": 45.0,
                "severe": 52.0,
                "critical": 55.0,
                "emergency": 58.0,
                "shutdown": 60.0,
            },
        ),
    ],
)
def test_real_thresholds(capture: Callable[[str], str], name: str, count: int, skin: dict[str, float]) -> None:
    """Both spellings; a status without a threshold (NaN) is left out."""
    thresholds = parse(capture(f"{FOLDER}{name}.txt")).thresholds
    assert len(thresholds) == count
    assert next(threshold.hot_c for threshold in thresholds if threshold.name == "skin") == skin
