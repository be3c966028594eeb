"""A handset into which faults are put, with the reference assistant in front where one is needed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from framework.formats.demonstration import Demonstration
from framework.formats.scaled_model import ScaledModel
from framework.virtual.apps.assistant.app import Assistant
from framework.virtual.apps.base import Intent
from framework.virtual.faults.running import Faults
from framework.virtual.system.users import SHELL

if TYPE_CHECKING:
    from framework.virtual.android.activities import ActivityRecord
    from framework.virtual.device import Device

MODEL = ScaledModel(
    name="Small 1.3B",
    size_label="1.3B",
    layers=24,
    width=2048,
    feed_forward=6144,
    heads=16,
    kv_heads=4,
    vocabulary=64000,
    context=4096,
    scale=Fraction(1, 64),
)
BUILD = Demonstration(label="Assistant under test", version_code=1, version_name="1.0", model=MODEL)
COMPONENT = f"{Assistant.package}/{Assistant.main_class}"


@dataclass(frozen=True, slots=True)
class Ill:
    """A bench, and the faults of its handset."""

    bench: Any
    faults: Faults

    @property
    def device(self) -> Device:
        device: Device = self.bench.device
        return device

    async def sleep_s(self, seconds: float) -> None:
        await self.device.clock.sleep(round(seconds * 1e9))

    async def start_app(self) -> ActivityRecord:
        """The assistant, without a model, installed if need be and in front."""
        if self.device.packages.activity(COMPONENT) is None:
            apk = BUILD.apk()
            done = await self.bench.cmd("package", "install", "-S", str(len(apk)), stdin=apk)
            assert done.status == 0, done
        launch = self.device.activities.start(Intent(component=COMPONENT), uid=SHELL)
        assert launch.record is not None
        await asyncio.shield(launch.record.drawn)
        return launch.record

    def log(self) -> list[str]:
        """The messages in the log, as they were written."""
        return [entry.message for entry in self.device.log.lines()]

    def state(self, number: int) -> dict[str, Any]:
        """What is told of a fault."""
        told: dict[str, Any] = self.faults.told()[number - 1]
        return told


OnIll = Callable[[Callable[[Ill], Awaitable[Any]]], Any]
"""on_ill(script): runs `await script(ill)` on a new handset; returns what it returns."""


@pytest.fixture
def on_ill(on_bench: Callable[..., Any]) -> OnIll:
    def run(script: Callable[[Ill], Awaitable[Any]]) -> Any:
        return on_bench(lambda bench: script(Ill(bench, Faults(bench.device))))

    return run
