"""One conversation with the assistant: starting it, writing to it, speaking to it, and its answers."""

from __future__ import annotations

from dataclasses import dataclass

from framework.contract.build import BuildSpec, IntentCall
from framework.contract.capabilities import Handset
from framework.contract.errors import AssistantError, UsageError
from framework.contract.events import AssistantEvent
from framework.media.wav import Sound
from framework.scenario.feed import EventFeed
from framework.speech.channel import FileChannel

HOST_ALLOWANCE_S = 15.0
"""What any wait may cost on the host's side, whatever the speed of device time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back in one turn: the reply's text, what was heard of a spoken question, the events, the sound."""

    reply: str
    heard: str | None
    events: tuple[AssistantEvent, ...]
    sound: Sound | None = None


class Conversation:
    """Talks to a started build; turns are counted from 1 since the last `fresh`."""

    def __init__(self, handset: Handset, build: BuildSpec, feed: EventFeed) -> None:
        self._handset, self._build, self._feed = handset, build, feed
        self._mark = feed.mark()
        self.turn = 0

    # -- the assistant itself ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the assistant anew and wait until it is ready."""
        self._handset.packages.stop(self._build.package)
        self._mark = self._feed.mark()
        self._handset.packages.start(self._build.component, extras=self._build.start.extras)
        within = self._build.start.ready_within_s
        if self._await(("ready", "error"), None, within).event == "error":
            raise AssistantError(self._build.label, "reported an error while it started")

    def fresh(self) -> None:
        """Begin a fresh conversation: by the build's own means, or by starting it anew."""
        self.turn = 0
        reset = self._build.start.reset
        if reset is None or self._handset.packages.pid(self._build.package) is None:
            self.start()
            return
        self._mark = self._feed.mark()
        self._call(reset)
        self._await(("reset",), None, self._build.start.ready_within_s)

    # -- turns ---------------------------------------------------------------------------------------------------

    def write(self, text: str, via: str, within_s: float) -> Answer:
        """Ask in writing, through the screen (`ui`) or an intent; `within_s` is device time."""
        self._next_turn()
        if via == "ui":
            self._type(text)
        else:
            self._call(self._intent(), text)
        done = self._await(("reply", "error"), self.turn, within_s)
        return self._answer(done, heard=None, on_screen=via == "ui")

    def speak(self, sound: Sound, language: str, within_s: float) -> Answer:
        """Ask by voice and wait until the reply has been spoken; `within_s` is device time."""
        if self._build.voice is None:
            raise UsageError(f"{self._build.label} has no voice channel in its build.yaml, but the scenario speaks")
        self._next_turn()
        channel = FileChannel(self._handset, self._build, self._build.voice)
        channel.ask(sound, language, self.turn)
        done = self._await(("audio_end", "error"), self.turn, within_s + sound.duration_s)
        heard = next((event.fields.get("text") for event in self._events() if event.event == "asr_final"), "")
        answer = self._answer(done, heard=str(heard), on_screen=False)
        return Answer(answer.reply, answer.heard, answer.events, channel.reply(self.turn))

    # -- how -----------------------------------------------------------------------------------------------------

    def _next_turn(self) -> None:
        self.turn += 1
        self._mark = self._feed.mark()

    def _type(self, text: str) -> None:
        screen = self._build.text.ui
        if screen is None:
            raise UsageError(f"{self._build.label} has no text.ui in its build.yaml, but the scenario writes via ui")
        self._handset.ui.type(screen.input, text)
        self._handset.ui.tap(screen.send)

    def _intent(self) -> IntentCall:
        if self._build.text.intent is None:
            raise UsageError(f"{self._build.label} has no text.intent in its build.yaml, but the scenario uses it")
        return self._build.text.intent

    def _call(self, call: IntentCall, content: str | None = None) -> None:
        extras: dict[str, str | int | bool] = {"turn": self.turn} if self.turn else {}
        if call.extra is not None and content is not None:
            extras[call.extra] = content
        self._handset.packages.start(self._build.component, action=call.action, extras=extras)

    def _events(self) -> tuple[AssistantEvent, ...]:
        return tuple(event for event in self._feed.since(self._mark) if event.turn == self.turn)

    def _answer(self, done: AssistantEvent, heard: str | None, on_screen: bool) -> Answer:
        events = self._events()
        reply = next((str(event.fields.get("text", "")) for event in events if event.event == "reply"), "")
        if on_screen and self._build.text.ui is not None:
            reply = self._handset.ui.text(self._build.text.ui.reply) or ""
        if done.event == "error":
            raise AssistantError(self._build.label, f"turn {self.turn}: {done.fields.get('message', 'error event')}")
        return Answer(reply, heard, events)

    def _await(self, names: tuple[str, ...], turn: int | None, within_s: float) -> AssistantEvent:
        timeout_s = within_s / self._handset.time_scale + HOST_ALLOWANCE_S
        event = self._feed.wait(names, since=self._mark, turn=turn, timeout_s=timeout_s)
        if event is not None:
            return event
        died = self._handset.packages.pid(self._build.package) is None
        what = "its process died" if died else f"no {names[0]} event within {within_s:g} s"
        raise AssistantError(self._build.label, f"turn {turn}: {what}" if turn else what)
