"""The story without pytest, against a virtual handset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.run import RunEvent, TraceBegan, TraceGrew, TurnFinished, UnitFinished, UnitStarted, Waiting
from framework.contract.scenario import Scenario
from framework.contract.verdict import Verdict
from framework.deploy import load_build
from framework.handset.handset import open_handset
from framework.session import ATTEMPTS, Order, Session
from framework.trace import start
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import virtual_handsets

BUILD = Path(__file__).resolve().parents[2] / "suites" / "builds" / "compact" / "build.yaml"
SUM = {"text": "What is twelve times seven?", "via": "intent", "expect": {"contains": "84"}}

FRAME_EXACT_NS = 1_000_000
"""The monotonic clock of frames is tied to boot time by times that dumps show in whole ms."""


class Told:
    """Keeps what it is told; `on_turn` may do something in the middle of a scenario."""

    def __init__(self) -> None:
        self.events: list[RunEvent] = []
        self.on_turn: list[object] = []

    def notify(self, event: RunEvent) -> None:
        self.events.append(event)
        if isinstance(event, TurnFinished) and self.on_turn:
            act = self.on_turn.pop()
            assert callable(act)
            act()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[VirtualEndpoint]:
    with virtual_handsets([VirtualRequest("fold", "xiaomi-mix-fold-3", speed=40)]) as started:
        yield started.endpoint("fold")


@pytest.fixture(scope="module")
def target(endpoint: VirtualEndpoint) -> Target:
    return Target("fold", adbd=endpoint.adb, appium_url=endpoint.appium)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def session(target: Target, told: Told) -> Iterator[Session]:
    with Session(target, load_build(BUILD), [told], who="tests", why="a story").open() as opened:
        yield opened


def order(*steps: Mapping[str, object], **more: object) -> Order:
    return Order("x.yaml::x", "x.yaml", Scenario.model_validate({"scenario": "x", "steps": list(steps), **more}))


def test_a_unit_is_told_from_its_start_to_its_verdict(session: Session, told: Told) -> None:
    """Started with the receipt, each turn, each repetition, finished: in this order, and the verdict is PASS."""
    result = session.run(order(SUM, repeat=2))
    names = [type(event).__name__ for event in told.events if not isinstance(event, TraceBegan | TraceGrew)]
    assert names == ["UnitStarted", *["TurnFinished", "RepetitionFinished"] * 2, "UnitFinished"]
    assert (result.verdict, told.events[-1]) == (Verdict.PASS, UnitFinished(result))
    assert isinstance(told.events[0], UnitStarted)
    assert [piece.name for piece in told.events[0].evidence] == ["deploy receipt", "preparation"]


def test_a_turn_has_its_figures_from_the_handsets_clock(session: Session) -> None:
    """Latencies by events; everything was sampled until after the turn, with the frame that shows its last token.

    Frames have times of their own: a frame is there from the vsync on that followed what it shows.
    """
    *_, repetition = session.run(order(SUM)).repetitions  # a busy machine may spoil the first
    (turn,), trace = repetition.turns, repetition.trace
    assert turn.metrics.keys() >= {"ttft_ms", "tpot_ms", "decode_tps", "total_ms"}
    assert trace is not None
    assert trace.series.keys() >= {"rss_mb", "skin_c", "soc_c", "throttle"}
    last = {name: series.points[-1][0] for name, series in trace.series.items()}
    last["frame_ms"] += FRAME_EXACT_NS
    assert {name: turn.end_ns - at for name, at in last.items() if at < turn.end_ns} == {}
    assert trace.start_ns - trace.clock.bound_ns <= turn.start_ns < turn.end_ns <= trace.end_ns + trace.clock.bound_ns


def test_each_repetition_keeps_its_own_stretch_of_the_log(session: Session) -> None:
    """What was logged before a repetition began is not among its evidence; its own events are."""
    result = session.run(order(SUM, repeat=2))
    logs = [next(e.content for e in one.evidence if e.name == "logcat") for one in result.repetitions]
    assert [log.count(b'"event":"request"') for log in logs] == [1, 1]


def test_the_screenshot_shows_the_posture_that_the_scenario_ended_in(session: Session) -> None:
    """Folded during the scenario, the evidence shows the outer display; afterwards the handset is open again."""
    before = session.handset.posture.current()
    needs = {"foldable": True}
    results = [session.run(order(SUM, needs=needs)), session.run(order(SUM, {"fold": "closed"}, needs=needs))]
    shown = [next(e.content for e in one.repetitions[0].evidence if e.name == "screenshot") for one in results]
    assert png_size(shown[0]) != png_size(shown[1])
    assert session.handset.posture.current() == before


def test_a_session_begins_unfolded(target: Target, told: Told) -> None:
    """The posture that a killed run has left behind is not the next one's."""
    with open_handset(target) as killed:
        killed.posture.fold("closed")
        with Session(target, load_build(BUILD), [told], who="tests", why="after it").open() as session:
            assert session.handset.posture.current() == "open"


def png_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG file, from its IHDR chunk."""
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def test_an_invalid_repetition_is_measured_again(session: Session, told: Told, target: Target) -> None:
    """The assistant's process changed between two turns: INVALID, kept, and measured anew from a fresh conversation."""

    def restart() -> None:
        with open_handset(target) as other:
            other.packages.stop("org.pocketfarm.assistant")

    told.on_turn.append(restart)
    result = session.run(order(SUM, SUM))
    assert [(one.attempt, one.verdict) for one in result.repetitions] == [(1, Verdict.INVALID), (2, Verdict.PASS)]
    assert "process changed" in result.repetitions[0].reasons[0]
    assert result.verdict is Verdict.PASS


def test_a_handset_that_is_too_warm_measures_nothing(
    session: Session, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start temperature that is not reached in time makes each attempt INVALID before anything is asked."""
    monkeypatch.setattr(start, "WAIT_S", 1.0)
    result = session.run(order(SUM, start={"skin_below_c": 5}))
    assert [one.verdict for one in result.repetitions] == [Verdict.INVALID] * ATTEMPTS
    assert "skin below 5 °C was asked for" in result.reasons[0]
    assert not any(isinstance(event, TurnFinished) for event in told.events)
    waits = [event for event in told.events if isinstance(event, Waiting)]
    assert [(wait.attempt, wait.what) for wait in waits] == [
        (1, "skin below 5 °C"),
        (2, "skin below 5 °C"),
        (3, "skin below 5 °C"),
    ]


def test_a_warm_handset_cools_down_first(session: Session, told: Told, endpoint: VirtualEndpoint) -> None:
    """One that lay in the sun is waited for, with a prediction that comes about true, and the wait is on record."""
    Control(endpoint.control).fault("start_heat", 6)
    result = session.run(order(SUM, start={"skin_below_c": 31}))
    (repetition,) = result.repetitions
    (note,) = repetition.waited
    waited_s = float(note.partition("waited ")[2].partition(" s for skin below 31 °C: 3")[0])
    first = next(event for event in told.events if isinstance(event, Waiting))
    assert result.verdict is Verdict.PASS
    assert 33 < first.value < 35
    assert first.ready_in_s is not None
    assert waited_s / 2 < first.ready_in_s < waited_s * 2


def test_a_charger_spoils_energy_and_nothing_else(session: Session) -> None:
    """On USB a limit on power is INVALID, however often it is measured; one on latency holds, and the doubt is kept."""
    latency = session.run(order(SUM, budget={"ttft_ms": {"max": 5000}}))
    energy = session.run(order(SUM, budget={"power_mw": {"max": 20000}}))
    assert (latency.verdict, energy.verdict) == (Verdict.PASS, Verdict.INVALID)
    assert [one.verdict for one in energy.repetitions] == [Verdict.INVALID] * ATTEMPTS
    doubts = [doubt for doubt in latency.repetitions[0].doubts if doubt.rule != "sampling_gap"]  # of a busy host
    assert [(doubt.rule, doubt.metrics) for doubt in doubts] == [("charging", {"mj_per_token", "power_mw"})]
    assert "a charger was plugged in during turn 1" in energy.reasons[0]


def test_a_handset_that_is_cool_enough_starts_at_once(session: Session) -> None:
    """Start conditions that hold cost nothing but a look; the load needs a second one."""
    for conditions in ({"skin_below_c": 60, "battery_above": 5}, {"idle_cpu_below": 60}):
        result = session.run(order(SUM, start=conditions))
        assert result.verdict is Verdict.PASS
    (repetition,) = result.repetitions
    assert [note.partition(": ")[2].partition(" s for")[2] for note in repetition.waited] != []


def test_a_wrong_answer_is_not_measured_again(session: Session) -> None:
    """FAIL is the product's: it is reported at once."""
    result = session.run(order({**SUM, "expect": {"contains": "85"}}))
    assert ([one.verdict for one in result.repetitions], result.verdict) == ([Verdict.FAIL], Verdict.FAIL)


def test_what_the_handset_lacks_is_not_run(session: Session) -> None:
    """NOT_RUN names the handset and what it lacks; nothing is asked."""
    result = session.run(order(SUM, needs={"ram_gb": ">=64"}))
    assert (result.verdict, result.repetitions) == (Verdict.NOT_RUN, ())
    assert result.reasons == ("fold lacks ram_gb >=64 (has 16)",)


def test_the_handset_is_held_while_the_session_is_open(session: Session, target: Target) -> None:
    """Another session cannot have it, and is told who holds it."""
    assert session.identity.name == "fold"
    with pytest.raises(HandsetError, match=r"held by tests .* for a story"):
        Session(target, load_build(BUILD), [], who="others", why="x").open(lease_timeout_s=0.2)
