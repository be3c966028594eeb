"""Twelve kinds of untruth in what a handset tells, each with the size that matters and why: for `validity.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from framework.session import Session
from framework.verdict.validity.roofline import BANDWIDTH_GB_S
from framework.virtual.control.client import Control

COOL_C = 34.0
"""Start temperature that the scenario asks for: below every step of throttling."""

NS_PER_S = 1_000_000_000
FAR_NS = 10**18

STEP_C = (30.0, 38.0, 41.0, 43.0, 45.0, 48.0, 52.0)
"""Skin temperatures at which the profiles' thermal HAL reports the statuses 0 to 6."""


@dataclass
class Scene:
    """One handset under test, what its clean figures are, and the faults that are under way on it."""

    name: str
    control: Control
    session: Session
    tokens_per_s: float = 0.0
    period_s: float = 0.0
    unplugged: int = 0
    faults: list[int] = field(default_factory=list)

    def begin(self, kind: str, size: float | None = None, for_s: float | None = None) -> None:
        self.faults.append(self.control.fault(kind, size, for_s))

    def unplug(self) -> None:
        self.unplugged = self.control.fault("charging", 0)

    def mend(self) -> None:
        """End what is under way; the charger stays out."""
        for number in self.faults:
            self.control.clear(number)
        self.faults.clear()
        if not self.unplugged:
            self.unplug()

    def skin_c(self) -> float:
        """The true one, as it was last."""
        now_ns = self.now_ns()
        for seconds in (10, 100, now_ns // NS_PER_S):
            samples = self.control.truth(now_ns - seconds * NS_PER_S)["samples"]
            if "skin_c" in samples:
                return float(samples["skin_c"][-1][1])
        raise AssertionError(f"{self.name} has no skin")

    def now_ns(self) -> int:
        return int(self._clock()["device_ns"])

    def slipped_ms(self) -> float:
        return float(self._clock()["slipped_ms"])

    def _clock(self) -> dict[str, Any]:
        """Without the events and samples, which are long."""
        told: dict[str, Any] = self.control.truth(FAR_NS)["clock"]
        return told

    def available_mb(self) -> tuple[float, float]:
        """What is free, and all there is."""
        lines = self.session.handset.shell.run("cat", "/proc/meminfo").text.splitlines()
        kib = {line.split()[0].rstrip(":"): int(line.split()[1]) for line in lines if len(line.split()) > 1}
        return kib["MemAvailable"] * 1024 / 1e6, kib["MemTotal"] * 1024 / 1e6


When = Literal["at the start", "between turns", "within an answer"]


@dataclass(frozen=True)
class Kind:
    """One kind of untruth: a fault whose size is drawn from `least` to `most`, and what size matters, and why."""

    name: str
    rule: str
    unit: str
    least: float
    matters: float
    most: float
    why: str
    when: When
    inject: Callable[[Scene, float], None]


def _charge(scene: Scene, size: float) -> None:
    scene.control.clear(scene.unplugged)
    scene.unplugged = 0
    scene.begin("charging", size)


def _warm(scene: Scene, size: float) -> None:
    """To `size` times half a degree above the window; below 1, to as far below it."""
    scene.begin("start_heat", max(0.0, COOL_C + 0.5 * size - scene.skin_c()))


def _status(scene: Scene, size: float) -> None:
    """Half of them show too much on a cool handset, the others none on one that is as hot as the status of `size`."""
    if round(size * 1000) % 2:
        scene.begin("status", round(size))
        return
    level = int(size)
    hot = STEP_C[level] + (size - level) * (STEP_C[level + 1] - STEP_C[level])
    scene.begin("start_heat", max(0.0, hot - scene.skin_c()))
    scene.begin("status", 0)


def _press(scene: Scene, size: float) -> None:
    """Take memory until a tenth of all, divided by `size`, is left; the handset may kill apps to have more of it."""
    for _ in range(5):
        available, total = scene.available_mb()
        missing = available - 0.1 * total / size
        if missing < 0.005 * total:
            return
        scene.begin("memory_pressure", missing)


def _speed_up(scene: Scene, size: float) -> None:
    """To `size` times the rate at which the peak bandwidth reads all weights."""
    bandwidth = BANDWIDTH_GB_S[scene.session.identity.soc] * 1e9
    roofline = bandwidth / (scene.session.build.weight_bytes or 0)
    scene.begin("impossible_rate", size * roofline / scene.tokens_per_s)


KINDS: tuple[Kind, ...] = (
    Kind(
        "charging", "charging", "mA", 0.5, 10, 3000,
        "10 mA at 5 V are 50 mW, 1 % of what inference draws", "at the start", _charge,
    ),
    Kind(
        "start_heat", "start_temperature", "0.5 °C above the window", 0.05, 1.1, 25,
        "half a degree of skin is up to 0.5 % of decoding", "at the start", _warm,
    ),
    Kind(
        "clock_cap", "clipped_clock", "of nominal", 0.003, 0.03, 0.6,
        "3 % of clocks are 1.5 % of decoding and 3 % of ttft", "at the start",
        lambda scene, size: scene.begin("clock_cap", size),
    ),
    Kind(
        "status", "thermal_status", "levels too high, or concealed", 0.2, 2, 5.5,
        "LIGHT has no effect by definition; from MODERATE on clocks are limited", "at the start", _status,
    ),
    Kind(
        "frozen_sensor", "frozen_sensor", "s", 0.5, 10, 90,
        "skin warms by up to 0.05 °C/s: 10 s hide half a degree", "at the start",
        lambda scene, size: scene.begin("frozen_sensor", size),
    ),
    Kind(
        "flipped_sensor", "flipped_sensor", "s", 0.05, 2.5, 30,
        "within the probe's period of 2.5 s it may be in no sample, and then in no figure", "within an answer",
        lambda scene, size: scene.begin("flipped_sensor", None, size),
    ),
    Kind(
        "stall_sampler", "sampling_gap", "times the longest allowed gap", 0.05, 1.1, 6,
        "four periods, and at least 3 s: memory may have grown by half a percent", "within an answer",
        lambda scene, size: scene.begin("stall_sampler", size * max(3.0, 4 * scene.period_s)),
    ),
    Kind(
        "kill_app", "process_changed", "turns done", 0.0, 1, 2,
        "a process that is new before the first turn is one process for all turns", "between turns",
        lambda scene, size: scene.begin("kill_app"),
    ),
    Kind(
        "cpu_load", "other_load", "threads", 0.05, 0.75, 6,
        "one thread more where five infer: percents of decoding, or half a watt", "at the start",
        lambda scene, size: scene.begin("cpu_load", size),
    ),
    Kind(
        "memory_pressure", "memory_pressure", "a tenth of all over what is left", 0.25, 1.05, 3,
        "the kernel begins to take back weights; a step of 100 MB of them is 100 ms", "at the start", _press,
    ),
    Kind(
        "impossible_rate", "impossible_rate", "times the roofline", 0.5, 1.05, 5,
        "no token without reading the weights at the memory's peak rate", "at the start", _speed_up,
    ),
    Kind(
        "emulator_lag", "emulator_late", "ms of the host", 50, 1010, 4000,
        "up to 1000 ms the handset's clock waits for its emulator; beyond, device time is lost", "within an answer",
        lambda scene, size: scene.begin("emulator_lag", size),
    ),
)  # fmt: skip
