"""The conversation as the screen shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Message:
    """One bubble; `number` is its place in the conversation and stays its own for good."""

    number: int
    speaker: Literal["user", "assistant"]
    text: str


@dataclass(slots=True)
class Conversation:
    """What is on the screen. `changed` is called after every change; `scrolled_up` is pixels from the end."""

    changed: Callable[[], None]
    messages: list[Message] = field(default_factory=list)
    status: str = "Loading"
    notice: str = ""
    model: str = ""
    draft: str = ""
    scrolled_up: int = 0
    _numbers: int = 0

    @property
    def reply_length(self) -> int:
        """Characters of the reply at the end; 0 where the end is no reply."""
        last = self.messages[-1] if self.messages else None
        return len(last.text) if last is not None and last.speaker == "assistant" else 0

    def show_status(self, status: str) -> None:
        self.status = status
        self.changed()

    def show_notice(self, notice: str) -> None:
        self.notice = notice
        self.changed()

    def show_model(self, model: str) -> None:
        self.model = model
        self.changed()

    def write(self, draft: str) -> None:
        self.draft = draft
        self.changed()

    def scroll_to(self, pixels: int) -> None:
        """Show what lies `pixels` above the end."""
        self.scrolled_up = pixels
        self.changed()

    def say(self, speaker: Literal["user", "assistant"], text: str) -> None:
        """A new bubble, scrolled into view."""
        self._numbers += 1
        self.scrolled_up = 0
        self.messages.append(Message(self._numbers, speaker, text))
        self.changed()

    def continue_reply(self, text: str) -> None:
        """More of the last bubble."""
        last = self.messages[-1]
        self.messages[-1] = Message(last.number, last.speaker, last.text + text)
        self.changed()

    def clear(self) -> None:
        self.messages.clear()
        self.notice, self.scrolled_up = "", 0
        self.changed()
