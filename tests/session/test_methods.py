"""Builds that do not cooperate: described by patterns, or measured from their screen, against a virtual handset.

The reference assistant stands in for them: its event lines are read by regular expressions that pass over the times
in them, or not at all.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from framework.contract.capabilities import Target
from framework.contract.run import Repetition
from framework.contract.scenario import Scenario
from framework.contract.verdict import Verdict
from framework.deploy import load_build
from framework.session import Order, Session
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

BUILD = Path(__file__).resolve().parents[2] / "suites" / "builds" / "compact" / "build.yaml"
SPEED = 10
HELD_BACK_S = 60.0
"""How long a machine may be too busy for an emulated handset; what such an attempt found counts for nothing."""
PATTERNS = r"""
events: false
patterns:
  tag: AssistantEvent
  events:
    ready: '"event":"ready"'
    reset: '"event":"reset"'
    request: '"turn":(?P<turn>\d+),"event":"request"'
    first_token: '"turn":(?P<turn>\d+),"event":"first_token"'
    token: '"turn":(?P<turn>\d+),"event":"token".*"n":(?P<n>\d+)'
    reply: '"turn":(?P<turn>\d+),"event":"reply".*"text":"(?P<text>[^"]*)","tokens":(?P<tokens>\d+)'
"""
STEPS = [
    {"text": "What is twelve times seven?", "via": "intent", "expect": {"contains": "84", "ttft_ms": 5000}},
    {"text": "What is the weather in Hanoi tomorrow?", "via": "ui", "expect": {"contains": "Hanoi"}},
]


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with virtual_handsets([VirtualRequest("fold", "xiaomi-mix-fold-3", speed=SPEED)]) as started:
        endpoint = started.endpoint("fold")
        yield Target("fold", adbd=endpoint.adb, appium_url=endpoint.appium)


def played(target: Target, folder: Path, more: str) -> Repetition:
    """The steps with the compact build, described in other words."""
    load_build(BUILD)  # makes its files
    lines = [line for line in BUILD.read_text().splitlines() if not line.startswith("generate:")]
    file = folder / "build.yaml"
    file.write_text("\n".join(lines) + more)
    (folder / "out").symlink_to(BUILD.parent / "out")
    scenario = Scenario.model_validate({"scenario": "x", "steps": STEPS})
    ends = time.monotonic() + HELD_BACK_S
    with Session(target, load_build(file), [], who="tests", why="methods").open() as session:
        while True:
            *_, repetition = session.run(Order("x.yaml::x", "x.yaml", scenario)).repetitions
            if not held_back(repetition) or time.monotonic() > ends:
                return repetition


def held_back(repetition: Repetition) -> bool:
    """Whether this machine was too busy to measure anything, three times in a row, and nothing else is told."""
    late = [reason.startswith("emulator late: ") for reason in repetition.reasons]
    return repetition.verdict is Verdict.INVALID and all(late)


def test_a_build_described_by_patterns(target: Target, tmp_path: Path) -> None:
    """It passes; latencies are by its log's times and by frames, each with its bound, and none by events."""
    repetition = played(target, tmp_path, PATTERNS)
    assert (repetition.verdict, repetition.reasons) == (Verdict.PASS, ())
    for turn in repetition.turns:
        methods: dict[str, dict[str, float]] = defaultdict(dict)
        for one in turn.estimates:
            methods[one.metric][one.method] = one.bound
        assert set(methods["ttft_ms"]) >= {"log", "frames"}
        assert set(methods["tpot_ms"]) >= {"log"}
        assert set(methods["first_text_ms"]) == {"frames"}
        assert 0 < methods["ttft_ms"]["log"] < 20
        assert turn.metrics.keys() >= {"ttft_ms", "tpot_ms", "decode_tps", "total_ms", "first_text_ms"}
        assert turn.start_ns < turn.end_ns
        assert repetition.trace is not None
        assert repetition.trace.start_ns < turn.start_ns


def test_a_build_that_only_has_a_screen(target: Target, tmp_path: Path) -> None:
    """It passes; latencies are from its screen, with frames where they tell more, and the tokens are not known."""
    repetition = played(target, tmp_path, "\nevents: false\n")
    assert (repetition.verdict, repetition.reasons) == (Verdict.PASS, ())
    for turn in repetition.turns:
        assert {one.method for one in turn.estimates} <= {"screen", "frames"}
        assert "first_text_ms" in turn.metrics
        assert "tpot_ms" not in turn.metrics
        assert turn.start_ns < turn.end_ns
