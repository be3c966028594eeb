"""Each fault in the middle of a turn: whose it is, and that the run goes on. All on one virtual handset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import UsageError
from framework.contract.run import RunEvent, TurnFinished, UnitResult
from framework.contract.scenario import Scenario
from framework.contract.verdict import Verdict
from framework.deploy import load_build
from framework.session import Order, Session
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import virtual_handsets

BUILD = Path(__file__).resolve().parents[2] / "suites" / "builds" / "compact" / "build.yaml"
SPEED = 40.0
WEATHER = {"text": "What is the weather in Hanoi tomorrow?", "via": "intent", "expect": {"contains": "Hanoi"}}
SPOKEN = {"say": {"en": "What is twelve times seven?"}, "expect": {"contains": "84"}}
SUM = {"text": "What is twelve times seven?", "via": "ui", "expect": {"contains": "84"}}


@dataclass(frozen=True)
class Case:
    """A fault that begins with the first turn's request, for `for_s` host seconds; `steps` follow that turn."""

    kind: str
    verdicts: tuple[Verdict, ...]
    said: str = ""
    for_s: float | None = None
    sizes: tuple[float, float] | None = None
    step: dict[str, object] | None = None


CASES = (
    Case("unplug", (Verdict.PASS,), "reconnect: done after", 0.7),
    Case("offline", (Verdict.PASS,), "reconnect: done after", 0.7),
    Case("unauthorized", (Verdict.PASS,), "reconnect: done after", 0.7),
    Case("reboot", (Verdict.PASS,), "reconnect: done after"),
    Case("adbd_restart", (Verdict.PASS,), "reconnect: done after"),
    Case("slow_link", (Verdict.PASS,), "", 1.0, (50, 500)),
    Case("stalled_stream", (Verdict.PASS,), "", 2),
    Case("storage_full", (Verdict.LAB,), "free space on ", 60, step=SPOKEN),
    Case("package_manager_dead", (Verdict.PASS,), "its system_server died|Android is dead|Android is not up", 1.0),
    Case("instrumentation_crash", (Verdict.PASS,), ""),
    Case("app_crash", (Verdict.FAIL,), "crashed: java.lang.RuntimeException"),
    Case("anr", (Verdict.FAIL,), "ANR in org.pocketfarm.assistant"),
    Case("low_memory_kill", (Verdict.FAIL,), "was killed"),
    Case("clock_step", (Verdict.PASS,), "", 0.3, (-2000, 0)),
    Case("frozen_sensor", (Verdict.PASS,), ""),
)


class Fault:
    """Observer that begins the fault in the middle of the conversation: after its first turn."""

    def __init__(self, control: Control, case: Case) -> None:
        self._control, self._case = control, case
        self.begun = False

    def notify(self, event: RunEvent) -> None:
        if isinstance(event, TurnFinished) and not self.begun:
            self._begin()

    def _begin(self) -> None:
        case = self._case
        size, second = case.sizes or (None, None)
        for_s = None if case.for_s is None else case.for_s * SPEED
        try:
            self._control.fault(case.kind, size, for_s, second or None)
        except UsageError:
            return  # nothing there that could fail: after the next turn
        self.begun = True


@pytest.fixture(scope="module")
def endpoint() -> Iterator[VirtualEndpoint]:
    with virtual_handsets([VirtualRequest("ill", "xiaomi-13", speed=SPEED)]) as started:
        yield started.endpoint("ill")


def run(endpoint: VirtualEndpoint, case: Case) -> tuple[UnitResult, bool]:
    control = Control(endpoint.control)
    fault = Fault(control, case)
    target = Target("ill", adbd=endpoint.adb, appium_url=endpoint.appium)
    steps = [WEATHER, *[case.step or SUM] * 3]
    scenario = Scenario.model_validate({"scenario": "x", "steps": steps})
    try:
        with Session(target, load_build(BUILD), [fault], who="tests", why="faults").open() as session:
            return session.run(Order("x.yaml::x", "x.yaml", scenario)), fault.begun
    finally:
        control.clear()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_whose_fault_it_is(endpoint: VirtualEndpoint, case: Case) -> None:
    """The lab's is mended, or told with what to do; the build's own is its failure. Nothing is blamed on another."""
    result, begun = run(endpoint, case)
    told = [line for one in result.repetitions for line in (*one.reasons, *one.mended)]
    assert (begun, result.verdict in case.verdicts, result.reasons if case.said == "" else ()) == (True, True, ()), told
    assert any(re.search(case.said, line) for line in told) or not case.said, told
