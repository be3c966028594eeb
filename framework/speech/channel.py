"""The audio channel `file`: the question goes to the handset as a WAV file, the reply comes back as one.

Repeatable, unlike a loudspeaker before a microphone; the assistant must offer it (`voice` in build.yaml).
"""

from __future__ import annotations

from framework.contract.build import BuildSpec, VoiceChannel
from framework.contract.capabilities import Handset
from framework.contract.errors import AssistantError
from framework.media.wav import Sound, WavError, read_wav, wav_bytes

QUESTION = "question.wav"


class FileChannel:
    """Speaks to one build on one handset."""

    def __init__(self, handset: Handset, build: BuildSpec, voice: VoiceChannel) -> None:
        self._handset, self._build, self._voice = handset, build, voice
        handset.files.mkdir(voice.inbox)

    def ask(self, sound: Sound, language: str, turn: int) -> None:
        """Let the assistant listen to `sound`; returns as soon as it was told to.

        What was said in the same turn of an earlier conversation is removed, so that it cannot pass for the answer.
        """
        path = f"{self._voice.inbox.rstrip('/')}/{QUESTION}"
        self._handset.files.remove(self._reply_path(turn))
        self._handset.files.push(wav_bytes(sound), path)
        listen = self._voice.listen
        extras: dict[str, str | int | bool] = {"lang": language, "turn": turn, listen.extra: path}
        self._handset.packages.start(self._build.component, action=listen.action, extras=extras)

    def reply(self, turn: int) -> Sound | None:
        """What was said in that turn; None where the assistant left no sound."""
        path = self._reply_path(turn)
        if self._handset.files.stat(path) is None:
            return None
        try:
            return read_wav(self._handset.files.read(path))
        except WavError as error:
            raise AssistantError(self._build.label, f"its reply {path} is no WAV file: {error}") from None

    def _reply_path(self, turn: int) -> str:
        return self._voice.reply_audio.replace("{turn}", str(turn))
