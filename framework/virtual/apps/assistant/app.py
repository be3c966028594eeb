"""org.pocketfarm.assistant: intents and buttons become turns; turns become events, bubbles and sound."""

from __future__ import annotations

from typing import ClassVar

from framework.virtual.apps.assistant import recognizer
from framework.virtual.apps.assistant.conversation import Conversation
from framework.virtual.apps.assistant.dialogue.state import Language
from framework.virtual.apps.assistant.events import EventLog
from framework.virtual.apps.assistant.session import Session
from framework.virtual.apps.assistant.view import Actions, ConversationView
from framework.virtual.apps.base import App, AppContext, Intent
from framework.virtual.ui.tree import Window

ASK = "org.pocketfarm.assistant.ASK"
LISTEN = "org.pocketfarm.assistant.LISTEN"
RESET = "org.pocketfarm.assistant.RESET"

RECORD_AUDIO = "android.permission.RECORD_AUDIO"
NOT_ALLOWED = "The microphone is not allowed"


class Assistant(App):
    """The conversation screen and the session behind it."""

    package: ClassVar[str] = "org.pocketfarm.assistant"
    main_class: ClassVar[str] = "org.pocketfarm.assistant.ConversationActivity"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._conversation = Conversation(lambda: self._window.changed())
        actions = Actions(self._send, self._open_microphone, self._reset)
        view = ConversationView(self.package, self._conversation, actions)
        self._window = Window(
            self.package, self.main_class, view.build, text_length=lambda: self._conversation.reply_length
        )
        events = EventLog(context.device.log, context.device.truth, context.process)
        self._session = Session(context, self._conversation, events)

    @property
    def window(self) -> Window:
        return self._window

    def on_start(self, intent: Intent) -> None:
        recognizer.warm()
        self._session.load(intent.text("model"))
        if intent.action == ASK:
            self._session.ask(intent.text("text") or "", "intent", intent.number("turn"))
        elif intent.action == LISTEN:
            self._listen(intent.text("wav"), _language(intent.text("lang")), intent.number("turn"))
        elif intent.action == RESET:
            self._reset()

    def on_stop(self) -> None:
        self._session.close()

    def _send(self) -> None:
        text = self._conversation.draft
        if text.strip():
            self._conversation.write("")
            self._session.ask(text, "ui")

    def _open_microphone(self) -> None:
        self._listen(None, "en")

    def _listen(self, wav: str | None, language: Language, turn: int | None = None) -> None:
        """With the user's permission."""

        def answered(granted: bool) -> None:
            if granted:
                self._session.listen(wav, language, turn)
            else:
                self._session.refuse(NOT_ALLOWED, turn)

        self.context.device.permissions.request(self, (RECORD_AUDIO,), answered)

    def _reset(self) -> None:
        self._session.reset()


def _language(name: str | None) -> Language:
    return "zh" if name is not None and name.lower().startswith(("zh", "cmn")) else "en"
