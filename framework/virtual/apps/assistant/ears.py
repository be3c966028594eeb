"""The microphone: sound in device time, the bounds of speech found in it, and what was said recognised from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from framework.virtual.apps.assistant import recognizer
from framework.virtual.apps.assistant.dialogue.state import Language

if TYPE_CHECKING:
    from framework.media.wav import Sound
    from framework.virtual.clock import DeviceClock
    from framework.virtual.physics import Physics
    from framework.virtual.system.files import FileSystem
    from framework.virtual.system.processes import Process

ENDPOINT_NS = 300_000_000
"""Silence after which speech counts as over."""

LEAD_IN_S = 0.3
"""Sound from before the speech that the recogniser is given too: what noise there is, it learns there."""

PATIENCE_NS = 3_000_000_000
"""How long the microphone waits for speech to begin before it gives up."""

FINAL_PASS_NS = 60_000_000
FINAL_PASS_SHARE = 0.05
"""What the last pass of a streaming recogniser takes after the endpoint: a constant and a share of the speech."""


class MicrophoneError(Exception):
    """There is no sound to hear; the message is for the user of the app."""


def read_sound(files: FileSystem, path: str) -> Sound:
    """The sound that is played to the microphone; MicrophoneError when it is missing or no 16-bit PCM WAV file."""
    from framework.media.wav import WavError, read_wav

    try:
        return read_wav(files.read(path))
    except OSError as error:
        raise MicrophoneError(f"No sound: {path}: {error.strerror}") from error
    except WavError as error:
        raise MicrophoneError(f"No sound: {path}: {error}") from error


def quiet() -> Sound:
    """What the microphone hears when nothing is played to it."""
    import numpy as np

    from framework.media.wav import Sound

    return Sound(np.zeros(1, np.float32), 16_000)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was made of the sound; `text` is None when nothing was understood. `at_ns` is when that was known."""

    text: str | None
    at_ns: int


@dataclass(frozen=True, slots=True)
class Ears:
    """`on_event(name, at_ns, seen_ns)` is told of speech_start and speech_end."""

    clock: DeviceClock
    physics: Physics
    process: Process
    on_event: Callable[[str, int, int], None]

    async def listen(self, sound: Sound, language: Language, start_ns: int) -> Heard:
        """Hear `sound`, which begins at `start_ns` and is followed by silence."""
        with self.physics.working("listen", self.process.pid):
            bounds = await self.clock.compute(partial(_speech_bounds, sound), start_ns)
            if bounds is None:
                return Heard(None, await self.clock.sleep_until(start_ns + _ns(sound.duration_s) + PATIENCE_NS))
            return await self._recognized(sound, language, start_ns, bounds)

    async def _recognized(self, sound: Sound, language: Language, start_ns: int, bounds: tuple[float, float]) -> Heard:
        """Recognition begins with the speech and is done at the end of the last pass; time waits for it there."""
        begin_ns, end_ns = start_ns + _ns(bounds[0]), start_ns + _ns(bounds[1])
        final_ns = end_ns + ENDPOINT_NS + FINAL_PASS_NS + int(FINAL_PASS_SHARE * (end_ns - begin_ns))
        heard = sound.cut(bounds[0] - LEAD_IN_S, bounds[1] + ENDPOINT_NS / 1e9)
        timers = [
            self.clock.at(begin_ns, lambda at: self.on_event("speech_start", at, at)),
            self.clock.at(end_ns + ENDPOINT_NS, lambda at: self.on_event("speech_end", end_ns, at)),
        ]
        try:
            text = await self.clock.compute(partial(recognizer.recognize, heard, language), final_ns)
        finally:
            for timer in timers:
                timer.cancel()
        return Heard(text, final_ns)


def _speech_bounds(sound: Sound) -> tuple[float, float] | None:
    from framework.media.levels import speech_bounds

    return speech_bounds(sound)


def _ns(seconds: float) -> int:
    return round(seconds * 1_000_000_000)
