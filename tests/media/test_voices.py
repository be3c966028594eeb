"""Who speaks."""

from __future__ import annotations

import pytest

from framework.contract.scenario import Language
from framework.media.tts import speak
from framework.media.voices import QUESTION_VOICES, REPLY_VOICES, TEMPLATE_VOICES


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nobody_hears_a_voice_that_is_his_own(language: Language) -> None:
    """Questions, replies and templates have different speakers, and eSpeak has them all."""
    voices = [QUESTION_VOICES[language], REPLY_VOICES[language], *TEMPLATE_VOICES[language]]
    assert len(set(voices)) == len(voices)
    assert all(speak("1", voice).duration_s > 0.1 for voice in voices)
