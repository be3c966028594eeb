"""A host that froze, or slept, in the middle of a run: another has the handset by then, and the run must notice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from framework.contract.capabilities import Target
from framework.handset.handset import OpenHandset, open_handset
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import virtual_handsets

ROOT = Path(__file__).resolve().parents[2]
HEARTBEAT_S = 2.0
RUN = """
import json, sys
from pathlib import Path
from framework.contract.capabilities import Target
from framework.contract.run import TurnFinished
from framework.contract.scenario import Scenario
from framework.deploy import load_build
from framework.session import Order, Session, session

adbd, appium, build, heartbeat_s = sys.argv[1:]
session.AGAIN_WITHIN_S = 1.0

class Told:
    def notify(self, event):
        if isinstance(event, TurnFinished):
            print("turn", event.turn.number, flush=True)
            sys.stdin.readline()

target = Target("fold", adbd=adbd, appium_url=appium)
step = {"text": "What is twelve times seven?", "via": "intent"}
steps = [step, step, {"fold": "closed"}, step]
scenario = Scenario.model_validate({"scenario": "x", "needs": {"foldable": True}, "steps": steps, "repeat": 2})
opened = Session(target, load_build(Path(build)), [Told()], who="frozen@host", why="x", heartbeat_s=float(heartbeat_s))
with opened.open() as session:
    result = session.run(Order("x.yaml::x", "x.yaml", scenario))
    print(json.dumps({"verdict": result.verdict.value, "reasons": result.reasons, "usable": session.usable()}))
"""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[VirtualEndpoint]:
    with virtual_handsets([VirtualRequest("fold", "xiaomi-mix-fold-3", speed=40)]) as started:
        yield started.endpoint("fold")


def asked(handset: OpenHandset) -> int:
    """How often the assistant has been asked, by the handset's own log."""
    return handset.shell.script("logcat -d -s AssistantEvent").text.count('"event":"request"')


def test_a_run_that_froze_does_nothing_to_a_handset_that_is_anothers(endpoint: VirtualEndpoint) -> None:
    """Thawed, it stops before the next step and says why: LAB. Nothing is asked or folded any more, and the other's
    lease stands."""
    build = ROOT / "suites" / "builds" / "compact" / "build.yaml"
    arguments = (endpoint.adb, endpoint.appium, str(build), str(HEARTBEAT_S))
    command = [sys.executable, "-c", RUN, *arguments]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with (
        open_handset(Target("fold", adbd=endpoint.adb)) as handset,
        subprocess.Popen(command, **pipes, env={**os.environ, "PYTHONPATH": str(ROOT)}) as run,  # type: ignore[call-overload]
    ):
        assert run.stdout.readline() == "turn 1\n"
        run.send_signal(signal.SIGSTOP)
        with handset.lease("thief@host", "y", timeout_s=HEARTBEAT_S + 10) as lease:
            before = (asked(handset), handset.posture.current())
            run.send_signal(signal.SIGCONT)
            run.stdin.write("\n\n\n\n\n\n\n\n")
            run.stdin.close()
            *turns, told = run.stdout.read().splitlines()
            assert (asked(handset), handset.posture.current()) == before
            assert lease.held
    end = json.loads(told)
    assert turns == []
    assert (end["verdict"], end["usable"]) == ("LAB", False)
    assert any("our lease on it was lost" in reason for reason in end["reasons"])
    assert any("held by thief@host since" in reason for reason in end["reasons"])
