"""Frozen and flipped sensors, told from quiet ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from framework.contract.trace import Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.sensors import FLIPPED_SENSOR, FROZEN, FROZEN_SENSOR

Points = list[tuple[float, float]]
SECONDS = 90
TURNS = [(10, 80)]


def reading(grain: float, noise: float, begin: float = 30.0, slope: float = 0.03, *, seed: int = 1) -> Points:
    """One reading a second of a sensor that warms steadily."""
    random_ = random.Random(seed)
    values = (begin + slope * at + random_.uniform(-noise, noise) for at in range(SECONDS))
    return [(at, round(round(value / grain) * grain, 4)) for at, value in enumerate(values)]


def frozen(points: Points, begin: int, seconds: float) -> Points:
    return [(at, points[begin][1] if begin <= at <= begin + seconds else value) for at, value in points]


SOC = reading(0.1, 0.3, 45.0, 0.1)
LOAD = [(float(at), 5.0 if at % 20 < 12 else 0.2) for at in range(SECONDS)]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    ("grain", "noise"), [(0.001, 0.002), (0.1, 0.15), (0.1, 0.0), (0.1, 0.02), (1.0, 0.0), (1.0, 0.15)]
)
def test_a_quiet_sensor_is_not_frozen(grain: float, noise: float, seed: int, trace: Callable[..., Trace]) -> None:
    """Fine or coarse, noisy or still, warming or resting: a healthy sensor gives no doubt."""
    for slope in (0.0, 0.03, 0.1):
        skin = reading(grain, noise, slope=slope, seed=seed)
        recorded = trace({"skin_c": skin, "soc_c": SOC, "cpu_busy_cores": LOAD}, turns=TURNS)
        assert [doubt.reason for doubt in FROZEN_SENSOR.doubts(recorded, Circumstances())] == []


@pytest.mark.parametrize("grain", [0.1, 0.5, 1.0])
def test_a_sensor_that_has_warmed_up_may_rest(grain: float, trace: Callable[..., Trace]) -> None:
    """Rising, at the top for half a minute, falling: without noise, each is healthy."""
    rising = [(at, 30 + 0.1 * min(at, 30, SECONDS - at)) for at in range(SECONDS)]
    skin = [(at, round(round(value / grain) * grain, 4)) for at, value in rising]
    recorded = trace({"skin_c": skin, "soc_c": SOC, "cpu_busy_cores": LOAD}, turns=TURNS)
    assert FROZEN_SENSOR.doubts(recorded, Circumstances()) == ()


@pytest.mark.parametrize("begin", [0, 15, 60])
@pytest.mark.parametrize(("grain", "noise"), [(0.001, 0.002), (0.1, 0.15)])
def test_a_frozen_sensor_is_found(begin: int, grain: float, noise: float, trace: Callable[..., Trace]) -> None:
    """From the threshold on, wherever the stretch lies, if the sensor is lively otherwise or reads finely."""
    skin = frozen(reading(grain, noise), begin, FROZEN.value + 5)
    recorded = trace({"skin_c": skin, "soc_c": SOC}, turns=TURNS)
    (doubt,) = FROZEN_SENSOR.doubts(recorded, Circumstances())
    assert begin - 2 <= doubt.start_ns / 10**9 <= begin
    assert doubt.metrics == {"skin_c"}


def test_a_short_stop_does_not_matter(trace: Callable[..., Trace]) -> None:
    """What stands still for less than the threshold hides less than budgets are written in."""
    skin = frozen(reading(0.001, 0.002), 15, FROZEN.value - 3)
    assert FROZEN_SENSOR.doubts(trace({"skin_c": skin, "soc_c": SOC}, turns=TURNS), Circumstances()) == ()


@pytest.mark.parametrize(
    ("name", "beside", "why"),
    [
        ("soc_c", {"skin_c": reading(0.1, 0.1)}, "although the load changed by 4.8 cores"),
        ("battery_c", {"skin_c": reading(0.1, 0.1, slope=0.05)}, "while skin_c moved by +4.5 °C"),
    ],
)
def test_frozen_from_the_first_sample(
    name: str, beside: dict[str, Points], why: str, trace: Callable[..., Trace]
) -> None:
    """A sensor without a record of its own is judged by the load and by its neighbours."""
    still = [(at, 31.5) for at in range(SECONDS)]
    recorded = trace({name: still, "cpu_busy_cores": LOAD, **beside}, turns=TURNS)
    assert [doubt.reason for doubt in FROZEN_SENSOR.doubts(recorded, Circumstances())] == [
        f"{name} showed 31.5 °C for 89 s, {why}"
    ]


def test_where_all_stand_still_none_is_frozen(trace: Callable[..., Trace]) -> None:
    """A handset at rest in a cellar."""
    still = [(at, 21.432) for at in range(SECONDS)]
    recorded = trace({"skin_c": still, "soc_c": still}, turns=TURNS)
    assert FROZEN_SENSOR.doubts(recorded, Circumstances()) == ()


def test_the_sensor_of_the_start_temperature(trace: Callable[..., Trace]) -> None:
    """With a start temperature asked for, a frozen skin sensor leaves latencies unproven, too."""
    recorded = trace({"skin_c": frozen(reading(0.001, 0.002), 15, 20), "soc_c": SOC}, turns=TURNS)
    (doubt,) = FROZEN_SENSOR.doubts(recorded, Circumstances(skin_below_c=36))
    assert (doubt.concerns("ttft_ms"), doubt.concerns("rss_mb")) == (True, False)


@pytest.mark.parametrize(
    ("skin", "soc", "battery", "reasons"),
    [
        (0.03, 0.1, 0.01, []),
        (-0.03, -0.1, -0.01, []),
        (-0.03, 0.1, 0.01, ["skin_c fell by 2.1 °C while all others rose (soc_c +7.0, battery_c +0.7)"]),
        (-0.03, 0.1, -0.01, []),
        (0.03, -0.1, 0.03, ["soc_c fell by 7.0 °C while all others rose (skin_c +2.1, battery_c +2.1)"]),
    ],
)
def test_a_flipped_sensor(
    skin: float, soc: float, battery: float, reasons: list[str], trace: Callable[..., Trace]
) -> None:
    """Falls while all others rise; a handset that cools down is well."""
    series = {
        "skin_c": reading(0.1, 0.0, slope=skin),
        "soc_c": reading(0.1, 0.0, 45, slope=soc),
        "battery_c": reading(0.1, 0.0, 28, slope=battery),
    }
    found = FLIPPED_SENSOR.doubts(trace(series, turns=TURNS), Circumstances())
    assert [doubt.reason for doubt in found] == reasons


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ([31.0, 32.0], []),
        ([31.0, -31.0], ["skin_c showed -31 °C, outside of -10 to 75"]),
        ([31.0, 3100.0], ["skin_c showed 3100 °C, outside of -10 to 75"]),
    ],
)
def test_implausible_values(values: Sequence[float], reasons: list[str], trace: Callable[..., Trace]) -> None:
    """No handset in use has them, whatever the other sensors say."""
    recorded = trace({"skin_c": [(12 + at, value) for at, value in enumerate(values)]})
    assert [doubt.reason for doubt in FLIPPED_SENSOR.doubts(recorded, Circumstances())] == reasons
