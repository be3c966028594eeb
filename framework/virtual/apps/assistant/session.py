"""One run of the assistant: the model that is loaded, the memory of the conversation, turns one after the other."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Literal

from framework.virtual.apps.assistant import recognizer
from framework.virtual.apps.assistant.dialogue import State, reply
from framework.virtual.apps.assistant.ears import Ears, MicrophoneError, quiet, read_sound
from framework.virtual.apps.assistant.engine import Engine
from framework.virtual.apps.assistant.facts import read_facts, retained_bytes
from framework.virtual.apps.assistant.model import ModelError, newest_model, read_model
from framework.virtual.apps.assistant.reply import StreamedReply
from framework.virtual.apps.assistant.tokens import tokenize
from framework.virtual.apps.assistant.voice import Voice, save_reply
from framework.virtual.apps.assistant.worker import Worker

if TYPE_CHECKING:
    from framework.virtual.apps.assistant.conversation import Conversation
    from framework.virtual.apps.assistant.dialogue.state import Language
    from framework.virtual.apps.assistant.events import EventLog
    from framework.virtual.apps.base import AppContext
    from framework.virtual.clock import Timer

SYSTEM_PROMPT = "You are a helpful assistant on a phone. Answer briefly, in the language of the question."

TEMPLATE_TOKENS = 8
"""What a chat template puts around a question: role marks and line ends."""

NOT_UNDERSTOOD = "Sorry, I did not catch that"
TIMER_OVER = "Timer: time is up"

Via = Literal["ui", "intent", "voice"]


class Session:
    """Everything behind the screen of one process. Callers return at once; the work is done in device time."""

    def __init__(self, context: AppContext, conversation: Conversation, events: EventLog) -> None:
        self._device, self._process = context.device, context.process
        self._files = context.device.files.as_user(context.process.uid)
        self._retained_bytes = retained_bytes(context.device)
        self._conversation = conversation
        self._events = events
        crash = partial(self._device.activities.crash, self._process)
        self._loader, self._turns = Worker(crash), Worker(crash)
        self._loaded = asyncio.Event()
        self._engine: Engine | None = None
        self._path: str | None = None
        self._ready_ns = 0
        self._failure = ""
        self._state = State()
        self._turn = 0
        self._timer: Timer | None = None

    # -- what the app may ask for --------------------------------------------------------------------------------

    def load(self, path: str | None) -> None:
        """Load the weights at `path`, or the newest there are; nothing to do when they are loaded, or being loaded."""
        if self._loader.busy or (self._engine is not None and path in (None, self._path)):
            return
        if self._engine is not None:
            self.reset()
        self._loaded.clear()
        self._loader.submit(self._now_ns(), partial(self._load, path))

    def ask(self, text: str, via: Via, turn: int | None = None) -> None:
        """A written question; without a number, turns are counted from 1."""
        number = self._next_turn(turn)
        self._note_request(number, text, via, self._now_ns())
        self._turns.submit(self._now_ns(), partial(self._answer, number, text))

    def listen(self, wav: str | None, language: Language, turn: int | None = None) -> None:
        """A spoken question: the sound of a file on the handset; without one the room is quiet."""
        self._turns.submit(self._now_ns(), partial(self._hear, self._next_turn(turn), wav, language))

    def refuse(self, message: str, turn: int | None = None) -> None:
        """A spoken question that cannot be heard."""
        self._fail(self._next_turn(turn), self._now_ns(), message)

    def reset(self) -> None:
        """A fresh conversation: what is under way ends, what was said is forgotten."""
        self._stop_turns()
        self._state, self._turn = State(), 0
        self._conversation.clear()
        if self._engine is not None:
            self._engine.forget()
            self._conversation.show_status("Ready")
        self._events.emit("reset", 0, self._now_ns())

    def close(self) -> None:
        self._loader.cancel()
        self._stop_turns()

    # -- loading -------------------------------------------------------------------------------------------------

    async def _load(self, path: str | None, start_ns: int) -> int:
        self._ready_ns = start_ns
        self._conversation.show_status("Loading")
        if self._engine is not None:
            self._engine.unload()
            self._engine = None
        try:
            self._path = path or newest_model(self._files)
            await self._load_engine(self._path, start_ns)
        except ModelError as error:
            self._failure = str(error)
            self._fail(0, start_ns, self._failure)
        self._loaded.set()
        return self._ready_ns

    async def _load_engine(self, path: str, start_ns: int) -> None:
        device = self._device
        model = read_model(self._files, path)
        system_prompt = len(tokenize(SYSTEM_PROMPT))
        engine = Engine(model, system_prompt, device.physics, device.clock, self._process, self._retained_bytes)
        self._ready_ns = await engine.load(start_ns)
        await device.clock.compute(recognizer.wait_until_built, self._ready_ns)
        self._engine = engine
        self._conversation.show_model(f"{model.name} {model.quantization}" + (" (scaled)" if model.scaled else ""))
        self._conversation.show_status("Ready")
        self._events.emit("ready", 0, self._ready_ns, model=model.name)

    # -- turns ---------------------------------------------------------------------------------------------------

    async def _hear(self, turn: int, wav: str | None, language: Language, start_ns: int) -> int:
        await self._loaded.wait()
        start_ns = max(start_ns, self._ready_ns)
        self._conversation.show_status("Listening")
        self._events.emit("wake", turn, start_ns)
        try:
            sound = read_sound(self._files, wav) if wav is not None else quiet()
        except MicrophoneError as error:
            return self._fail(turn, start_ns, str(error))
        clock, physics = self._device.clock, self._device.physics
        ears = Ears(clock, physics, self._process, partial(self._note_speech, turn))
        heard = await ears.listen(sound, language, start_ns)
        self._events.emit("asr_final", turn, heard.at_ns, text=heard.text or "", lang=language)
        if heard.text is None:
            return self._fail(turn, heard.at_ns, NOT_UNDERSTOOD)
        self._note_request(turn, heard.text, "voice", heard.at_ns)
        return await self._answer(turn, heard.text, heard.at_ns, aloud=language)

    async def _answer(self, turn: int, question: str, start_ns: int, *, aloud: Language | None = None) -> int:
        await self._loaded.wait()
        start_ns = max(start_ns, self._ready_ns)
        if self._engine is None:
            return self._fail(turn, start_ns, self._failure)
        self._conversation.show_status("Thinking")
        facts = read_facts(self._device, self._engine.model.name, start_ns)
        text, state = reply(self._state, question, facts)
        self._remember(state)
        tokens, prompt = tokenize(text), _prompt_tokens(question)
        if aloud is None:
            streamed = StreamedReply(turn, tokens, self._conversation, self._events)
            end_ns = await self._engine.generate(prompt, tokens, start_ns, streamed.take)
            streamed.end(end_ns)
        else:
            end_ns = await self._answer_aloud(turn, tokens, prompt, start_ns, aloud)
        self._conversation.show_status("Ready")
        return end_ns

    async def _answer_aloud(
        self, turn: int, tokens: tuple[str, ...], prompt: int, start_ns: int, language: Language
    ) -> int:
        assert self._engine is not None
        clock, physics = self._device.clock, self._device.physics
        voice = Voice(clock, physics, self._process, language, partial(self._events.emit, "first_audio", turn))
        streamed = StreamedReply(turn, tokens, self._conversation, self._events, voice)
        async with asyncio.TaskGroup() as group:
            speaking = group.create_task(voice.speak())
            streamed.end(await self._engine.generate(prompt, tokens, start_ns, streamed.take))
        sound, end_ns = speaking.result()
        wav = save_reply(self._files, turn, sound)
        self._events.emit("audio_end", turn, end_ns, wav=wav)
        return end_ns

    # -- how -----------------------------------------------------------------------------------------------------

    def _now_ns(self) -> int:
        return self._device.clock.now_ns()

    def _next_turn(self, number: int | None) -> int:
        self._turn = self._turn + 1 if number is None else number
        return self._turn

    def _note_request(self, turn: int, text: str, via: Via, at_ns: int) -> None:
        self._conversation.say("user", text)
        self._events.emit("request", turn, at_ns, text=text, tokens=_prompt_tokens(text), via=via)

    def _note_speech(self, turn: int, event: str, at_ns: int, seen_ns: int) -> None:
        self._events.emit(event, turn, at_ns, seen_ns=seen_ns)

    def _fail(self, turn: int, at_ns: int, message: str) -> int:
        self._conversation.show_status(message)
        self._events.emit("error", turn, at_ns, message=message)
        return at_ns

    def _stop_turns(self) -> None:
        self._turns.cancel()
        self._drop_timer()

    def _remember(self, state: State) -> None:
        """Keep the state after a turn; a timer that was set is told of on the screen when it is over."""
        if state.timer is not self._state.timer:
            self._drop_timer()
            if state.timer is not None:
                tell = self._conversation.show_notice
                self._timer = self._device.clock.at(state.timer.due_ns, lambda _: tell(TIMER_OVER))
        self._state = state

    def _drop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


def _prompt_tokens(question: str) -> int:
    return TEMPLATE_TOKENS + len(tokenize(question))
