"""A handset that is ill dresses its faults up as the build's. All on one virtual handset."""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from framework.contract.capabilities import Target
from framework.contract.run import HandsetAwaited, RepetitionFinished, RunEvent, TurnFinished, Waiting
from framework.contract.scenario import Scenario
from framework.contract.verdict import Verdict
from framework.deploy import load_build
from framework.session import Order, Session
from framework.session import session as session_module
from framework.session.canary import Canary
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

BUILD = Path(__file__).resolve().parents[2] / "suites" / "builds" / "compact" / "build.yaml"
SPEED = 40.0
SUM = {"text": "What is twelve times seven?", "via": "intent", "expect": {"contains": "84"}}
WRONG = {"text": "What is twelve times seven?", "via": "intent", "expect": {"contains": "85"}}


@dataclass
class Lab:
    """A handset with the demonstration build, and what happens after the first turn there."""

    session: Session
    control: Control
    happens: Callable[[], object] | None = None
    sees: Callable[[RunEvent], object] | None = None
    """Is told of all events."""

    def notify(self, event: RunEvent) -> None:
        if self.sees is not None:
            self.sees(event)
        if isinstance(event, TurnFinished) and self.happens is not None:
            happens, self.happens = self.happens, None
            happens()

    def shell(self, script: str) -> str:
        return self.session.handset.shell.script(script, check=True).text

    def run(self, *steps: dict[str, object]) -> list[tuple[Verdict, str]]:
        """Verdict and first reason of each attempt."""
        scenario = Scenario.model_validate({"scenario": "x", "steps": steps})
        result = self.session.run(Order("x.yaml::x", "x.yaml", scenario))
        return [(one.verdict, (*one.reasons, "")[0]) for one in result.repetitions]


@pytest.fixture(scope="module")
def opened() -> Iterator[Lab]:
    with virtual_handsets([VirtualRequest("ill", "xiaomi-13", speed=SPEED)]) as started:
        endpoint = started.endpoint("ill")
        target = Target("ill", adbd=endpoint.adb, appium_url=endpoint.appium)
        observers: list[Lab] = []
        session = Session(target, load_build(BUILD), observers, who="tests", why="canary")
        observers.append(Lab(session, Control(endpoint.control)))
        with session.open():
            yield observers[0]


@pytest.fixture
def lab(opened: Lab) -> Iterator[Lab]:
    yield opened
    opened.sees = None
    opened.control.clear()
    assert opened.session.check().wrong is None


MODEL = "/data/local/tmp/pocketfarm/models/compact-1.3b-q8_0.gguf"
SAME_SIZE_AND_TIME = f"""cd /data/local/tmp && cp -p {MODEL} old && printf X |
dd of={MODEL} bs=1 seek=9000 conv=notrunc 2>/dev/null && touch -r old {MODEL} && rm old"""


@pytest.mark.parametrize(
    ("script", "said"),
    [
        # first: a session has the weights hashed after its first failure only
        pytest.param(SAME_SIZE_AND_TIME, "another content, of the same size and time", id="bits"),
        pytest.param("input keyevent SLEEP", "its screen is dark", id="screen"),
        pytest.param(f"echo x >>{MODEL}", "was changed", id="weights"),
        pytest.param("pm uninstall org.pocketfarm.assistant", "is not installed any more", id="package"),
    ],
)
def test_a_failure_on_a_handset_that_is_ill_is_the_labs(lab: Lab, script: str, said: str) -> None:
    """Whatever the build got wrong beside it; the handset is mended, and the build's own failure comes out there."""
    lab.happens = lambda: lab.shell(script)
    (first, reason), *others = lab.run(SUM, WRONG)
    assert (first, said in reason) == (Verdict.LAB, True), reason
    assert [verdict for verdict, _ in others] == [Verdict.FAIL]


def test_a_failure_on_a_handset_that_is_well_is_the_builds(lab: Lab) -> None:
    """At once: nobody measures it again. A build that dies and a wrong answer alike."""
    assert lab.run(SUM, WRONG)[0][0] is Verdict.FAIL
    lab.happens = lambda: lab.control.fault("app_crash")
    ((verdict, reason),) = lab.run(SUM, SUM)
    assert (verdict, "crashed: java.lang.RuntimeException" in reason) == (Verdict.FAIL, True), reason


def test_a_system_server_that_died_meanwhile_is_to_blame(lab: Lab) -> None:
    """It was back before anybody looked."""
    lab.happens = lambda: lab.control.fault("package_manager_dead", for_s=SPEED)
    (first, reason), *others = lab.run(SUM, WRONG)
    assert (first, [verdict for verdict, _ in others]) == (Verdict.LAB, [Verdict.FAIL]), reason


def test_a_system_server_that_died_before_is_no_excuse(lab: Lab) -> None:
    """Nobody looked between the two; it left the screen locked, which costs no attempt. The failure is the build's."""
    lab.control.fault("package_manager_dead", for_s=SPEED)
    await_android(lab, "dead")
    await_android(lab, "up")
    attempts = lab.run(SUM, WRONG)
    assert [(verdict, "85" in reason) for verdict, reason in attempts] == [(Verdict.FAIL, True)], attempts


def await_android(lab: Lab, state: str) -> None:
    ends = time.monotonic() + 30
    while lab.session.handset.android().state != state:
        assert time.monotonic() < ends, f"Android is never {state}"
        time.sleep(0.05)


@pytest.mark.parametrize("start", [{}, {"skin_below_c": 36}])
def test_a_screen_that_is_locked_between_two_repetitions_costs_no_attempt(lab: Lab, start: dict[str, float]) -> None:
    """Nor one that is locked while a repetition waits for its start; what was done is told where it was done."""
    if start:
        lab.control.fault("start_heat", 12)
    locked = []

    def lock(event: RunEvent) -> None:
        if isinstance(event, Waiting if start else RepetitionFinished) and not locked:
            locked.append(lab.shell("input keyevent SLEEP"))

    lab.sees = lock
    scenario = Scenario.model_validate({"scenario": "x", "steps": [SUM], "repeat": 2, "start": start})
    done = lab.session.run(Order("x.yaml::x", "x.yaml", scenario)).repetitions
    mended = [[line.split(" after ")[0] for line in one.mended] for one in done]
    told = ["unlock its screen: done"]
    assert [(one.number, one.verdict) for one in done] == [(1, Verdict.PASS), (2, Verdict.PASS)]
    assert (mended, len(locked)) == ([told, []] if start else [[], told], 1)


def test_the_look_before_each_attempt_costs_little(lab: Lab) -> None:
    """One round trip, with which nothing is changed on a handset that is well."""
    before = len(lab.session.handset.mends.since(0))
    look = Canary(lab.session.handset, lab.session.handset.android(), screen=True).look
    assert min(timeit.repeat(look, number=1, repeat=20)) < 0.05
    assert len(lab.session.handset.mends.since(0)) == before


def test_the_screen_is_unlocked_between_tests(lab: Lab) -> None:
    """It was locked in the middle of a run."""
    lab.shell("input keyevent SLEEP")
    found = lab.session.check()
    assert (found.wrong, set(found.gauges) >= {"battery", "skin_c"}) == (None, True)
    assert [line.split(" after ")[0] for line in found.mended] == ["unlock its screen: done"]
    vitals = lab.session.handset.vitals()
    assert (vitals.awake, vitals.locked) == (True, False)


def test_a_system_server_that_is_dead_is_brought_back_between_tests(lab: Lab) -> None:
    """By the ladder; the session begins anew on it."""
    lab.control.fault("package_manager_dead", for_s=2 * SPEED)
    found = lab.session.check()
    assert (found.wrong, "wait for Android: done" in "".join(found.mended)) == (None, True), found
    assert lab.run(SUM) == [(Verdict.PASS, "")]


def test_a_handset_that_is_too_hot_rests(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a stated time in which it is not ill; it is well again as soon as it is cool, and each rest begins anew."""
    awaited: list[HandsetAwaited] = []
    lab.sees = lambda event: awaited.append(event) if isinstance(event, HandsetAwaited) else None
    for _ in range(2):
        lab.control.fault("status", 5)
        hot = lab.session.check()
        assert (hot.wrong, 14 < hot.rests_s <= 600 / SPEED, lab.session.usable()) == (None, True, True)
        lab.control.clear()
        well = lab.session.check()
        assert (well.wrong, well.rests_s) == (None, 0)
    assert (len(awaited), "its thermal status is 5 (emergency)" in awaited[0].what) == (2, True)


def test_a_rest_that_does_not_help_is_told_with_its_cause(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """When its time is over."""
    monkeypatch.setattr(session_module, "REST_S", 0.01)
    lab.control.fault("status", 5)
    begun = lab.session.check()
    time.sleep(0.01)
    found = lab.session.check()
    lab.session._unfit = None  # others share it
    assert "its thermal status is 5 (emergency)" in (found.wrong or begun.wrong or "")
    assert "min of rest (let it cool down)" in (found.wrong or "")


def test_what_cannot_be_mended_is_told_for_ever() -> None:
    """A full storage: the session is not used again, and says why each time."""
    with virtual_handsets([VirtualRequest("full", "xiaomi-13", speed=SPEED)]) as started:
        endpoint = started.endpoint("full")
        target = Target("full", adbd=endpoint.adb, appium_url=endpoint.appium)
        with Session(target, load_build(BUILD), [], who="tests", why="canary").open() as session:
            control = Control(endpoint.control)
            control.fault("storage_full", 5)
            told = [session.check().wrong or ""]
            control.clear()
            told.append(session.check().wrong or "")
            assert (told[0], session.usable()) == (told[1], False)
            assert told[0].startswith("full: its storage is full: 5 MB are left (free space on /data")
