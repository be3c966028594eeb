"""What a handset answered to the doctor's questions: the facts that its checks judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from framework.doctor.questions import ALL, SETTINGS
from framework.dumps import getprop
from framework.dumps.errors import DumpError
from framework.dumps.kinds import parser


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command did. `exit` is None where it never ended: then `stderr` says why.

    `asked_wall_s` is the host's wall clock when it was asked, `seconds` how long the host waited, `uptime_s` the
    handset's own clock when the command began, None where it does not tell.
    """

    exit: int | None
    stdout: str
    stderr: str = ""
    asked_wall_s: float = 0.0
    seconds: float = 0.0
    uptime_s: float | None = None

    @property
    def given(self) -> bool:
        """Whether it is an answer at all; `dumpsys` of a service that is not there ends with 0 and complains."""
        return self.exit == 0 and not (self.stderr.strip() and not self.stdout.strip())


class Answers:
    """By the question's name. What was not asked or not answered is empty text, or None."""

    def __init__(self, given: Mapping[str, Answer]) -> None:
        self.given = given

    def text(self, name: str) -> str:
        """What was printed, without white space around it."""
        answer = self.given.get(name)
        return answer.stdout.strip() if answer is not None and answer.given else ""

    def property(self, *names: str) -> str:
        """The first of these system properties that has a value."""
        return next((self.properties[name] for name in names if self.properties.get(name)), "")

    def setting(self, name: str) -> str | None:
        """A setting, such as `global/adb_enabled`; None where the handset has none of that name."""
        value = self._settings.get(name)
        return None if value in (None, "null") else value

    def parsed(self, name: str) -> object | None:
        """The record of a question with a kind; None where the text is none of that kind."""
        kind = _KINDS.get(name)
        answer = self.given.get(name)
        if kind is None or answer is None or not answer.given:
            return None
        try:
            return parser(kind)(answer.stdout)
        except DumpError:
            return None

    @cached_property
    def properties(self) -> Mapping[str, str]:
        try:
            return getprop.parse(self.text("getprop")).values
        except DumpError:
            return {}

    @cached_property
    def _settings(self) -> Mapping[str, str]:
        lines = (line.partition("=") for line in self.text(SETTINGS).splitlines())
        return {name: value for name, equals, value in lines if equals}


_KINDS: Mapping[str, str | None] = {question.name: question.kind for question in ALL}
