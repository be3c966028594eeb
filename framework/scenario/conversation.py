"""One conversation with the assistant: starting it, writing to it, speaking to it, and its answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from framework.contract.build import BuildSpec, ContentIntent, IntentCall, ScreenText
from framework.contract.capabilities import Handset
from framework.contract.errors import AssistantError, HandsetError, UsageError
from framework.contract.events import AssistantEvent
from framework.contract.observed import Observed, Seen
from framework.contract.vitals import AndroidState
from framework.media.wav import Sound
from framework.scenario.feed import EventFeed
from framework.scenario.screen import ScreenWatch
from framework.speech.channel import FileChannel

HOST_ALLOWANCE_S = 15.0
"""What any wait may cost on the host's side, whatever the speed of device time."""

SILENCE_S = 10.0
"""Device time without a line after which the rest of a turn that had begun counts as lost by the log."""

LEAST_SILENCE_S = 3.0
"""The same in host time, for emulated handsets that are much faster than ours."""

BEGUN = ("first_token", "token", "reply")
"""Events of a turn whose reply has begun."""

POLL_S = 0.1

CATCH_UP_S = 1.0
"""Host time in which a log that is followed anew tells what it already has."""

EXTENSIONS = 3
"""How often more time is given to an emulated handset whose own time was held back by its host."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back in one turn: the reply's text, what was heard of a spoken question, the events, the sound."""

    reply: str
    heard: str | None
    events: tuple[AssistantEvent, ...]
    observed: Observed
    sound: Sound | None = None


class Conversation:
    """Talks to a started build; turns are counted from 1 since the last `fresh`."""

    def __init__(self, handset: Handset, build: BuildSpec, feed: EventFeed) -> None:
        self._handset, self._build, self._feed = handset, build, feed
        self._mark = feed.mark()
        self._android: AndroidState | None = None
        self._began_s = 0.0
        self.turn = 0

    # -- the assistant itself ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the assistant anew and wait until it is ready. HandsetError where Android itself is not up."""
        self._android = self._handset.android()
        self._handset.packages.stop(self._build.package)
        self._begin(0)
        self._handset.packages.start(self._build.component, extras=self._build.start.extras)
        within_s = self._build.start.ready_within_s
        if "ready" not in self._build.told:
            self._await_screen(within_s)
        elif self._await(("ready", "error"), None, within_s).event == "error":
            raise AssistantError(self._build.label, "reported an error while it started")

    def fresh(self) -> None:
        """Begin a fresh conversation: by the build's own means, or by starting it anew."""
        self.turn = 0
        reset = self._build.start.reset
        if reset is None or self._handset.packages.pid(self._build.package) is None:
            self.start()
        elif "reset" not in self._build.told:
            self._call(reset)
            self._await_cleared(self._build.start.ready_within_s)
        else:
            self._reset(reset)

    def _reset(self, reset: IntentCall) -> None:
        """Asked for once more where nothing tells of it: the log may have lost the line."""
        self._begin(0)
        self._call(reset)
        if self._feed.wait(("reset",), since=self._mark, turn=None, timeout_s=self._silence_s) is None:
            if self._caught_up(("reset",), None) is not None:
                return
            self._call(reset)
            self._await(("reset",), None, self._build.start.ready_within_s)

    # -- turns ---------------------------------------------------------------------------------------------------

    def write(self, text: str, via: str, within_s: float) -> Answer:
        """Ask in writing, through the screen (`ui`) or an intent; `within_s` is device time."""
        self._next_turn()
        screen = self._build.text.ui
        if via == "ui":
            self._handset.ui.type(self._screen().input, text)
        watch: ScreenWatch | None = None
        if screen is not None and self._looks_needed():
            watch = ScreenWatch(self._handset.ui, screen, self._handset.time_scale)
        began_ns = time.monotonic_ns()
        if via == "ui":
            self._handset.ui.tap(self._screen().send)
        else:
            self._sent(partial(self._call, self._intent(), text))
        sending = began_ns, time.monotonic_ns()
        if watch is not None:
            self._watch(watch, within_s)
        done = self._end("reply", within_s) if "reply" in self._build.told else None
        return self._answer(sending, done, watch, on_screen=via == "ui" and watch is None)

    def speak(self, sound: Sound, language: str, within_s: float) -> Answer:
        """Ask by voice and wait until the reply has been spoken; `within_s` is device time."""
        if self._build.voice is None:
            raise UsageError(f"{self._build.label} has no voice channel in its build.yaml, but the scenario speaks")
        if "audio_end" not in self._build.told:
            raise UsageError(f"{self._build.label} does not tell of the event audio_end, which ends a spoken turn")
        self._next_turn()
        channel = FileChannel(self._handset, self._build, self._build.voice)
        began_ns = time.monotonic_ns()
        channel.ask(sound, language, self.turn)
        sending = began_ns, time.monotonic_ns()
        done = self._end("audio_end", within_s + sound.duration_s)
        answer = self._answer(sending, done, None, on_screen=False)
        heard = next((event.fields.get("text") for event in answer.events if event.event == "asr_final"), "")
        return replace(answer, heard=str(heard), sound=channel.reply(self.turn))

    # -- how -----------------------------------------------------------------------------------------------------

    def _next_turn(self) -> None:
        self.turn += 1
        self._begin(self.turn)

    def _begin(self, turn: int) -> None:
        self._mark = self._feed.begin(turn)
        self._began_s = self._device_s()

    def _sent(self, send: Callable[[], None]) -> None:
        """Where the connection was cut meanwhile, the assistant's own word counts: nothing is sent twice."""
        try:
            send()
        except HandsetError:
            asked = self._feed.wait(("request",), since=self._mark, turn=self.turn, timeout_s=self._silence_s)
            if asked is None and self._caught_up(("request",), self.turn) is None:
                raise

    def _screen(self) -> ScreenText:
        if self._build.text.ui is None:
            raise UsageError(f"{self._build.label} has no text.ui in its build.yaml, but the scenario writes via ui")
        return self._build.text.ui

    def _intent(self) -> ContentIntent:
        if self._build.text.intent is None:
            raise UsageError(f"{self._build.label} has no text.intent in its build.yaml, but the scenario uses it")
        return self._build.text.intent

    def _call(self, call: IntentCall, content: str | None = None) -> None:
        extras: dict[str, str | int | bool] = {"turn": self.turn} if self.turn else {}
        if call.extra is not None and content is not None:
            extras[call.extra] = content
        self._handset.packages.start(self._build.component, action=call.action, extras=extras)

    def _seen(self) -> tuple[Seen, ...]:
        return tuple(seen for seen in self._feed.seen(self._mark) if seen.event.turn == self.turn)

    def _answer(
        self, sending: tuple[int, int], done: AssistantEvent | None, watch: ScreenWatch | None, *, on_screen: bool
    ) -> Answer:
        if done is not None and done.event == "error":
            raise AssistantError(self._build.label, f"turn {self.turn}: {done.fields.get('message', 'error event')}")
        seen = self._seen()
        events = tuple(sorted((one.event for one in seen), key=lambda event: event.device_ns))
        told = next((event.fields.get("text") for event in events if event.event == "reply"), None)
        reply = str(told) if told is not None else self._reply_elsewhere(events, watch)
        if on_screen:
            reply = self._handset.ui.text(self._screen().reply) or ""
        return Answer(reply, None, events, Observed(sending, seen, watch.looks if watch is not None else ()))

    def _reply_elsewhere(self, events: tuple[AssistantEvent, ...], watch: ScreenWatch | None) -> str:
        """From the screen, else from the tokens; the log's fault where one of them is missing."""
        if watch is not None:
            return watch.reply
        if self._build.text.ui is not None:
            return self._handset.ui.text(self._build.text.ui.reply) or ""
        texts = {event.fields.get("n"): str(event.fields.get("text", "")) for event in events if event.event == "token"}
        numbers = range(1, len(texts) + 1)
        if any(number not in texts for number in numbers):
            raise HandsetError(self._handset.identity.name, f"its log has lost lines of turn {self.turn}")
        return "".join(texts[number] for number in numbers)

    def _looks_needed(self) -> bool:
        """Looking costs the handset something: only where its log does not tell enough."""
        return not self._build.told >= {"first_token", "reply"}

    # -- waiting -------------------------------------------------------------------------------------------------

    @property
    def _silence_s(self) -> float:
        return max(SILENCE_S / self._handset.time_scale, LEAST_SILENCE_S)

    def _host_s(self, within_s: float) -> float:
        return within_s / self._handset.time_scale + HOST_ALLOWANCE_S

    def _watch(self, watch: ScreenWatch, within_s: float) -> None:
        def told() -> bool:
            seen = self._seen()
            silent = bool(seen) and time.monotonic_ns() - seen[-1].host_ns > self._silence_s * 1e9
            ended = any(one.event.event in ("reply", "error") for one in seen)
            return ended or (silent and any(one.event.event in BEGUN for one in seen))

        if not watch.until(told, self._host_s(within_s)):
            raise self._no_answer("no reply on its screen", within_s)

    def _end(self, name: str, within_s: float) -> AssistantEvent | None:
        """The event that ends the turn; None where the log went silent after the reply had begun."""
        names = (name, "error")
        for left_s in self._time_given(within_s):
            deadline = time.monotonic() + left_s
            while (left_s := deadline - time.monotonic()) > 0:
                before = self._feed.mark()
                timeout_s = min(left_s, self._silence_s)
                done = self._feed.wait(names, since=self._mark, turn=self.turn, timeout_s=timeout_s)
                if done is None and self._feed.mark() == before and left_s > timeout_s:
                    done = self._caught_up(names, self.turn)
                    if done is None and self._died():
                        raise self._no_answer(f"no {name} event", within_s)
                    begun = any(seen.event.event in BEGUN for seen in self._seen())
                    if done is None and begun and self._feed.mark() == before:
                        return None
                if done is not None:
                    return done
        raise self._no_answer(f"no {name} event", within_s)

    def _await(self, names: tuple[str, ...], turn: int | None, within_s: float) -> AssistantEvent:
        for left_s in self._time_given(within_s):
            deadline = time.monotonic() + left_s
            while (left_s := deadline - time.monotonic()) > 0:
                timeout_s = min(left_s, self._silence_s)
                event = self._feed.wait(names, since=self._mark, turn=turn, timeout_s=timeout_s)
                event = event or self._caught_up(names, turn)
                if event is not None:
                    return event
                if self._died():
                    raise self._no_answer(f"no {names[0]} event", within_s)
        raise self._no_answer(f"no {names[0]} event", within_s)

    def _caught_up(self, names: tuple[str, ...], turn: int | None) -> AssistantEvent | None:
        """The event by a log that is followed anew: what stalls looks like a build that is silent."""
        self._feed.refresh()
        return self._feed.wait(names, since=self._mark, turn=turn, timeout_s=CATCH_UP_S)

    def _time_given(self, within_s: float) -> Iterator[float]:
        """Host times to wait, one after the other, until `within_s` have passed on the handset since the turn began.

        A busy host holds an emulated handset's time back: that is not the build's silence. HandsetError where its time
        hardly goes on.
        """
        yield self._host_s(within_s)
        for _ in range(EXTENSIONS):
            missing_s = within_s - (self._device_s() - self._began_s)
            if not self._handset.identity.emulated or missing_s <= 0:
                return
            yield self._host_s(missing_s)
        if within_s > self._device_s() - self._began_s:
            what = f"its time was held back: not {within_s:g} s of it in {1 + EXTENSIONS} times as long"
            raise HandsetError(self._handset.identity.name, what, "give this computer less to do, or a lower --speed")

    def _device_s(self) -> float:
        """Of an emulated handset its up-time; a phone's goes as ours does."""
        if not self._handset.identity.emulated:
            return time.monotonic()
        try:
            return float(self._handset.shell.run("cat", "/proc/uptime").text.split()[0])
        except (ValueError, IndexError):
            raise HandsetError(self._handset.identity.name, "/proc/uptime tells no time") from None

    def _await_screen(self, within_s: float) -> None:
        """Ready is what can be written to; a build without a screen is ready once it was started."""
        screen = self._build.text.ui
        if screen is not None:
            self._until(lambda: self._handset.ui.text(screen.input) is not None, within_s, "nothing to write in")

    def _await_cleared(self, within_s: float) -> None:
        screen = self._build.text.ui
        if screen is not None:
            self._until(lambda: not self._handset.ui.text(screen.reply), within_s, "its screen was not cleared")

    def _until(self, holds: Callable[[], bool], within_s: float, otherwise: str) -> None:
        deadline = time.monotonic() + self._host_s(within_s)
        while not holds():
            if time.monotonic() > deadline:
                raise self._no_answer(otherwise, within_s)
            time.sleep(POLL_S)

    def _no_answer(self, what: str, within_s: float) -> AssistantError:
        """The build's silence; HandsetError where Android itself has died meanwhile, and took the build along."""
        died = self._died()
        self._still_the_same_android()
        what = "its process died" if died else f"{what} within {within_s:g} s"
        return AssistantError(self._build.label, f"turn {self.turn}: {what}" if self.turn else what)

    def _died(self) -> bool:
        return self._handset.packages.pid(self._build.package) is None

    def _still_the_same_android(self) -> None:
        before, now = self._android, self._handset.android()
        if now.state != "up":
            raise HandsetError(self._handset.identity.name, str(now), "wait until it is up, or restart it")
        if before is not None and not now.same(before):
            what = (
                "it was restarted" if now.boot_id != before.boot_id else "its system_server died, and all apps with it"
            )
            raise HandsetError(self._handset.identity.name, what, "look at its log: the build is not to blame")
