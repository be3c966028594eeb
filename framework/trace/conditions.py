"""The start conditions, one class each: how they are read, when they hold, and when they will."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from framework.contract.scenario import StartConditions
from framework.dumps import battery, proc_stat, thermalservice
from framework.dumps.errors import DumpError
from framework.trace.cooling import ready_in_s

COOLING_SEEN_S = 180.0
"""Device seconds after which the end of a cooling curve is believed."""

CHARGE_SEEN_S = 60.0
"""Device seconds for which a charging battery is watched before its rate is believed."""


class Condition(Protocol):
    """Reads what `script` prints, poll by poll; times are device seconds."""

    @property
    def what(self) -> str:
        """In words, with its limit."""

    limit: float
    script: str
    """What is run on the handset at each poll."""

    value: float | None
    """What the last poll found; None if it could not be read."""

    def read(self, at_s: float, text: str) -> None: ...

    @property
    def holds(self) -> bool: ...

    def ready_in_s(self) -> float | None:
        """Seconds until it is expected to hold, where that can be told."""

    def hopeless(self, left_s: float) -> str | None:
        """Why it will not hold in the `left_s` seconds that are left; None where it may."""

    def shown(self, value: float | None) -> str:
        """A value of it in words."""


@dataclass
class SkinBelow:
    """The skin has cooled down."""

    limit: float
    script: str = "dumpsys thermalservice"
    value: float | None = None
    readings: list[tuple[float, float]] = field(default_factory=list)

    @property
    def what(self) -> str:
        return f"skin below {self.limit:g} °C"

    def read(self, at_s: float, text: str) -> None:
        self.value = _hottest_skin(text)
        if self.value is not None:
            self.readings.append((at_s, self.value))

    @property
    def holds(self) -> bool:
        return self.value is not None and self.value < self.limit

    def ready_in_s(self) -> float | None:
        return ready_in_s(self.readings, self.limit) if self.readings else None

    def hopeless(self, left_s: float) -> str | None:
        if self.value is None:
            return "the handset does not tell it"
        if self.readings[-1][0] - self.readings[0][0] < COOLING_SEEN_S or self.ready_in_s() is not None:
            return None
        return "its cooling curve ends above that"

    def shown(self, value: float | None) -> str:
        return "an unknown temperature" if value is None else f"{value:.1f} °C"


@dataclass
class BatteryAbove:
    """The battery is full enough; while it charges it is waited for, if it will be in time."""

    limit: float
    script: str = "dumpsys battery"
    value: float | None = None
    charging: bool = False
    counted: list[tuple[float, float]] = field(default_factory=list)
    """(seconds, percent), by the charge counter and thus finer than the level; the first is the level itself."""
    _first_uah: int | None = None

    @property
    def what(self) -> str:
        return f"battery above {self.limit:g} %"

    def read(self, at_s: float, text: str) -> None:
        dump = _battery(text)
        self.value = None if dump is None or dump.level is None else dump.level * 100 / (dump.scale or 100)
        if dump is None or self.value is None:
            return
        self.charging = any((dump.status == "charging", dump.ac_powered, dump.usb_powered, dump.wireless_powered))
        if dump.charge_counter_uah:
            self._first_uah = self._first_uah or dump.charge_counter_uah
            first = self.counted[0][1] if self.counted else self.value
            self.counted.append((at_s, first * dump.charge_counter_uah / self._first_uah))

    @property
    def holds(self) -> bool:
        return self.value is not None and self.value > self.limit

    def ready_in_s(self) -> float | None:
        rate = self._percent_per_s()
        if rate is None or rate <= 0:
            return None
        return max(0.0, (self.limit + 1 - self.counted[-1][1]) / rate)

    def hopeless(self, left_s: float) -> str | None:
        if self.value is None:
            return "the handset does not tell it"
        if not self.charging:
            return "it does not charge"
        rate, ready = self._percent_per_s(), self.ready_in_s()
        if rate is None or (ready is not None and ready <= left_s):
            return None
        return f"it charges by {rate * 3600:.1f} % an hour"

    def shown(self, value: float | None) -> str:
        return "an unknown charge" if value is None else f"{value:g} %"

    def _percent_per_s(self) -> float | None:
        """How fast it fills; None until it was watched for long enough."""
        if not self.counted or self.counted[-1][0] - self.counted[0][0] < CHARGE_SEEN_S:
            return None
        (begin, before), (end, after) = self.counted[0], self.counted[-1]
        return (after - before) / (end - begin)


@dataclass
class IdleCpuBelow:
    """The handset does little by itself; measured from one poll to the next, all cores together."""

    limit: float
    script: str = 'read cpu </proc/stat; echo "$cpu"'
    value: float | None = None
    _ticks: tuple[int, int] | None = None
    _polls: int = 0

    @property
    def what(self) -> str:
        return f"CPU load below {self.limit:g} %"

    def read(self, at_s: float, text: str) -> None:
        self._polls += 1
        before, self._ticks = self._ticks, _idle_and_all(text)
        if before is None or self._ticks is None or self._ticks[1] <= before[1]:
            self.value = None
        else:
            self.value = 100 * (1 - (self._ticks[0] - before[0]) / (self._ticks[1] - before[1]))

    @property
    def holds(self) -> bool:
        return self.value is not None and self.value < self.limit

    def ready_in_s(self) -> float | None:
        return None

    def hopeless(self, left_s: float) -> str | None:
        return "the handset does not tell it" if self.value is None and self._polls > 1 else None

    def shown(self, value: float | None) -> str:
        return "not yet known" if value is None else f"{value:.0f} %"


def asked(conditions: StartConditions) -> tuple[Condition, ...]:
    """Those that a scenario asks for."""
    made: list[Condition] = []
    if conditions.skin_below_c is not None:
        made.append(SkinBelow(conditions.skin_below_c))
    if conditions.battery_above is not None:
        made.append(BatteryAbove(conditions.battery_above))
    if conditions.idle_cpu_below is not None:
        made.append(IdleCpuBelow(conditions.idle_cpu_below))
    return tuple(made)


def _hottest_skin(text: str) -> float | None:
    try:
        sensors = thermalservice.parse(text).temperatures
    except DumpError:
        return None
    skins = [sensor.temperature_c for sensor in sensors if sensor.kind == "skin" and sensor.temperature_c is not None]
    return max(skins, default=None)


def _battery(text: str) -> battery.BatteryDump | None:
    try:
        return battery.parse(text)
    except DumpError:
        return None


def _idle_and_all(text: str) -> tuple[int, int] | None:
    """Ticks without work and all ticks, of all cores since boot."""
    try:
        cpu = proc_stat.parse(text).cpus[0]
    except (DumpError, IndexError):
        return None
    idle = cpu.idle_ticks + (cpu.iowait_ticks or 0)
    rest = (cpu.irq_ticks, cpu.softirq_ticks, cpu.steal_ticks)
    return idle, idle + cpu.user_ticks + cpu.nice_ticks + cpu.system_ticks + sum(ticks or 0 for ticks in rest)
