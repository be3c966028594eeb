"""The recognisers of the assistant's phrases, one a language, built once in a process and shared by its handsets."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, get_args

from framework.virtual.apps.assistant.dialogue.state import Language
from framework.virtual.apps.assistant.phrases import phrases

if TYPE_CHECKING:
    from framework.media.recognize import PhraseRecognizer
    from framework.media.wav import Sound

_LANGUAGES: tuple[Language, ...] = get_args(Language)

VOICES: dict[Language, tuple[str, ...]] = {"en": ("en-us+m3", "en-gb-x-rp+f2"), "zh": ("cmn+m3", "cmn+f2")}
"""Voices that the phrases were learnt from."""


def warm() -> None:
    """Begin to build what is not built yet, in a thread; returns at once."""
    for language in _LANGUAGES:
        _building(language)


def wait_until_built() -> None:
    for language in _LANGUAGES:
        _building(language).result()


def recognize(sound: Sound, language: Language) -> str | None:
    """The phrase that was said; None when none is near enough. Blocks while the recogniser is being built."""
    return _building(language).result().recognize(sound).text


@cache
def _building(language: Language) -> Future[PhraseRecognizer]:
    """The recogniser of a language, under way; called in the event loop first, so that there is one."""
    executor = ThreadPoolExecutor(1, thread_name_prefix=f"ears-{language}")
    building = executor.submit(_build, language)
    executor.shutdown(wait=False)
    return building


def _build(language: Language) -> PhraseRecognizer:
    from framework.media.recognize import PhraseRecognizer
    from framework.media.tts import speak

    said = {phrase: [speak(phrase, voice) for voice in VOICES[language]] for phrase in phrases(language)}
    return PhraseRecognizer(said)
