"""What is kept of repetitions that did not go well, against a virtual handset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.run import Observer, Repetition, RunEvent, TurnFinished
from framework.contract.scenario import Scenario
from framework.contract.verdict import Verdict
from framework.deploy import load_build
from framework.session import Order, RecordScreen, Session
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

BUILD = Path(__file__).resolve().parents[2] / "suites" / "builds" / "compact" / "build.yaml"
SUM = {"text": "What is twelve times seven?", "via": "intent", "expect": {"contains": "84"}}
WRONG = {**SUM, "expect": {"contains": "85"}}


class Mishap:
    """An observer at whose hands the lab goes wrong after a turn."""

    def notify(self, event: RunEvent) -> None:
        if isinstance(event, TurnFinished):
            raise HandsetError("slab", "somebody tripped over its cable")


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with virtual_handsets([VirtualRequest("slab", "xiaomi-13", speed=40)]) as started:
        endpoint = started.endpoint("slab")
        yield Target("slab", adbd=endpoint.adb, appium_url=endpoint.appium)


def repetitions(
    target: Target,
    *steps: Mapping[str, object],
    observers: Sequence[Observer] = (),
    record_screen: RecordScreen = "never",
    repeat: int = 1,
) -> tuple[Repetition, ...]:
    scenario = Scenario.model_validate({"scenario": "x", "steps": list(steps), "repeat": repeat})
    session = Session(target, load_build(BUILD), observers, who="tests", why="evidence", record_screen=record_screen)
    with session.open():
        return session.run(Order("x.yaml::x", "x.yaml", scenario)).repetitions


def names(repetition: Repetition) -> list[str]:
    return [piece.name for piece in repetition.evidence]


def test_a_wrong_answer_is_shown_where_it_was_found(target: Target) -> None:
    """The screen at the first failure, and, as always, at the end, with the log; a pass has no failure to show."""
    failed, passed = repetitions(target, WRONG, WRONG)[0], repetitions(target, SUM)[0]
    assert (failed.verdict, names(failed)) == (Verdict.FAIL, ["screenshot at failure", "screenshot", "logcat"])
    assert (passed.verdict, names(passed), passed.missing) == (Verdict.PASS, ["screenshot", "logcat"], ())


def test_a_fault_of_the_lab_is_shown_as_far_as_it_can_be(target: Target) -> None:
    """Screen and log of every one, taken without Appium; of a bugreport either itself or why there is none, once.

    It is measured again as often as an INVALID one.
    """
    first, second, third = repetitions(target, SUM, observers=[Mishap()])
    assert [first.verdict, second.verdict, third.verdict] == [Verdict.LAB] * 3
    assert names(second) == ["screenshot", "logcat"]
    assert names(first)[:2] == ["screenshot", "logcat"]
    assert first.evidence[0].content.startswith(b"\x89PNG")
    assert b'"event":"request"' in first.evidence[1].content
    told = [reason for reason in first.missing if reason.startswith("no bugreport: slab: ")]
    assert (names(first)[2:], len(told)) in (([], 1), (["bugreport"], 0))


def test_what_cannot_be_kept_changes_no_verdict(target: Target) -> None:
    """Without a way to the screen, the log is kept, the reason told, and a right answer is right."""
    (blind,) = repetitions(replace(target, appium_url=None), SUM)
    assert (blind.verdict, names(blind)) == (Verdict.PASS, ["logcat"])
    assert blind.missing == ("no screenshot: slab: no Appium server is named for it (give --appium URL|auto)",)


@pytest.mark.parametrize(
    ("record_screen", "step", "told"), [("always", SUM, 1), ("on-failure", WRONG, 1), ("on-failure", SUM, 0)]
)
def test_a_screen_that_cannot_be_filmed(
    target: Target, record_screen: RecordScreen, step: Mapping[str, object], told: int
) -> None:
    """An emulated handset has no encoder: that is told once, in its own words, where a film was wanted."""
    done = repetitions(target, step, record_screen=record_screen, repeat=2)
    reason = "no screen recording: slab: it does not film its screen: ERROR: unable to create video/avc codec instance"
    assert [one.missing for one in done] == [(reason,) * told, ()]
    assert "screen: filmed meanwhile, which costs power" in done[0].prepared


def test_a_handset_that_is_to_be_left_alone(target: Target) -> None:
    """`prepare: false` of its entry, or `--no-prepare` of the run: nothing is set, and no report says so."""
    for left, prepare in ((replace(target, prepare=False), True), (target, False)):
        with Session(left, load_build(BUILD), [], who="tests", why="nothing", prepare=prepare).open() as session:
            assert session.handset.shell.run("settings", "get", "global", "zen_mode").text == "0"
            (done,) = session.run(
                Order("x.yaml::x", "x.yaml", Scenario.model_validate({"scenario": "x", "steps": [SUM]}))
            ).repetitions
            assert (done.verdict, done.prepared) == (Verdict.PASS, ())
