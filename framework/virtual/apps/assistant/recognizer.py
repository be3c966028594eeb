"""The recognisers of the assistant's phrases, one a language, built once in a process and shared by its handsets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from framework.virtual.apps.assistant.dialogue.state import Language
from framework.virtual.apps.assistant.phrases import phrases

if TYPE_CHECKING:
    from framework.media.recognize import PhraseRecognizer, Template
    from framework.media.wav import Sound

    Recognizers = Mapping[Language, PhraseRecognizer]

_LANGUAGES: tuple[Language, ...] = get_args(Language)


def warm() -> None:
    """Begin to build the recognisers in a thread, if they are not there; returns at once. Called in the event loop."""
    _building()


def wait_until_built() -> None:
    _building().result()


def recognize(sound: Sound, language: Language) -> str | None:
    """The phrase that was said; None when none is near enough. Blocks while the recognisers are being built."""
    return _building().result()[language].recognize(sound).text


@cache
def _building() -> Future[Recognizers]:
    executor = ThreadPoolExecutor(1, thread_name_prefix="ears")
    building = executor.submit(_build)
    executor.shutdown(wait=False)
    return building


def _build() -> Recognizers:
    from framework.media.recognize import PhraseRecognizer

    templates = _templates()
    recognizers = {
        language: PhraseRecognizer([template for template in templates if template.language == language])
        for language in _LANGUAGES
    }
    _exercise(recognizers)
    return recognizers


def _exercise(recognizers: Recognizers) -> None:
    """Hear something once, so that the first question does not wait for libraries to be loaded."""
    from framework.media.tts import speak
    from framework.media.voices import REPLY_VOICES

    for language, recognizer in recognizers.items():
        recognizer.recognize(speak(phrases(language)[0], REPLY_VOICES[language]))


def _templates() -> tuple[Template, ...]:
    """From the user's cache (XDG Base Directory Specification), or made anew where it cannot be written."""
    from framework.media.templates import cached_templates, make_templates

    wanted = {language: phrases(language) for language in _LANGUAGES}
    folder = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "pocketfarm"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return cached_templates(folder, wanted)
    except OSError:
        return make_templates(wanted)
