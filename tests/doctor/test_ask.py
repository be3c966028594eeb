"""Asking a handset that answers, one that does not, and one that does not exist."""

from __future__ import annotations

import socket
from collections.abc import Mapping

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.doctor import ask as asking
from framework.doctor.ask import ask
from framework.doctor.questions import Question


def test_each_answer_tells_how_it_went(virtual_targets: Mapping[str, Target]) -> None:
    """Exit status, both outputs, duration, the handset's clock; progress before each question."""
    steps: list[tuple[int, int, str]] = []
    questions = [Question("fails", "echo out; echo err >&2; exit 7"), Question("clock", "cat /proc/uptime")]
    answers = ask(virtual_targets["xiaomi-12"], questions, lambda *step: steps.append(step))
    fails, clock = answers.given["fails"], answers.given["clock"]
    assert (fails.exit, fails.stdout, fails.stderr) == (7, "out\n", "err\n")
    assert fails.seconds > 0
    assert clock.uptime_s is not None
    assert 0 <= float(clock.stdout.split()[0]) - clock.uptime_s < 5
    assert "shell_v2" in answers.given["features"].stdout
    assert steps == [(1, 2, "fails"), (2, 2, "clock")]


def test_a_command_that_never_ends_is_noted(
    virtual_targets: Mapping[str, Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the next is asked all the same."""
    monkeypatch.setattr(asking, "ANSWER_S", 0.5)
    answers = ask(virtual_targets["xiaomi-12"], [Question("hangs", "sleep 1000"), Question("next", "echo here")])
    assert answers.given["hangs"].exit is None
    assert "not done within 0.5 s" in answers.given["hangs"].stderr
    assert answers.text("next") == "here"


def test_a_handset_that_is_not_there() -> None:
    """HandsetError."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(HandsetError, match="no adbd answers"):
            ask(Target("gone", adbd=f"127.0.0.1:{taken.getsockname()[1]}"), [])
