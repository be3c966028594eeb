"""The assistant's life: models that are missing, turns that queue, conversations that begin anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framework.virtual.apps.assistant.model import MODELS_DIR

if TYPE_CHECKING:
    from conftest import Talk, WithAssistant


def test_it_says_that_there_is_no_model(with_assistant: WithAssistant) -> None:
    """An error event, the reason on the screen, and an error for each question, which is not left unanswered."""

    async def ask_in_vain(talk: Talk) -> tuple[str, str, str, str]:
        started = await talk.start()
        talk.ask("hello", 1)
        refused = await talk.until(("reply", "error"), 1)
        return started.event, str(started.fields["message"]), str(refused.fields["message"]), talk.shown("status")

    event, message, refused, status = with_assistant(ask_in_vain)
    assert event == "error"
    assert message == f"No model: {MODELS_DIR}: No such file or directory"
    assert message == refused == status


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "4 bytes wanted"), (b"GGUF" + bytes(60), "version"), (b"not a model at all", "GGUF")],
    ids=["empty", "zeros", "text"],
)
def test_it_says_that_the_model_is_damaged(with_assistant: WithAssistant, content: bytes, reason: str) -> None:
    """The message names the file, the byte and what is wrong there."""

    async def start(talk: Talk) -> str:
        path = talk.push(f"{MODELS_DIR}/damaged.gguf", content)
        return str((await talk.start(model=path)).fields["message"])

    message = with_assistant(start)
    assert message.startswith(f"Model damaged: {MODELS_DIR}/damaged.gguf: at byte ")
    assert reason in message


def test_without_a_path_the_newest_model_is_taken(with_assistant: WithAssistant) -> None:
    """By modification time, whatever the names."""

    async def start(talk: Talk) -> str:
        talk.device.files.utime(talk.push(f"{MODELS_DIR}/z-old.gguf", b"damaged"), 1)
        talk.push_model("a-new.gguf")
        return str((await talk.start()).event)

    assert with_assistant(start) == "ready"


def test_a_model_that_the_app_may_not_read_is_missing(with_assistant: WithAssistant) -> None:
    """The weights are read with the rights of the app, not of root."""

    async def start(talk: Talk) -> str:
        path = talk.push_model()
        talk.device.files.chmod(path, 0o600)
        return str((await talk.start(model=path)).fields["message"])

    assert "Permission denied" in with_assistant(start)


def test_questions_wait_for_the_model_and_for_each_other(with_assistant: WithAssistant) -> None:
    """Asked all at once while the weights load, they are answered in order, none overlapping another."""

    async def hurry(talk: Talk) -> list[tuple[int, str]]:
        path = talk.push_model()
        talk.send(None, model=path)
        for turn, text in enumerate(("My name is Anna.", "What is my name?", "Who are you?"), start=1):
            talk.ask(text, turn)
        await talk.until(("reply",), 3)
        return [
            (event.turn, event.event) for event in talk.events() if event.event in ("request", "first_token", "reply")
        ]

    requests, answers = [(turn, "request") for turn in (1, 2, 3)], []
    for turn in (1, 2, 3):
        answers += [(turn, "first_token"), (turn, "reply")]
    told = with_assistant(hurry)
    assert told == requests + answers


def test_it_counts_turns_that_have_no_number(with_assistant: WithAssistant) -> None:
    """From 1, on from numbers that were given, and from 1 again after a reset."""

    async def count(talk: Talk) -> list[int]:
        await talk.start(model=talk.push_model())
        talk.send("org.pocketfarm.assistant.ASK", text="one")
        talk.ask("seven", 7)
        talk.send("org.pocketfarm.assistant.ASK", text="eight")
        await talk.until(("reply",), 8)
        talk.reset()
        talk.send("org.pocketfarm.assistant.ASK", text="one again")
        return [event.turn for event in talk.events() if event.event == "request"]

    assert with_assistant(count) == [1, 7, 8, 1]


def test_a_reset_ends_what_is_under_way(with_assistant: WithAssistant) -> None:
    """No event of the old turn after the reset; the memory and the screen are empty; the next turn is answered."""

    async def interrupt(talk: Talk) -> tuple[list[str], list[str], str]:
        await talk.start(model=talk.push_model())
        await talk.answered("My name is Anna.", 1)
        talk.ask("Tell me a long story.", 2)
        await talk.until(("first_token",), 2)
        talk.reset()
        bubbles = [node.text for node in talk.device.screen.tree().walk() if node.key.startswith("message-")]
        mark = len(talk.events())
        forgotten = await talk.answered("What is my name?", 1)
        return bubbles, [f"{event.event} {event.turn}" for event in talk.events()[mark:] if event.turn == 2], forgotten

    assert with_assistant(interrupt) == ([], [], "You have not told me your name yet.")


def test_force_stop_ends_it_in_the_middle_of_a_reply(with_assistant: WithAssistant) -> None:
    """The process is gone, its work is over, no further event is logged, and it can be started again."""

    async def stop(talk: Talk) -> tuple[int, bool, str]:
        path = talk.push_model()
        await talk.start(model=path)
        talk.ask("Tell me a long story.", 1)
        await talk.until(("first_token",), 1)
        talk.device.activities.force_stop("org.pocketfarm.assistant")
        logged = len(talk.events())
        await talk.device.clock.sleep(2_000_000_000)
        running = talk.device.physics.cpus.running(talk.device.clock.now_ns())
        silent = len(talk.events()) == logged
        return running, silent, (await talk.start(model=path)).event

    assert with_assistant(stop) == (0, True, "ready")


def test_a_long_question_still_makes_lines_that_can_be_read(with_assistant: WithAssistant) -> None:
    """Text that would not fit a log entry is cut in the event, not in the middle of its JSON."""

    async def ask(talk: Talk) -> str:
        await talk.start(model=talk.push_model())
        talk.ask("很长的问题" * 1000, 1)
        await talk.until(("reply",), 1)
        return str(talk.event("request", 1).fields["text"])

    text = with_assistant(ask)
    assert text.startswith("很长的问题很长的问题")
    assert text.endswith("…")


def test_a_timer_is_told_of_when_it_is_over(with_assistant: WithAssistant) -> None:
    """On the screen, in device time; a reset takes the timer away."""

    async def wait(talk: Talk) -> tuple[bool, str]:
        await talk.start(model=talk.push_model())
        await talk.answered("Set a timer for two minutes.", 1)
        early = any(node.key == "notice" for node in talk.device.screen.tree().walk())
        await talk.device.clock.sleep(121_000_000_000)
        return early, talk.shown("notice")

    assert with_assistant(wait, speed=1000.0) == (False, "Timer: time is up")


def test_a_fault_in_the_app_is_a_crash(with_assistant: WithAssistant) -> None:
    """As on Android: a line in the crash buffer, and the process is gone; nothing hangs without a word."""

    async def break_it(talk: Talk) -> tuple[str, bool]:
        await talk.start(model=talk.push_model())
        process = talk.device.processes.by_name("org.pocketfarm.assistant")
        assert process is not None
        talk.device.activities.foreground._session._state = None  # type: ignore[union-attr]
        talk.ask("hello", 1)
        await process.wait()
        (crash,) = [entry.message for entry in talk.device.log.lines(("crash",))]
        return crash.splitlines()[0], talk.device.processes.by_name("org.pocketfarm.assistant") is None

    assert with_assistant(break_it) == ("FATAL EXCEPTION: main", True)
