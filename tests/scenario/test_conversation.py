"""A conversation with a virtual handset whose log or connection fails in the middle of a turn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from framework.contract.capabilities import Target
from framework.contract.trace import ClockFit, DeviceClocks
from framework.deploy import deploy, load_build
from framework.handset.handset import open_handset
from framework.scenario.conversation import Conversation
from framework.scenario.feed import EventFeed
from framework.trace.methods import Clocks, measure
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

BUILD = Path(__file__).resolve().parents[2] / "suites" / "builds" / "compact" / "build.yaml"
QUESTION = "What is the weather in Hanoi tomorrow?"


@dataclass(frozen=True)
class Talk:
    conversation: Conversation
    feed: EventFeed
    control: Control

    @contextmanager
    def once(self, event: str, act: Callable[[], object]) -> Iterator[None]:
        """Act as soon as the next turn comes to `event`."""
        mark, turn = self.feed.mark(), self.conversation.turn + 1

        def wait() -> None:
            assert self.feed.wait((event,), since=mark, turn=turn, timeout_s=30) is not None
            act()

        thread = threading.Thread(target=wait)
        thread.start()
        yield
        thread.join()


@pytest.fixture(scope="module")
def talk() -> Iterator[Talk]:
    build = load_build(BUILD)
    with ExitStack() as stack:
        started = stack.enter_context(virtual_handsets([VirtualRequest("talk", "xiaomi-12", speed=2)]))
        endpoint = started.endpoint("talk")
        target = Target("talk", adbd=endpoint.adb, appium_url=endpoint.appium)
        handset = stack.enter_context(open_handset(target))
        deploy(build, handset)
        feed = stack.enter_context(EventFeed(handset.log, build.spec))
        conversation = Conversation(handset, build.spec, feed)
        conversation.start()
        yield Talk(conversation, feed, Control(endpoint.control))


def test_the_end_of_a_turn_may_be_lost(talk: Talk) -> None:
    """The log loses every line from the first token on: the reply is read from the screen, and the turn counts.

    Latencies of events that are there are measured, the others are not guessed.
    """
    talk.conversation.fresh()
    with talk.once("first_token", lambda: talk.control.fault("log_loss", 1.0)):
        answer = talk.conversation.write(QUESTION, "intent", 60)
    talk.control.clear()
    assert "Hanoi" in answer.reply
    assert "reply" not in {event.event for event in answer.events}
    metrics = {one.metric for one in measure(answer.observed, Clocks(ClockFit(0, 0), DeviceClocks()))}
    assert ("ttft_ms" in metrics, "total_ms" in metrics) == (True, False)


def test_a_cut_while_the_question_is_sent_sends_it_once(talk: Talk) -> None:
    """The command that asks is cut off, but the assistant tells of the request: one request, one reply."""
    talk.conversation.fresh()
    with talk.once("request", lambda: talk.control.fault("adbd_restart", 0.5)):
        answer = talk.conversation.write(QUESTION, "intent", 60)
    assert "Hanoi" in answer.reply
    assert [event.event for event in answer.events].count("request") == 1
    requests = [one for one in talk.control.truth()["events"] if one["kind"] == "request"]
    assert len(requests) == 2


def test_a_lost_reset_is_asked_for_again(talk: Talk) -> None:
    """A conversation begins afresh though the log has lost the line that says so."""
    undone = talk.control.fault("log_loss", 1.0)
    threading.Timer(1.0, talk.control.clear, (undone,)).start()
    talk.conversation.fresh()
    assert talk.conversation.turn == 0
