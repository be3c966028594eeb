"""The physics of one handset: speed of inference, heat, clocks, memory and battery, all in device time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from framework.formats.gguf_model import GgufModel
from framework.virtual.clock import DeviceClock
from framework.virtual.physics.body import Body
from framework.virtual.physics.cpus import Cpus
from framework.virtual.physics.load import Work, WorkKind
from framework.virtual.physics.memory import Memory
from framework.virtual.physics.network import AIR, NODES
from framework.virtual.physics.power import Power
from framework.virtual.physics.roofline import Roofline
from framework.virtual.physics.thermal import ThermalState
from framework.virtual.physics.variation import around
from framework.virtual.profiles.record import Profile
from framework.virtual.system.processes import Process, ProcessTable

UNIT_SPREAD = 0.03
"""How far handsets of one model differ in speed."""

JITTER = 0.02
"""How far one token's time differs from the next's at the same clocks."""


FIRST_APP_UID = 10000
"""Android gives uids from here on to apps (Process.FIRST_APPLICATION_UID)."""


@dataclass(frozen=True, slots=True)
class Inference:
    """One model on one handset: how long its steps take at the clocks of a moment."""

    model: GgufModel
    _roofline: Roofline
    _body: Body
    _seed: int
    _factor: Callable[[], float]

    def prefill_ns(self, tokens: int, now_ns: int) -> int:
        """Time to read a prompt of `tokens` tokens."""
        return self._took(lambda share: self._roofline.prefill_s(self.model, tokens, share), now_ns, "prefill", tokens)

    def decode_ns(self, position: int, now_ns: int) -> int:
        """Time to produce the token at `position` of the context."""
        return self._took(
            lambda share: self._roofline.decode_s(self.model, position, share), now_ns, "decode", position
        )

    def _took(self, seconds_at: Callable[[float], float], now_ns: int, *step: object) -> int:
        """Nanoseconds of a step that takes `seconds_at(share)` at steady clocks; those that rise make it faster."""
        self._body.advance(now_ns)
        slower = around(1.0, JITTER, self._seed, *step) * 1e9 / self._factor()
        governor, at_ns, left = self._body.parts.governor, float(now_ns), 1.0
        while True:
            whole_ns = seconds_at(self._share_of_clocks(int(at_ns))) * slower
            edge = governor.next_change(int(at_ns))
            if edge is None or at_ns + left * whole_ns <= edge:
                return int(at_ns + left * whole_ns - now_ns)
            left -= (edge - at_ns) / whole_ns
            at_ns = edge

    def _share_of_clocks(self, at_ns: int) -> float:
        """What one process of inference gets of the nominal clocks."""
        return self._body.speed_share(at_ns) * self._body.parts.load.share_of_cpus


MEMORY_SERIES = ("rss_mb", "rss_anon_mb", "rss_file_mb", "swap_mb")
"""The truth of a process, each as `NAME:PID:rss_mb`, in megabytes (10^6 bytes)."""


class Physics:
    """One handset's physics. State is brought up to date when it is asked for or when the work changes."""

    def __init__(self, profile: Profile, *, seed: int, clock: DeviceClock, processes: ProcessTable) -> None:
        self._clock = clock
        self._seed = seed
        self._processes = processes
        self._roofline = Roofline.of(profile.soc, around(1.0, UNIT_SPREAD, seed, "unit"))
        self._body = Body(profile, seed, clock.now_ns, self._spend)
        self.thermal = ThermalState(profile.thermal, self._body)
        self.cpus = Cpus(profile.soc, self._body, seed)
        self.power = Power(self._body)
        self.memory = Memory(profile.memory, processes.all, self._body.settle)
        self._series: dict[Process, tuple[str, ...]] = {}
        self.rate_factor = 1.0
        """Inference runs this many times faster than the roofline allows: above 1, an impossible rate."""

    def shine(self, light: float) -> None:
        """The screen is lit from now on: 0 is dark, 1 as bright as it can be."""
        self._body.settle().load.light = light

    def inference(self, model: GgufModel) -> Inference:
        return Inference(model, self._roofline, self._body, self._seed, lambda: self.rate_factor)

    @contextmanager
    def working(
        self, kind: WorkKind, pid: int, threads: int | None = None, *, since_ns: int | None = None
    ) -> Iterator[Work]:
        """While open, process `pid` does this kind of work: power is drawn and CPU time used, in device time.

        `threads` is how many it does it on; by default as many as suit the kind. It begins at `since_ns` and ends at
        the work's `until_ns`: who is woken late by a busy host still works at the times that were scheduled.
        """
        work = self._body.begin(kind, pid, threads, self._clock.now_ns() if since_ns is None else since_ns)
        try:
            yield work
        finally:
            self._body.end(work, self._clock.now_ns() if work.until_ns is None else work.until_ns)

    def sampled(self, take: Callable[[int, dict[str, float]], None]) -> None:
        """Have `take(at_ns, truth values)` called at the end of each step of the integration, without gaps."""
        self._body.on_step = lambda at_ns: take(at_ns, self._values())

    def restart(self) -> None:
        """The handset was restarted, and its clock with it; heat and charge stay what they are."""
        self._body.restart()

    def settle(self) -> None:
        """Bring everything up to now, such as the CPU time of processes."""
        self._body.settle()

    def cool_by(self, factor: float) -> None:
        """The skin now gives off `factor` times the heat of the open handset."""
        self._body.settle().network.cooling = factor

    def truth_values(self) -> dict[str, float]:
        """What is really so now, by name: temperatures, clocks, power, and the memory of each app's process."""
        self._body.settle()
        return self._values()

    def _values(self) -> dict[str, float]:
        parts = self._body.parts
        values = {f"{node}_c": parts.network.celsius[node] for node in NODES}
        values |= {
            "ambient_c": parts.network.celsius[AIR],
            "clock_share": self._body.clock_share,
            "drawn_w": parts.battery.drawn_w,
            "battery_ma": parts.battery.current_ma,
            "battery_share": parts.battery.share,
        }
        for process in self._processes.all():
            if process.uid >= FIRST_APP_UID:
                names = self._series.get(process) or self._name_series(process)
                memory = process.memory
                anon, file = memory.anon_bytes / 1e6, memory.file_bytes / 1e6
                values.update(zip(names, (anon + file, anon, file, memory.swap_bytes / 1e6), strict=True))
        return values

    def _name_series(self, process: Process) -> tuple[str, ...]:
        """Made once for each process, as four times a second they are wanted; forgotten with it."""
        names = tuple(f"{process.name}:{process.pid}:{what}" for what in MEMORY_SERIES)
        self._series[process] = names
        process.on_exit.append(lambda _: self._series.__delitem__(process))
        return names

    def _spend(self, work: Work, ns: int) -> None:
        process = self._processes.get(work.pid)
        if process is not None:
            self._processes.spend(process, work.thread_names, ns)
