"""The spoken reply: sentence by sentence, as soon as each is there, played without overlap and kept as a WAV file."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from framework.virtual.apps.assistant.dialogue.state import Language

if TYPE_CHECKING:
    from framework.media.wav import Sound
    from framework.virtual.clock import DeviceClock
    from framework.virtual.physics import Physics
    from framework.virtual.system.files import FileSystem
    from framework.virtual.system.processes import Process

REPLIES_DIR = "/sdcard/Android/data/org.pocketfarm.assistant/files"

SYNTHESIS_NS = 90_000_000
"""From a sentence's last token to the first sound of it, of a streaming synthesiser."""

_SENTENCE = re.compile(r".+?(?:[.!?](?=\s|$)|[。！？]|$)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`last_token` is the number of the token that completes it."""

    text: str
    last_token: int


def sentences(tokens: Sequence[str]) -> tuple[Sentence, ...]:
    """The sentences of a reply, and with which token each is whole."""
    ends = [0]
    for token in tokens:
        ends.append(ends[-1] + len(token))
    found = _SENTENCE.finditer("".join(tokens))
    return tuple(
        Sentence(
            match[0].strip(), next(n for n, end in enumerate(ends) if end >= len(match[0].rstrip()) + match.start())
        )
        for match in found
        if match[0].strip()
    )


@dataclass(slots=True)
class Voice:
    """Speaks one reply. Sentences are handed over in order; `on_first(ns)` is told of the first sound."""

    clock: DeviceClock
    physics: Physics
    process: Process
    language: Language
    on_first: Callable[[int], None]
    _played: list[tuple[int, Sound]] = field(default_factory=list)
    _sentences: asyncio.Queue[tuple[str, int] | None] = field(default_factory=asyncio.Queue)

    def hand_over(self, text: str, at_ns: int) -> None:
        """A sentence that was whole at `at_ns`."""
        self._sentences.put_nowait((text, at_ns))

    def finish(self) -> None:
        """No more sentences will come."""
        self._sentences.put_nowait(None)

    async def speak(self) -> tuple[Sound, int]:
        """Play all sentences; returns what was heard from the first sound on, and when it ended."""
        end_ns = 0
        with ExitStack() as busy:
            while (sentence := await self._sentences.get()) is not None:
                text, whole_ns = sentence
                ready_ns = whole_ns + SYNTHESIS_NS
                sound = await self.clock.compute(partial(_synthesize, text, self.language), ready_ns)
                begin_ns = max(ready_ns, end_ns)
                if not self._played:
                    busy.enter_context(self.physics.working("speak", self.process.pid))
                    self.on_first(begin_ns)
                self._played.append((begin_ns, sound))
                end_ns = begin_ns + round(sound.duration_s * 1_000_000_000)
            return self._mixed(), await self.clock.sleep_until(end_ns)

    def _mixed(self) -> Sound:
        """What was played on one track, silence where nothing was."""
        import numpy as np

        from framework.media.wav import Sound

        rate, first_ns = self._played[0][1].rate, self._played[0][0]
        pieces: list[Sound] = [sound for _, sound in self._played]
        starts = [round((begin_ns - first_ns) * rate / 1_000_000_000) for begin_ns, _ in self._played]
        track = np.zeros(
            max(start + len(piece.samples) for start, piece in zip(starts, pieces, strict=True)), np.float32
        )
        for start, piece in zip(starts, pieces, strict=True):
            track[start : start + len(piece.samples)] = piece.samples
        return Sound(track, rate)


def _synthesize(text: str, language: Language) -> Sound:
    from framework.media.tts import speak
    from framework.media.voices import REPLY_VOICES

    return speak(text, REPLY_VOICES[language])


def save_reply(files: FileSystem, turn: int, sound: Sound) -> str:
    """Keep a spoken reply in the app's directory on shared storage; returns its path."""
    from framework.media.wav import wav_bytes

    path = f"{REPLIES_DIR}/reply-{turn}.wav"
    files.write(path, wav_bytes(sound), mode=0o660)
    return path
