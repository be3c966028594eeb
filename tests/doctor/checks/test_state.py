"""Charge, heat and room."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.doctor.answers import Answers
from framework.doctor.checks import state

Make = Callable[..., Answers]


def battery(level: int = 80, tenths: int = 280, plugged: bool = True, more: str = "") -> str:
    return f"{more}  USB powered: {str(plugged).lower()}\n  level: {level}\n  scale: 100\n  temperature: {tenths}\n"


@pytest.mark.parametrize(
    ("level", "plugged", "expected"),
    [
        (80, True, ("ok", "battery 80 %, plugged in")),
        (29, False, ("warning", "battery 29 %, on battery")),
        (9, True, ("fault", "battery 9 %, plugged in")),
    ],
)
def test_battery_level(make_answers: Make, level: int, plugged: bool, expected: tuple[str, str]) -> None:
    """Full, low, empty."""
    opinion = state.battery_level(make_answers(battery=battery(level, plugged=plugged)))
    assert opinion is not None
    assert (opinion.level, opinion.finding) == expected


@pytest.mark.parametrize(("tenths", "level"), [(285, "ok"), (380, "warning"), (450, "fault"), (-999, None)])
def test_battery_temperature(make_answers: Make, tenths: int, level: str | None) -> None:
    """Cool, warm, hot, without a sensor."""
    opinion = state.battery_temperature(make_answers(battery=battery(tenths=tenths)))
    assert (opinion and opinion.level) == level


def test_a_battery_that_was_set_by_hand(make_answers: Make) -> None:
    """It would never discharge."""
    frozen = "Current Battery Service state:\n  (UPDATES STOPPED -- use 'reset' to restart)\n"
    assert state.battery_frozen(make_answers(battery=battery())) is None
    opinion = state.battery_frozen(make_answers(battery=battery(more=frozen)))
    assert opinion is not None
    assert opinion.level == "fault"


@pytest.mark.parametrize(("value", "level"), [("1", "warning"), ("0", None)])
def test_power_saver(make_answers: Make, value: str, level: str | None) -> None:
    """It slows the handset down."""
    opinion = state.power_saver(make_answers(None, {"global/low_power": value}))
    assert (opinion and opinion.level) == level


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (0, ("ok", "not throttled by heat")),
        (2, ("warning", "thermal status moderate")),
        (3, ("fault", "thermal status severe")),
        (9, ("fault", "thermal status code 9")),
    ],
)
def test_thermal_status(make_answers: Make, status: int, expected: tuple[str, str]) -> None:
    """In Android's words."""
    opinion = state.thermal_status(make_answers(thermalservice=f"Thermal Status: {status}\nHAL Ready: true\n"))
    assert opinion is not None
    assert (opinion.level, opinion.finding) == expected


@pytest.mark.parametrize(
    ("free_kb", "expected"),
    [
        (50_000_000, ("ok", "51.2 GB free on /data")),
        (4_000_000, ("warning", "4.1 GB free on /data")),
        (900_000, ("fault", "0.9 GB free on /data")),
    ],
)
def test_storage(make_answers: Make, free_kb: int, expected: tuple[str, str]) -> None:
    """In GB of 10^9 bytes, as makers count."""
    df = f"Filesystem 1K-blocks Used Available Use% Mounted on\n/dev/block/dm-5 99999999 1 {free_kb} 12% /data\n"
    opinion = state.storage(make_answers(df=df))
    assert opinion is not None
    assert (opinion.level, opinion.finding) == expected


def test_network(make_answers: Make) -> None:
    """Told, never blamed."""
    opinion = state.network(make_answers(None, {"global/airplane_mode_on": "1", "global/wifi_on": "0"}))
    assert opinion is not None
    assert (opinion.level, opinion.finding) == ("ok", "airplane mode on, Wi-Fi off")


def test_nothing_told(make_answers: Make) -> None:
    """A handset that refuses everything gets no opinion."""
    answers = make_answers(None, {}, battery="?", thermalservice="?", df="?")
    judges = (state.battery_level, state.battery_temperature, state.battery_frozen, state.power_saver)
    assert [judge(answers) for judge in (*judges, state.thermal_status, state.storage, state.network)] == [None] * 7
