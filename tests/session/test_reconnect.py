"""The connection to a virtual handset is cut in the middle of a turn."""

from __future__ import annotations

from pathlib import Path

from framework.contract.capabilities import Target
from framework.contract.run import RunEvent, TraceGrew
from framework.contract.scenario import Scenario
from framework.contract.verdict import Verdict
from framework.deploy import load_build
from framework.session import Order, Session
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

BUILD = Path(__file__).resolve().parents[2] / "suites" / "builds" / "compact" / "build.yaml"
STEPS = [{"text": "What is the weather in Hanoi tomorrow?", "via": "intent", "expect": {"contains": "Hanoi"}}] * 2


class Cutting:
    """Cuts the connection once, as soon as a question was asked."""

    def __init__(self, control: Control, away_s: float) -> None:
        self.control, self.away_s = control, away_s
        self.cuts = 0

    def notify(self, event: RunEvent) -> None:
        asked = isinstance(event, TraceGrew) and any(one.event == "request" for one in event.piece.events)
        if asked and not self.cuts:
            self.cuts += 1
            self.control.fault("adbd_restart", self.away_s)


def test_a_reconnect_fails_nothing() -> None:
    """adbd drops its connections and is away for a second: log, samples and lease go on; the trace tells of it.

    No event is lost and none is doubled, so that the latencies of that turn are as exact as ever.
    """
    with virtual_handsets([VirtualRequest("cut", "xiaomi-13", speed=1)]) as started:
        endpoint = started.endpoint("cut")
        cutting = Cutting(Control(endpoint.control), 1.0)
        target = Target("cut", adbd=endpoint.adb, appium_url=endpoint.appium)
        with Session(target, load_build(BUILD), [cutting], who="tests", why="a cut").open() as session:
            order = Order("x.yaml::x", "x.yaml", Scenario.model_validate({"scenario": "x", "steps": STEPS}))
            *_, repetition = session.run(order).repetitions  # a busy machine may spoil the first
            assert session.usable()
    assert (cutting.cuts, repetition.verdict, repetition.reasons) == (1, Verdict.PASS, ())
    assert repetition.trace is not None
    assert "reconnect" in {instant.kind for instant in repetition.trace.instants}
    for turn in repetition.turns:
        tokens = [event.fields["n"] for event in turn.events if event.event == "token"]
        assert tokens == list(range(1, len(tokens) + 1))
        assert {one.bound for one in turn.estimates if one.method == "events"} == {1e-6}
