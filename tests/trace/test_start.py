"""Waiting for start conditions, on a handset whose weather is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import exp
from typing import cast

import pytest

from framework.contract.capabilities import Handset, ShellResult
from framework.contract.errors import HandsetError
from framework.contract.run import HandsetIdentity
from framework.contract.scenario import StartConditions
from framework.trace.start import POLL_S, WAIT_S, Started, Wait, await_start

THERMAL = """IsStatusOverride: false
Thermal Status: 0
HAL Ready: true
Current temperatures from HAL:
\tTemperature{{mValue={skin:.1f}, mType=3, mName=skin, mStatus=0}}
"""
BATTERY = """Current Battery Service state:
  AC powered: false
  USB powered: {usb}
  Charge counter: {uah:.0f}
  status: {status}
  level: {level}
  scale: 100
"""
FULL_UAH = 4_800_000


@dataclass
class Handsets:
    """A handset that tells what the functions of its uptime say; each look at it takes POLL_S."""

    skin_c: Callable[[float], float | None] = lambda _: 30.0
    charge_pct: Callable[[float], float] = lambda _: 80.0
    busy: Callable[[float], float] = lambda _: 0.05
    plugged: bool = True
    uptime_s: float = 1000.0
    time_scale: float = 1e6
    looks: int = 0
    _ticks: list[float] = field(default_factory=lambda: [0.0, 0.0])

    identity = HandsetIdentity("fold", "1", "Maker", "Model", "SoC", "14", 34, 8, False, True, "f")

    @property
    def shell(self) -> Handsets:
        return self

    def script(self, text: str, *, check: bool = False) -> ShellResult:
        if self.looks:
            self.uptime_s += POLL_S
        self.looks += 1
        now = self.uptime_s - 1000
        busy = self.busy(now)
        self._ticks = [self._ticks[0] + 1600 * busy, self._ticks[1] + 1600 * (1 - busy)]
        parts = [f"{self.uptime_s:.2f}\n"]
        for program in text.split("echo @start\n")[1:]:
            parts.append(
                self._thermal(now)
                if "thermal" in program
                else self._battery(now)
                if "battery" in program
                else self._cpu()
            )
        return ShellResult(0, "@start\n".join(parts).encode(), b"")

    def _thermal(self, now: float) -> str:
        skin = self.skin_c(now)
        return (
            "Thermal Status: 0\nHAL Ready: true\nCurrent temperatures from HAL:\n"
            if skin is None
            else THERMAL.format(skin=skin)
        )

    def _battery(self, now: float) -> str:
        charge = self.charge_pct(now)
        usb, status = ("true", 2) if self.plugged else ("false", 3)
        return BATTERY.format(usb=usb, status=status, uah=charge / 100 * FULL_UAH, level=int(charge))

    def _cpu(self) -> str:
        return f"cpu  {self._ticks[0]:.0f} 0 0 {self._ticks[1]:.0f} 0 0 0\n"


def wait(handset: Handsets, **conditions: float) -> tuple[Started, list[Wait]]:
    told: list[Wait] = []
    return await_start(cast(Handset, handset), StartConditions(**conditions), told.append), told


def test_without_conditions_nothing_is_asked() -> None:
    """Not a single command."""
    handset = Handsets()
    assert wait(handset) == (Started(), [])
    assert handset.looks == 0


def test_what_holds_at_once_costs_one_look() -> None:
    """No wait, no note."""
    handset = Handsets()
    assert wait(handset, skin_below_c=36, battery_above=50) == (Started(), [])
    assert handset.looks == 1


def test_a_warm_handset_is_waited_for() -> None:
    """Until it is cool; the wait is told with the time it will take, and recorded from where to where."""
    handset = Handsets(skin_c=lambda now: 25 + 14 * exp(-now / 200))
    started, told = wait(handset, skin_below_c=36)
    assert started == Started(notes=("start: waited 50 s for skin below 36 °C: 35.9 °C (at first 39.0 °C)",))
    first = told[0]
    assert (first.what, first.value, first.limit) == ("skin below 36 °C", 39.0, 36)
    assert first.ready_in_s == pytest.approx(50, rel=1)


def test_one_that_cools_too_slowly_is_given_up() -> None:
    """When the time is up, with what was found first and last."""
    handset = Handsets(skin_c=lambda now: 30 + 20 * exp(-now / 1500))
    started, _ = wait(handset, skin_below_c=36)
    assert started.unfit == "start: skin below 36 °C was asked for, found 43.4 °C (at first 50.0 °C), the time is up"
    assert handset.uptime_s - 1000 == pytest.approx(WAIT_S, abs=POLL_S)


def test_one_that_will_not_get_there_is_given_up_early() -> None:
    """As soon as the curve's end is known to lie above the limit."""
    handset = Handsets(skin_c=lambda now: 38 + 6 * exp(-now / 60))
    started, _ = wait(handset, skin_below_c=36)
    said = "start: skin below 36 °C was asked for, found 38.0 °C (at first 44.0 °C), its cooling curve ends above that"
    assert started.unfit == said
    assert handset.uptime_s - 1000 < 0.6 * WAIT_S


def test_one_that_does_not_tell_is_given_up_at_once() -> None:
    """A handset without a skin sensor cannot be waited for."""
    handset = Handsets(skin_c=lambda _: None)
    started, _ = wait(handset, skin_below_c=36)
    assert started.unfit is not None
    assert "the handset does not tell it" in started.unfit
    assert handset.looks == 1


def test_a_battery_that_does_not_charge_is_given_up_at_once() -> None:
    """Nothing would change by waiting."""
    handset = Handsets(charge_pct=lambda _: 41.0, plugged=False)
    started, _ = wait(handset, battery_above=50)
    assert started.unfit == "start: battery above 50 % was asked for, found 41 %, it does not charge"
    assert handset.looks == 1


def test_a_battery_that_will_be_full_enough_in_time_is_waited_for() -> None:
    """Two percent in five minutes: it is waited for, with the time it will take."""
    handset = Handsets(charge_pct=lambda now: 49.1 + now / 150)
    started, told = wait(handset, battery_above=50)
    assert started.unfit is None
    assert started.notes[0].endswith("for battery above 50 %: 51 % (at first 49 %)")
    assert told[0].value == 49


def test_a_battery_that_charges_too_slowly_is_given_up_early() -> None:
    """After a minute's look: at 8 % an hour, ten minutes will not do."""
    handset = Handsets(charge_pct=lambda now: 41 + now * 8 / 3600)
    started, _ = wait(handset, battery_above=50)
    assert started.unfit == "start: battery above 50 % was asked for, found 41 %, it charges by 8.0 % an hour"
    assert handset.uptime_s - 1000 < 2 * 60


def test_a_busy_handset_is_waited_for() -> None:
    """The load from one look to the next, all cores together; the first look alone tells none."""
    handset = Handsets(busy=lambda now: 0.6 if now < 20 else 0.05)
    started, told = wait(handset, idle_cpu_below=20)
    assert started.notes == ("start: waited 20 s for CPU load below 20 %: 5 % (at first 60 %)",)
    assert [(each.what, round(each.value), each.ready_in_s) for each in told] == [("CPU load below 20 %", 60, None)]


def test_all_conditions_hold_in_one_look() -> None:
    """One that held and holds no more is waited for again."""
    handset = Handsets(
        skin_c=lambda now: 37 if now < 30 else 35, busy=lambda now: 0.05 if now < 20 or now > 40 else 0.6
    )
    started, _ = wait(handset, skin_below_c=36, idle_cpu_below=20)
    assert started.unfit is None
    assert handset.uptime_s - 1000 == pytest.approx(42, abs=POLL_S)


def test_a_handset_without_answer_is_the_labs_fault() -> None:
    """One whose shell says something else is not taken for one that is ready."""
    handset = Handsets()
    handset.script = lambda text, *, check=False: ShellResult(1, b"error: closed\n", b"")  # type: ignore[method-assign]
    with pytest.raises(HandsetError, match="/proc/uptime gave 'error: closed'"):
        wait(handset, skin_below_c=36)
