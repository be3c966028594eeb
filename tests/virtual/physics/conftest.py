"""Physics on a clock that tests move by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.formats.gguf_model import GgufModel
from framework.virtual.clock import DeviceClock
from framework.virtual.physics import Physics
from framework.virtual.profiles import load_profile
from framework.virtual.system.processes import ProcessTable

SECOND = 1_000_000_000


class Bed:
    """One handset's physics; `go(s)` lets device seconds pass."""

    def __init__(self, profile: str, seed: int) -> None:
        self._host_ns = 0
        self.profile = load_profile(profile)
        self.clock = DeviceClock(host_clock=lambda: self._host_ns)
        self.processes = ProcessTable(self.clock.now_ns)
        self.physics = Physics(self.profile, seed=seed, clock=self.clock, processes=self.processes)

    @property
    def now_ns(self) -> int:
        return self.clock.now_ns()

    def go(self, seconds: float) -> int:
        self._host_ns += int(seconds * SECOND)
        return self.now_ns

    def celsius(self, node: str) -> float:
        return self.physics.thermal.temperature_c(node, self.now_ns)  # type: ignore[arg-type]


MakeBed = Callable[..., Bed]


@pytest.fixture
def bed() -> MakeBed:
    def make(profile: str = "xiaomi-13", seed: int = 0) -> Bed:
        return Bed(profile, seed)

    return make


def model(parameters: float, weight_bytes: float, *, kv_bytes: int = 0, name: str = "m") -> GgufModel:
    return GgufModel(name, "llama", int(parameters), "Q8_0", 26, 32768, int(weight_bytes), kv_bytes, False)


@pytest.fixture
def gemma_3_1b() -> GgufModel:
    """Gemma 3 1B in Q8_0, as the figures of the cactus README used it."""
    return model(1.0e9, 1.07e9, kv_bytes=26_624)


@pytest.fixture
def make_model() -> Callable[..., GgufModel]:
    return model
