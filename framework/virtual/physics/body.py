"""What goes on in a handset over time: heat, throttling, charge and CPU time, integrated when asked.

Time goes in fixed steps, and energy that was drawn within a step is carried to its end: what is read does not
depend on how often it is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from framework.virtual.physics.battery import Battery
from framework.virtual.physics.governor import Governor, ThermalEngine
from framework.virtual.physics.load import Load, Work, WorkKind
from framework.virtual.physics.network import ThermalNetwork
from framework.virtual.physics.sensors import Sensors
from framework.virtual.profiles.record import NodeName, Profile

STEP_NS = 250_000_000
IDLE_ON_DIE = 0.4
"""Share of the power at rest that is drawn by the SoC; display and radios warm board and skin."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The pieces that a body is made of."""

    network: ThermalNetwork
    engine: ThermalEngine
    governor: Governor
    battery: Battery
    load: Load
    sensors: Sensors


class Body:
    """The state of a handset's physics at `now()`; `spent` is told the CPU time that a piece of work used."""

    def __init__(self, profile: Profile, seed: int, now: Callable[[], int], spent: Callable[[Work, int], None]) -> None:
        network = ThermalNetwork(profile.thermal, seed)
        load = Load(profile, seed)
        battery = Battery(profile.battery, seed, load.idle_watts())
        network.settle(_heat(load.idle_watts(), 0.0, battery.heat_w()))
        sensors = Sensors(profile.thermal, seed, network)
        self.parts = Parts(network, ThermalEngine(profile.thermal), Governor(profile.soc), battery, load, sensors)
        self.on_step: Callable[[int], None] = lambda _: None
        """Told the device time at the end of each step, when all values hold for that moment."""

        self.busy_ns = [0] * profile.soc.cores
        self.cap = 1.0
        """A vendor's limit on the clocks beside the thermal engine's, as a share of nominal."""

        self._now = now
        self._spent = spent
        self._now_ns = now()
        self._step_end_ns = self._now_ns + STEP_NS
        self._work_joules = 0.0

    @property
    def clock_share(self) -> float:
        """The limit on the clocks, as a share of nominal."""
        return min(self.parts.engine.clock_share, self.cap)

    def speed_share(self, at_ns: int) -> float:
        """The clocks that inference runs on at `at_ns`, as a share of nominal."""
        return self.parts.governor.share(self.parts.load.inference_cpus, self.clock_share, at_ns)

    @property
    def steps(self) -> int:
        """The number of the current step since boot."""
        return self._step_end_ns // STEP_NS

    def begin(self, kind: WorkKind, pid: int, threads: int | None, at_ns: int) -> Work:
        self.advance(at_ns)
        work = self.parts.load.begin(kind, pid, threads)
        self.parts.governor.follow(self.parts.load.busy_cpus(), at_ns)
        return work

    def end(self, work: Work, at_ns: int) -> None:
        self.advance(at_ns)
        self.parts.load.end(work)
        self.parts.governor.follow(self.parts.load.busy_cpus(), at_ns)

    def restart(self) -> None:
        """The handset was restarted, and its clock with it: heat and charge stay, CPU time is counted anew."""
        now_ns = self._now()
        self._now_ns, self._step_end_ns, self._work_joules = now_ns, now_ns + STEP_NS, 0.0
        self.busy_ns = [0] * len(self.busy_ns)
        self.parts.governor.restart(now_ns)

    def settle(self) -> Parts:
        """The parts as they are now, to be read or changed from outside."""
        self.advance(self._now())
        return self.parts

    def advance(self, now_ns: int) -> None:
        while self._now_ns < now_ns:
            end = min(self._step_end_ns, now_ns)
            edge = self.parts.governor.next_change(self._now_ns)
            end = end if edge is None else min(end, edge)
            self._run(end - self._now_ns)
            self._now_ns = end
            if end == self._step_end_ns:
                self._finish_step()

    def _run(self, ns: int) -> None:
        load = self.parts.load
        busy = load.busy_cpus()
        if not busy:
            return
        share = self.parts.governor.share(busy, self.clock_share, self._now_ns)
        self._work_joules += load.work_watts(share) * ns / 1e9
        for cpu in busy:
            self.busy_ns[cpu] += ns
        for work in load.works:
            self._spent(work, int(work.threads * ns * load.share_of_cpus))

    def _finish_step(self) -> None:
        network, battery, seconds = self.parts.network, self.parts.battery, STEP_NS / 1e9
        work_w, self._work_joules = self._work_joules / seconds, 0.0
        idle_w = self.parts.load.idle_watts()
        battery.drawn_w = idle_w + work_w
        heat = _heat(idle_w, work_w, battery.heat_w())
        network.step({node: watts * seconds for node, watts in heat.items()}, seconds)
        battery.step(seconds)
        self.parts.engine.update(network.celsius["skin"], network.celsius["die"])
        self.parts.sensors.update(self.steps, self._step_end_ns)
        self.on_step(self._step_end_ns)
        self._step_end_ns += STEP_NS


def _heat(idle_w: float, work_w: float, battery_w: float) -> dict[NodeName, float]:
    elsewhere = idle_w * (1 - IDLE_ON_DIE) / 2
    return {"die": idle_w * IDLE_ON_DIE + work_w, "board": elsewhere, "skin": elsewhere, "battery": battery_w}
