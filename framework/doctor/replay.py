"""A recorded handset, read again: every text through its parser, every reading through its probe's reader."""

from __future__ import annotations

from dataclasses import dataclass

from framework.doctor.answers import Answer, Answers
from framework.doctor.questions import ALL, Question
from framework.dumps.errors import DumpError
from framework.dumps.kinds import parser
from framework.trace.clocks import ClockWatch
from framework.trace.probes import PROBES
from framework.trace.probes.probe import Probe, Scene

_SHOWN = 100
_NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Unread:
    """A text that the farm asked for and cannot read: what it was the answer to, what was expected, what is there."""

    name: str
    script: str
    expected: str
    found: str

    def __str__(self) -> str:
        first = self.script.strip().splitlines()[0] if self.script.strip() else self.name
        return f"{self.name} (`{first[:_SHOWN]}`): {self.expected}; found {self.found!r}"


def unread(answers: Answers) -> tuple[Unread, ...]:
    """What a parser or a reader stumbles over. Commands that the handset refuses are none of it."""
    found = []
    for question in ALL:
        answer = answers.given.get(question.name)
        if answer is None or not answer.given:
            continue
        complaint = _by_parser(question, answer) if question.kind else _by_probe(question, answer)
        if complaint is not None:
            found.append(complaint)
    return tuple(found)


def refused(answers: Answers) -> tuple[str, ...]:
    """The names of what the handset does not answer."""
    return tuple(name for name, answer in answers.given.items() if not answer.given)


def _by_parser(question: Question, answer: Answer) -> Unread | None:
    assert question.kind is not None
    try:
        parser(question.kind)(answer.stdout)
    except DumpError as error:
        lines = answer.stdout.split("\n")
        line = lines[error.line - 1] if error.line <= len(lines) else ""
        return Unread(question.name, question.script, str(error), line[:_SHOWN])
    except Exception as error:  # whatever a text does to a parser is what this is to find
        return Unread(question.name, question.script, _thrown(question.kind, error), answer.stdout[:_SHOWN])
    return None


def _by_probe(question: Question, answer: Answer) -> Unread | None:
    """Read twice: a reader that remembers compares with what it read before."""
    probe = _PROBES.get(question.name)
    if probe is None:
        return None
    read = probe.reader(Scene("com.android.systemui", ClockWatch()))
    try:
        for second in (1, 2):
            read(second * _NS_PER_S, answer.stdout.removesuffix("\n"))
    except Exception as error:  # as above
        return Unread(question.name, question.script, _thrown(f"probe {probe.name}", error), answer.stdout[:_SHOWN])
    return None


def _thrown(reader: str, error: Exception) -> str:
    return f"{reader}: {type(error).__name__}: {error}"


_PROBES: dict[str, Probe] = {f"probe_{probe.name}": probe for probe in PROBES}
