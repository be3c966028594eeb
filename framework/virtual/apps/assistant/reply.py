"""One reply as it comes: on the screen, in the log, and to the voice, token by token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from framework.virtual.apps.assistant.voice import Voice, sentences

if TYPE_CHECKING:
    from framework.virtual.apps.assistant.conversation import Conversation
    from framework.virtual.apps.assistant.engine import Token
    from framework.virtual.apps.assistant.events import EventLog


class StreamedReply:
    """Takes the tokens of one turn; `voice` speaks each sentence once it is whole, where the turn was spoken."""

    def __init__(
        self, turn: int, tokens: Sequence[str], conversation: Conversation, events: EventLog, voice: Voice | None = None
    ) -> None:
        self._turn = turn
        self._tokens = tokens
        self._conversation = conversation
        self._events = events
        self._voice = voice
        self._spoken = {sentence.last_token: sentence.text for sentence in sentences(tokens)} if voice else {}

    def take(self, token: Token) -> None:
        if token.n == 1:
            self._events.emit("first_token", self._turn, token.ns, n=1)
            self._conversation.say("assistant", "")
            self._conversation.show_status("Answering")
        self._events.emit("token", self._turn, token.ns, n=token.n, text=token.text)
        self._conversation.continue_reply(token.text)
        if self._voice is not None and token.n in self._spoken:
            self._voice.hand_over(self._spoken[token.n], token.ns)

    def end(self, at_ns: int) -> None:
        text = "".join(self._tokens)
        self._events.emit("reply", self._turn, at_ns, text=text, tokens=len(self._tokens))
        if self._voice is not None:
            self._voice.finish()
