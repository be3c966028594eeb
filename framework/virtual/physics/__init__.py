"""The physics of one handset: speed of inference, heat, clocks, memory and battery, all in device time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from framework.formats.gguf_model import GgufModel
from framework.virtual.clock import DeviceClock
from framework.virtual.physics.body import Body
from framework.virtual.physics.cpus import Cpus
from framework.virtual.physics.load import WorkKind
from framework.virtual.physics.memory import Memory
from framework.virtual.physics.power import Power
from framework.virtual.physics.roofline import Roofline
from framework.virtual.physics.thermal import ThermalState
from framework.virtual.physics.variation import around
from framework.virtual.profiles.record import Profile
from framework.virtual.system.processes import ProcessTable

UNIT_SPREAD = 0.03
"""How far handsets of one model differ in speed."""

JITTER = 0.02
"""How far one token's time differs from the next's at the same clocks."""


@dataclass(frozen=True, slots=True)
class Inference:
    """One model on one handset: how long its steps take at the clocks of a moment."""

    model: GgufModel
    _roofline: Roofline
    _body: Body
    _seed: int

    def prefill_ns(self, tokens: int, now_ns: int) -> int:
        """Time to read a prompt of `tokens` tokens."""
        seconds = self._roofline.prefill_s(self.model, tokens, self._clock_share(now_ns))
        return int(around(seconds, JITTER, self._seed, "prefill", tokens) * 1e9)

    def decode_ns(self, position: int, now_ns: int) -> int:
        """Time to produce the token at `position` of the context."""
        seconds = self._roofline.decode_s(self.model, position, self._clock_share(now_ns))
        return int(around(seconds, JITTER, self._seed, "decode", position) * 1e9)

    def _clock_share(self, now_ns: int) -> float:
        self._body.advance(now_ns)
        return self._body.clock_share


class Physics:
    """One handset's physics. State is brought up to date when it is asked for or when the work changes."""

    def __init__(self, profile: Profile, *, seed: int, clock: DeviceClock, processes: ProcessTable) -> None:
        self._clock = clock
        self._seed = seed
        self._processes = processes
        self._roofline = Roofline.of(profile.soc, around(1.0, UNIT_SPREAD, seed, "unit"))
        self._body = Body(profile, seed, clock.now_ns(), self._spend)
        self.thermal = ThermalState(profile.thermal, self._body)
        self.cpus = Cpus(profile.soc, self._body, seed)
        self.power = Power(self._body)
        self.memory = Memory(profile.memory, processes.all)

    def inference(self, model: GgufModel) -> Inference:
        return Inference(model, self._roofline, self._body, self._seed)

    @contextmanager
    def working(self, kind: WorkKind, pid: int) -> Iterator[None]:
        """While open, process `pid` does this kind of work: power is drawn and CPU time used, in device time."""
        work = self._body.begin(kind, pid, self._clock.now_ns())
        try:
            yield
        finally:
            self._body.end(work, self._clock.now_ns())

    def settle(self) -> None:
        """Bring everything up to now, such as the CPU time of processes."""
        self._body.advance(self._clock.now_ns())

    def cool_by(self, factor: float) -> None:
        """The skin now gives off `factor` times the heat of the open handset."""
        self._body.cool_by(factor, self._clock.now_ns())

    def _spend(self, pid: int, ns: int) -> None:
        process = self._processes.get(pid)
        if process is not None:
            process.cpu_ns += ns
