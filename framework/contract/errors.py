"""Errors shaped by who must act: the user, the lab, or the makers of the build."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a file or a call, with the place and, where one is near, the right spelling.

    As text it is one line, whatever was found in the file.
    """

    message: str
    file: str | None = None
    line: int | None = None
    key: str | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        text = ": ".join(part for part in (place, self.key, self.message) if part)
        line = f'{text} (did you mean "{self.suggestion}"?)' if self.suggestion else text
        return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)


class FarmError(Exception):
    """Base of every error that the farm raises on purpose; `exit_code` is that of the `farm` command."""

    exit_code = 1


class UsageError(FarmError):
    """Your file or your call: `problems` says where, one line each."""

    exit_code = 2

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(Problem(p) if isinstance(p, str) else p for p in problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


USUAL_MENDS: tuple[tuple[str, str], ...] = (
    ("No space left on device", "free space on it: `df` shows what is full"),
    ("Read-only file system", "restart it; if it stays so, its storage is damaged"),
    ("Can't find service", "it is starting, or its system_server died: wait for it, or restart it"),
    ("done within", "is it very busy, or its connection slow? try again; if it stays so, restart it"),
    ("no answer within", "is it very busy, or its connection slow? try again; if it stays so, restart it"),
    ("broke off", "is its cable, or its network, all right? try again"),
    ("its UI does not answer", "try again; `farm doctor` tells whether Appium reaches it"),
    ("lost lines", "raise the size of its log: Developer options, Logger buffer sizes"),
)
"""Words of an error that names no mend of its own → what usually helps."""


class HandsetError(FarmError):
    """The lab: a handset, its cable, its settings or its adb server. Never counted as the build's failure.

    `state`: that of the handset in adb's words, such as `offline`, where the error is about just that.
    """

    exit_code = 3

    def __init__(self, handset: str, what: str, mend: str = "", state: str | None = None) -> None:
        mend = mend or next((usual for word, usual in USUAL_MENDS if word in what), "")
        self.handset, self.what, self.mend, self.state = handset, what, mend, state
        super().__init__(f"{handset}: {what}" + (f" ({mend})" if mend else ""))

    def __reduce__(self) -> tuple[type[HandsetError], tuple[str, str, str, str | None]]:
        return type(self), (self.handset, self.what, self.mend, self.state)


class DeadlineError(HandsetError):
    """A handset did not answer within the time that was allowed."""


class AssistantError(FarmError):
    """The build under test: it crashed, refused, or broke its own contract."""

    def __init__(self, build: str, what: str) -> None:
        self.build, self.what = build, what
        super().__init__(f"{build}: {what}")

    def __reduce__(self) -> tuple[type[AssistantError], tuple[str, str]]:
        return type(self), (self.build, self.what)
