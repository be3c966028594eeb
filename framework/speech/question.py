"""The sound of a spoken question: synthesised, in a quiet or a noisy room, the same in every run."""

from __future__ import annotations

from framework.contract.scenario import Speech
from framework.media.noise import add_floor, add_noise
from framework.media.tts import speak
from framework.media.voices import QUESTION_VOICES
from framework.media.wav import Sound

BEFORE_S, AFTER_S = 0.3, 0.6
"""Room sound before and after the question, as a listening microphone has it."""

SEED = 20
"""Of the noise: one room for all questions, so that two builds are asked in the same one."""


class QuestionVoice:
    """Says questions; one that was said before is not synthesised again."""

    def __init__(self) -> None:
        self._said: dict[Speech, Sound] = {}

    def say(self, question: Speech) -> Sound:
        """16 kHz, with the noise that was asked for or the floor of a quiet room."""
        if question not in self._said:
            self._said[question] = _spoken(question)
        return self._said[question]


def _spoken(question: Speech) -> Sound:
    sound = speak(question.text, QUESTION_VOICES[question.language]).padded(BEFORE_S, AFTER_S)
    if question.noise is None:
        return add_floor(sound, SEED)
    return add_noise(sound, question.noise.kind, question.noise.snr_db, SEED)
